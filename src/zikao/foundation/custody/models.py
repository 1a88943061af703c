"""The keys of this node as the ledger knows them; the keys themselves are files that the database never sees."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.foundation.custody.states import KeyKind, KeyState


class NodeKey(models.Model):
    """One secret key: since when it is used, put aside when nothing needed it any more, destroyed by two people."""

    kind = models.CharField("种类", max_length=5, choices=KeyKind.choices)
    number = models.PositiveSmallIntegerField("序号")
    key_id = models.CharField("编号", max_length=16, unique=True, db_collation="C")
    state = models.CharField("状态", max_length=9, choices=KeyState.choices, default=KeyState.HELD)
    added_at = models.DateTimeField("启用时间")
    retired_at = models.DateTimeField("停用时间", null=True)
    destroyed_at = models.DateTimeField("销毁时间", null=True)
    approval_id = models.BigIntegerField("销毁审批", null=True)

    class Meta:
        ordering = ["kind", "number"]
        verbose_name = "密钥"
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="node_key_numbered"),
            models.CheckConstraint(
                condition=~Q(state="destroyed") | Q(destroyed_at__isnull=False, approval_id__isnull=False),
                name="node_key_destroyed_by_approval",
            ),
            models.CheckConstraint(
                condition=Q(state="held", retired_at=None) | ~Q(state="held") & Q(retired_at__isnull=False),
                name="node_key_put_aside_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{KeyKind(self.kind).label} {self.number:04d}-{self.key_id}"
