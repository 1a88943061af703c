"""Candidates, their admission numbers, suspensions, pledges and integrity file.

ID numbers, phones and addresses stand sealed (SM4-GCM); the ID number also as a keyed index for look-up.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.candidates.states import CandidateState, IntegrityKind, Sex, SuspensionSource

ID_NUMBER = sealed_field("candidates.Candidate", "id_number_sealed", title="考生身份证件号码", index="id_number_index")
PHONE = sealed_field("candidates.Candidate", "phone_sealed", title="考生联系电话")
ADDRESS = sealed_field("candidates.Candidate", "address_sealed", title="考生通信地址")
SUSPENDED_NUMBER = sealed_field(
    "candidates.Suspension", "id_number_sealed", title="停考人员身份证件号码", index="id_number_index"
)


class Candidate(models.Model):
    """A person registered in this province under one admission number (准考证号)."""

    admission_number = models.CharField("准考证号", max_length=12, unique=True, db_collation="C")
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices)
    born_on = models.DateField("出生日期")
    ethnic = models.CharField("民族", max_length=2, default="01")
    id_number_sealed = models.BinaryField("身份证件号码（密文）")
    id_number_index = models.BinaryField("身份证件号码索引", unique=True, max_length=32)
    phone_sealed = models.BinaryField("联系电话（密文）", null=True)
    address_sealed = models.BinaryField("通信地址（密文）", null=True)
    portrait = models.CharField("照片", max_length=64, blank=True)
    agency_code = models.CharField("报名县（区）", max_length=12, db_collation="C", db_index=True)
    major = models.ForeignKey("programmes.Major", on_delete=models.PROTECT, related_name="candidates")
    first_sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="new_candidates")
    rules_accepted_at = models.DateTimeField("接受《考场规则》时间")
    fee_fen = models.IntegerField("报名费（分）", default=0)
    registered_at = models.DateTimeField("注册时间")
    state = models.CharField("状态", max_length=12, choices=CandidateState.choices, default=CandidateState.REGISTERED)

    class Meta:
        ordering = ["admission_number"]
        constraints = [
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
        ordering = ["county_code", "year", "sitting_digit"]
        constraints = [
            models.UniqueConstraint(fields=["county_code", "year", "sitting_digit"], name="counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.county_code} {self.year}-{self.sitting_digit}: {self.last}"


class Suspension(models.Model):
    """A person may neither register nor enter from a day until a day (exclusive), wherever it was ordered."""

    id_number_sealed = models.BinaryField("身份证件号码（密文）")
    id_number_index = models.BinaryField("身份证件号码索引", max_length=32, db_index=True)
    since_on = models.DateField("起")
    until_on = models.DateField("止")
    source = models.CharField("来源", max_length=10, choices=SuspensionSource.choices)
    reference = models.CharField("决定文号", max_length=80)
    agency_code = models.CharField("作出机构", max_length=12, db_collation="C", blank=True)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["-until_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gt=F("since_on")), name="suspension_ends_after_start"),
            models.UniqueConstraint(fields=["id_number_index", "reference"], name="suspension_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}（{self.since_on}—{self.until_on}）"


class Pledge(models.Model):
    """The integrity pledge (诚信考试承诺书) that a candidate signed for a sitting."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="pledges")
    sitting = models.ForeignKey("programmes.Sitting", on_delete=models.PROTECT, related_name="pledges")
    text_digest = models.CharField("承诺书摘要", max_length=64)
    accepted_at = models.DateTimeField("承诺时间")

    class Meta:
        ordering = ["-accepted_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "sitting"], name="pledge_once_a_sitting"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.sitting_id}"


class IntegrityEntry(models.Model):
    """A line of the integrity file (诚信档案): the database refuses to change or delete it."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="integrity_entries")
    kind = models.CharField("类别", max_length=12, choices=IntegrityKind.choices)
    code = models.CharField("代码", max_length=20)
    text = models.CharField("内容", max_length=400)
    at = models.DateTimeField("记入时间")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"
