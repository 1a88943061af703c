"""How exam staff kept discipline: breaches and commendations, never changed, only annulled by a later line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.stages.personnel.models.people import Person
from zikao.stages.personnel.states import ConductKind


class ConductRecord(models.Model):
    """A breach or a commendation of a person in a sitting, by whom, on what evidence (append-only)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="conduct")
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    kind = models.CharField("类别", max_length=14, choices=ConductKind.choices)
    code = models.CharField("行为", max_length=20, blank=True)
    serious = models.BooleanField("情节严重", default=False)
    text = models.CharField("事实", max_length=400)
    evidence = models.CharField("证据", max_length=200)
    evidence_file = models.CharField("证据文件", max_length=64, blank=True)
    recorded_by = models.CharField("登记人", max_length=60)
    recorded_post = models.CharField("登记人岗位", max_length=30)
    happened_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("登记时间")
    annuls = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="annulled_by")
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C")

    class Meta:
        ordering = ["-recorded_at", "-id"]
        verbose_name = "履职记录"
        indexes = [models.Index(fields=["agency_code", "id"], name="conduct_agency")]
        constraints = [
            models.CheckConstraint(condition=Q(kind="breach") | Q(serious=False), name="conduct_serious_is_breach"),
            models.CheckConstraint(condition=~Q(evidence=""), name="conduct_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_code} {self.get_kind_display()}"
