"""National learning accounts (学习账户): one a person, with the admission numbers of all provinces; suspensions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.foundation.secrecy import sealed_field
from zikao.national.states import AccountState, ReviewKind, ReviewState

PERSON = sealed_field(
    "national.LearningAccount", "id_number_sealed", title="学习账户身份证件号码", index="id_number_index"
)
ORDERED_FOR = sealed_field(
    "national.NationalSuspension", "id_number_sealed", title="全国停考人员身份证件号码", index="id_number_index"
)


class LearningAccount(models.Model):
    """A person's account. One that was merged keeps its ID number, which then leads to the account it went into."""

    number = models.CharField("学习账号", max_length=24, unique=True, db_collation="C")
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=1)
    born_on = models.DateField("出生日期")
    id_number_sealed = models.BinaryField("身份证件号码（密文）")
    id_number_index = models.BinaryField("身份证件号码索引", max_length=32, null=True, unique=True)
    state = models.CharField("状态", max_length=8, choices=AccountState.choices, default=AccountState.ACTIVE)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_from")
    opened_at = models.DateTimeField("建立时间")

    class Meta:
        ordering = ["number"]
        verbose_name = "学习账户"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", merged_into=None) | Q(state="merged", merged_into__isnull=False),
                name="learning_account_merged_somewhere",
            )
        ]

    def __str__(self) -> str:
        return self.number


class AccountCounter(models.Model):
    """The last serial given in a year."""

    year = models.SmallIntegerField("年度", unique=True)
    last = models.BigIntegerField("已用序号", default=0)

    class Meta:
        verbose_name = "学习账户编号"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class LinkedNumber(models.Model):
    """An admission number of a province under its person's account, with what the province reports of it (SR-5.2)."""

    account = models.ForeignKey(LearningAccount, on_delete=models.PROTECT, related_name="numbers")
    province = models.CharField("省份代码", max_length=2, db_collation="C")
    admission_number = models.CharField("准考证号", max_length=12, db_collation="C")
    county_code = models.CharField("报名县（区）", max_length=12, db_collation="C")
    major_code = models.CharField("专业代码", max_length=7, db_collation="C")
    first_sitting = models.CharField("首次报考", max_length=7, db_collation="C")
    state = models.CharField("省内状态", max_length=12)
    registered_at = models.DateTimeField("注册时间")
    passes = models.PositiveSmallIntegerField("合格课程门数", default=0)
    gathered_at = models.DateTimeField("最近归集时间")
    note = models.CharField("说明", max_length=120, blank=True)

    class Meta:
        ordering = ["province", "admission_number"]
        verbose_name = "归集的准考证号"
        constraints = [
            models.UniqueConstraint(fields=["province", "admission_number"], name="linked_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.admission_number}"


class GatheredFrom(models.Model):
    """A province's batch of base record information: how many came, how many were taken, who was new."""

    province = models.CharField("省份代码", max_length=2, db_collation="C")
    batch = models.BigIntegerField("省内批号")
    kind = models.CharField("内容", max_length=14)
    count = models.PositiveIntegerField("人数")
    opened = models.PositiveIntegerField("新建账户", default=0)
    linked = models.PositiveIntegerField("新并入号码", default=0)
    renewed = models.PositiveIntegerField("更新号码", default=0)
    on_record = models.PositiveIntegerField("该省在籍人数")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = "基础信息归集批次"
        constraints = [
            models.UniqueConstraint(fields=["province", "batch"], name="gathered_once"),
            models.CheckConstraint(
                condition=Q(count=models.F("linked") + models.F("renewed")), name="gathered_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.batch}"


class NationalSuspension(models.Model):
    """A suspension that a province ordered, known to all."""

    id_number_sealed = models.BinaryField("身份证件号码（密文）")
    id_number_index = models.BinaryField("身份证件号码索引", max_length=32, db_index=True)
    province = models.CharField("作出省份", max_length=2, db_collation="C")
    reference = models.CharField("决定文号", max_length=80)
    since_on = models.DateField("起")
    until_on = models.DateField("止（不含）")
    lifted_by = models.CharField("提前解除的依据", max_length=80, blank=True)
    told = models.PositiveSmallIntegerField("告知省份数")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = "全国停考名单"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "reference", "id_number_index"], name="national_suspension_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class AccountReview(models.Model):
    """A merging of two accounts, or a number taken out of one, put before the centre's second pair of eyes."""

    kind = models.CharField("事项", max_length=8, choices=ReviewKind.choices)
    account = models.ForeignKey(LearningAccount, on_delete=models.PROTECT, related_name="reviews")
    other = models.ForeignKey(LearningAccount, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(LinkedNumber, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField("理由", max_length=300)
    evidence = models.CharField("材料", max_length=64)
    state = models.CharField("状态", max_length=10, choices=ReviewState.choices, default=ReviewState.PROPOSED)
    approval_id = models.BigIntegerField("审批", null=True)
    proposed_at = models.DateTimeField("提出时间")
    closed_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        verbose_name = "学习账户审核"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="merge", other__isnull=False, link=None)
                | Q(kind="unlink", link__isnull=False, other=None),
                name="account_review_names_its_object",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="proposed"), name="account_review_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
