"""The register of candidates: the person, and the counter that gives admission numbers.

ID numbers, phones and addresses stand sealed (SM4-GCM); the ID number also as a keyed index for look-up.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate

from zikao.foundation.secrecy import sealed_field
from zikao.stages.candidates.states import AccountState, CandidateState, DocumentKind, Sex

ID_NUMBER = sealed_field("candidates.Candidate", "id_number_sealed", title="考生身份证件号码", index="id_number_index")
PHONE = sealed_field("candidates.Candidate", "phone_sealed", title="考生联系电话")
ADDRESS = sealed_field("candidates.Candidate", "address_sealed", title="考生通信地址")


class Candidate(models.Model):
    """A person registered in this province under one admission number (准考证号)."""

    admission_number = models.CharField("准考证号", max_length=12, db_collation="C")
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices)
    born_on = models.DateField("出生日期")
    ethnic = models.CharField("民族", max_length=2, default="01")
    id_number_sealed = models.BinaryField("身份证件号码（密文）")
    id_number_index = models.BinaryField("身份证件号码索引", unique=True, max_length=32)
    phone_sealed = models.BinaryField("联系电话（密文）", null=True)
    address_sealed = models.BinaryField("通信地址（密文）", null=True)
    portrait = models.CharField("照片", max_length=64, blank=True)
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C")
    major = models.ForeignKey("programmes.Major", on_delete=models.PROTECT, related_name="candidates")
    first_sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="new_candidates")
    rules_accepted_at = models.DateTimeField("接受《考场规则》时间")
    fee_fen = models.IntegerField("报名费（分）", default=0)
    registered_at = models.DateTimeField("注册时间")
    state = models.CharField("状态", max_length=12, choices=CandidateState.choices, default=CandidateState.REGISTERED)
    document_kind = models.CharField(
        "证件种类",
        max_length=16,
        choices=DocumentKind.choices,
        default=DocumentKind.RESIDENT,
        db_default=DocumentKind.RESIDENT.value,
    )
    account_state = models.CharField(
        "学习账户",
        max_length=8,
        choices=AccountState.choices,
        default=AccountState.AWAITING,
        db_default=AccountState.AWAITING.value,
    )
    learning_number = models.CharField(
        "学习账号", max_length=24, blank=True, default="", db_default="", db_collation="C"
    )
    elsewhere = models.CharField("另有考籍的省份", max_length=120, blank=True, default="", db_default="")
    passes_reported = models.SmallIntegerField("已报送合格课程门数", default=0, db_default=0)
    tutoring_institution = models.ForeignKey(
        "agencies.TutoringInstitution", on_delete=models.PROTECT, null=True, blank=True, related_name="candidates"
    )

    class Meta:
        verbose_name = "考生"
        ordering = ["admission_number"]
        indexes = [
            models.Index(
                fields=["account_state", "id"], condition=~Q(account_state="linked"), name="candidate_not_yet_linked"
            ),
            models.Index(fields=["agency_code", "id"], name="candidate_by_agency"),
            models.Index(fields=["agency_code", "id"], condition=~Q(elsewhere=""), name="candidate_elsewhere"),
            models.Index(fields=["state", "agency_code", "id"], name="candidate_by_state"),
            # counted and sorted within an agency without a look at the rows themselves
            models.Index(Collate("name", "C"), "agency_code", "id", name="candidate_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["admission_number"], include=["agency_code", "id"], name="candidate_number_once"
            ),
            models.CheckConstraint(
                condition=Q(admission_number__regex=r"^[0-9]{12}$"), name="candidate_admission_number_digits"
            ),
            models.CheckConstraint(condition=Q(fee_fen__gte=0), name="candidate_fee_not_negative"),
            models.CheckConstraint(condition=Q(sex__in=["1", "2"]), name="candidate_sex_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.admission_number}）"


class AdmissionCounter(models.Model):
    """The last serial given in a county for a year and sitting; one UPDATE takes the next, so there is no gap."""

    county_code = models.CharField("县（区）", max_length=12, db_collation="C")
    year = models.SmallIntegerField("年度号")
    sitting_digit = models.SmallIntegerField("考次")
    last = models.IntegerField("已用序号", default=0)

    class Meta:
        verbose_name = "准考证编号"
        ordering = ["county_code", "year", "sitting_digit"]
        constraints = [
            models.UniqueConstraint(fields=["county_code", "year", "sitting_digit"], name="counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.county_code} {self.year}-{self.sitting_digit}: {self.last}"
