"""Secret matters with their class, who opened them, and who saw personal data in full."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.foundation.secrecy.states import Level, RevealReason, SecretKind


class Secret(models.Model):
    """One matter under a class; the database lets it be lowered by the publication of its sitting and no other way."""

    kind = models.CharField("事项", max_length=10, choices=SecretKind.choices)
    subject = models.CharField("对象", max_length=60, db_collation="C")
    title = models.CharField("名称", max_length=120)
    sitting_code = models.CharField("考次", max_length=7, db_collation="C")
    level = models.CharField("密级", max_length=12, choices=Level.choices)
    clause = models.CharField("依据", max_length=20)
    since_at = models.DateTimeField("定密时间")
    lowered_at = models.DateTimeField("解密时间", null=True)
    lowered_by = models.CharField("解密依据", max_length=60, blank=True)
    lowered_by_account = models.BigIntegerField("经办账号", null=True)

    class Meta:
        ordering = ["-sitting_code", "kind", "id"]
        verbose_name = "涉密事项"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="secret_once"),
            models.CheckConstraint(
                condition=Q(lowered_at=None, lowered_by="") | Q(lowered_at__isnull=False) & ~Q(lowered_by=""),
                name="secret_lowered_by_an_act",
            ),
        ]
        indexes = [models.Index(fields=["sitting_code", "kind"], name="secret_sitting")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"

    @property
    def is_secret(self) -> bool:
        """Whether the class still stands."""
        return self.lowered_at is None


class SecretAccess(models.Model):
    """One opening of a secret matter, or the refusal of one (append-only)."""

    secret = models.ForeignKey(Secret, on_delete=models.PROTECT, null=True, related_name="accesses")
    kind = models.CharField("事项", max_length=10, choices=SecretKind.choices)
    subject = models.CharField("对象", max_length=60, db_collation="C")
    what = models.CharField("做什么", max_length=60)
    granted = models.BooleanField("准许")
    code = models.CharField("拒绝原因", max_length=40, blank=True)
    account_id = models.BigIntegerField("账号", null=True)
    name = models.CharField("姓名", max_length=60)
    post = models.CharField("岗位", max_length=30)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "涉密接触记录"

    def __str__(self) -> str:
        return f"{self.name} {self.what}"


class Reveal(models.Model):
    """Somebody saw a piece of personal data in full: who, whose, what, why (append-only)."""

    field = models.CharField("内容", max_length=60, db_collation="C")
    title = models.CharField("内容名称", max_length=30)
    subject = models.CharField("对象", max_length=60, db_collation="C")
    reason_code = models.CharField("事由", max_length=12, choices=RevealReason.choices)
    reason = models.CharField("事由说明", max_length=200)
    account_id = models.BigIntegerField("账号", null=True)
    name = models.CharField("姓名", max_length=60)
    post = models.CharField("岗位", max_length=30)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "查看完整信息记录"
        indexes = [models.Index(fields=["account_id", "at"], name="reveal_account_at")]

    def __str__(self) -> str:
        return f"{self.name} {self.title}"
