"""What proves a person beside the password: dynamic codes, passkeys, recovery codes; and how a lost one is reset."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zikao.foundation.access.models.accounts import Account
from zikao.foundation.access.states import ResetReason, ResetState


class TotpDevice(models.Model):
    """The secret that an account shares with its authenticator (RFC 6238), sealed; each step counts once."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="totp")
    secret_sealed = models.BinaryField("密钥（密封）")
    since_at = models.DateTimeField("设置时间")
    last_step = models.BigIntegerField("用过的最后一步", default=-1)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = "动态码设备"
        ordering = ["account_id"]

    def __str__(self) -> str:
        return f"动态码 {self.account_id}"


class Passkey(models.Model):
    """A key pair whose private half never leaves the person's device (WebAuthn)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="passkeys")
    name = models.CharField("名称", max_length=40)
    credential_id = models.BinaryField("凭据号", unique=True)
    public_key = models.BinaryField("公钥")
    sign_count = models.BigIntegerField("签名计数", default=0)
    since_at = models.DateTimeField("设置时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = "通行密钥"
        ordering = ["account_id", "id"]

    def __str__(self) -> str:
        return f"通行密钥 {self.name}"


class RecoveryCode(models.Model):
    """A code on paper for the day the device is lost: kept as a keyed digest, used once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="recovery_codes")
    digest = models.BinaryField("摘要")
    since_at = models.DateTimeField("发给时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "备用码"
        ordering = ["account_id", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"备用码 {self.pk}"


class FactorReset(models.Model):
    """That somebody's second factors are taken away: asked by a security administrator, confirmed by another."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="factor_resets")
    reason = models.CharField("原因", max_length=10, choices=ResetReason.choices)
    state = models.CharField("状态", max_length=10, choices=ResetState.choices, default=ResetState.ASKED)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    class Meta:
        verbose_name = "第二重验证重置申请"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("account")), name="factor_reset_not_for_oneself"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("account")) & ~Q(decided_by=F("asked_by")),
                name="factor_reset_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="factor_reset_decided",
            ),
            models.UniqueConstraint(fields=["account"], condition=Q(state="asked"), name="factor_reset_one_open"),
        ]

    def __str__(self) -> str:
        return f"重置第二重验证 {self.pk}"
