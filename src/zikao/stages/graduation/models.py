"""Applications for graduation, the roster of a batch, and the certificates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.agencies.models import School
from zikao.stages.graduation.states import ApplicationState


class Application(models.Model):
    """A candidate's application to graduate from one plan in one batch.

    `school` is the examining school of the candidate's prefecture when the application was taken in.
    """

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="applications")
    plan = models.ForeignKey("programmes.Plan", on_delete=models.PROTECT, related_name="applications")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="applications")
    batch_on = models.DateField("发证日期（批次）")
    state = models.CharField(
        "状态", max_length=12, choices=ApplicationState.choices, default=ApplicationState.SUBMITTED
    )
    appraisal_passed = models.BooleanField("思想品德鉴定合格")
    prior_certificate = models.CharField("专科（或以上）学历证书编号", max_length=40, blank=True)
    prior_verified = models.BooleanField("学历证书已核验", default=False)
    credits = models.PositiveSmallIntegerField("学分")
    courses = models.PositiveSmallIntegerField("课程门数")
    submitted_at = models.DateTimeField("受理时间")
    submitted_by = models.BigIntegerField("受理人账号", null=True)
    reviewed_at = models.DateTimeField("地市审核时间", null=True)
    reviewed_by = models.BigIntegerField("地市审核人账号", null=True)
    approved_at = models.DateTimeField("省级审定时间", null=True)
    confirmed_at = models.DateTimeField("主考学校审定时间", null=True)
    returned_reason = models.CharField("不予办理的理由", max_length=300, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        verbose_name = "毕业申请"
        ordering = ["-batch_on", "candidate__admission_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "plan"], condition=~Q(state="returned"), name="application_once_a_plan"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_reason=""), name="returned_application_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"毕业申请 {self.candidate_id}（{self.batch_on}）"


class Roster(models.Model):
    """毕业生名册 of one batch: frozen, printed in three copies."""

    batch_on = models.DateField("发证日期（批次）", unique=True)
    count = models.PositiveIntegerField("人数")
    digest = models.CharField("名册摘要", max_length=64)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "毕业生名册"
        ordering = ["-batch_on"]

    def __str__(self) -> str:
        return f"毕业生名册 {self.batch_on}"


class GraduationCertificate(models.Model):
    """毕业证书: one a graduate and plan; never issued twice."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="certificate")
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField("证书编号", max_length=20, unique=True, db_collation="C")
    issued_on = models.DateField("发证日期")
    made_at = models.DateTimeField("制证时间")
    registered_at = models.DateTimeField("电子注册时间", null=True)
    handed_out_at = models.DateTimeField("发证时间", null=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", db_index=True)

    class Meta:
        verbose_name = "毕业证书"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_out_at__isnull=True) | Q(registered_at__isnull=False),
                name="certificate_registered_before_handed_out",
            )
        ]

    def __str__(self) -> str:
        return self.number
