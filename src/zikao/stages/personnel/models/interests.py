"""Interests in a sitting: family and pupils as either side declares them, signs in the data, who must keep away."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.foundation.secrecy import sealed_field
from zikao.stages.personnel.models.people import Person
from zikao.stages.personnel.states import FlagKind, FlagState, InterestKind, Relation

KIN_NUMBER = sealed_field("personnel.Kin", "id_number_sealed", title="申报的亲属证件号码", index="id_number_index")


class Declaration(models.Model):
    """A relative among the candidates of a sitting, or another interest, as the person declares it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="declarations")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    kind = models.CharField("事项", max_length=10, choices=InterestKind.choices)
    declared_at = models.DateTimeField("申报时间")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawal_reason = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        ordering = ["person_id", "sitting_code", "id"]
        verbose_name = "回避申报"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "sitting_code", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="declaration_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.get_kind_display()}"


class Kin(models.Model):
    """A relative or pupil whom a member of staff, or a candidate, declares; it holds for every sitting until withdrawn.

    Exactly one of `person` and `candidate_id` declares. `agency_code` is the declaring side's agency.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="kin")
    candidate_id = models.BigIntegerField("申报考生", null=True, blank=True, db_index=True)
    relation = models.CharField("关系", max_length=12, choices=Relation.choices)
    name = models.CharField("姓名", max_length=60)
    id_number_sealed = models.BinaryField("证件号码（密文）")
    id_number_index = models.BinaryField("证件号码索引", db_index=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")
    declared_at = models.DateTimeField("申报时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "亲属申报"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, candidate_id__isnull=True)
                | Q(person__isnull=True, candidate_id__isnull=False),
                name="kin_of_one_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()}{self.name}"


class InterestFlag(models.Model):
    """Something in the data that speaks for an interest of a person in a sitting; the area decides.

    `agency_code` is the person's agency. The candidate is named by id only.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="flags")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    candidate_id = models.BigIntegerField("考生")
    candidate_agency = models.CharField("考生报名机构", max_length=12, db_collation="C")
    kind = models.CharField("发现", max_length=14, choices=FlagKind.choices)
    relation = models.CharField("关系", max_length=12, choices=Relation.choices, blank=True)
    state = models.CharField("状态", max_length=10, choices=FlagState.choices, default=FlagState.OPEN)
    reason = models.CharField("认定理由", max_length=200, blank=True)
    found_at = models.DateTimeField("发现时间")
    decided_at = models.DateTimeField("认定时间", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["sitting_code", "id"]
        verbose_name = "回避线索"
        indexes = [models.Index(fields=["agency_code", "id"], name="flag_agency")]
        constraints = [
            models.UniqueConstraint(fields=["person", "sitting_code", "candidate_id", "kind"], name="flag_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_at__isnull=False) & ~Q(reason=""),
                name="flag_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.get_kind_display()}"
