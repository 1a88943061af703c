"""Where an account is signed in, and the journal of coming and going, which only grows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zikao.foundation.access.models.accounts import Account
from zikao.foundation.access.states import FactorKind, SessionEnd, SignInEvent
from zikao.foundation.clock import LOCAL


class LiveSession(models.Model):
    """One browser in which an account is signed in; the session's key is kept as a digest."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="live_sessions")
    key_digest = models.BinaryField("会话摘要", unique=True)
    factor = models.CharField("第二重验证", max_length=10, choices=FactorKind.choices, blank=True)
    address = models.CharField("地址", max_length=45, blank=True)
    device = models.CharField("设备", max_length=60, blank=True)
    since_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近操作")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_because = models.CharField("结束原因", max_length=12, choices=SessionEnd.choices, blank=True)

    class Meta:
        verbose_name = "进行中的登录"
        ordering = ["-since_at", "-id"]
        indexes = [models.Index(fields=["account"], condition=Q(ended_at__isnull=True), name="live_session_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="live_session_ended_because",
            )
        ]

    def __str__(self) -> str:
        return f"登录 {self.pk}"


class SignIn(models.Model):
    """A line of the journal: somebody came in, did not, or went. Never changed or deleted (migration 0005)."""

    at = models.DateTimeField("时间")
    account_id = models.BigIntegerField("账号", null=True, blank=True)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    event = models.CharField("事项", max_length=20, choices=SignInEvent.choices)
    factor = models.CharField("第二重验证", max_length=10, choices=FactorKind.choices, blank=True)
    address = models.CharField("地址", max_length=45, blank=True)
    device = models.CharField("设备", max_length=60, blank=True)
    session_id = models.BigIntegerField("登录", null=True, blank=True)

    class Meta:
        verbose_name = "登录记录"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="sign_in_by_time"),
            models.Index(fields=["account_id", "-at"], name="sign_in_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.at.astimezone(LOCAL):%Y-%m-%d %H:%M} {self.get_event_display()}"


class Tries(models.Model):
    """How often somebody failed of late, by name at an address, by device, by account, by address."""

    kind = models.CharField("计数", max_length=16)
    key = models.BinaryField("对象（摘要）")
    failures = models.PositiveIntegerField("失败次数", default=0)
    last_at = models.DateTimeField("最近一次")
    until_at = models.DateTimeField("等待到", null=True, blank=True)
    told = models.BooleanField("已记入登录日志", default=False)

    class Meta:
        verbose_name = "登录尝试次数"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="tries_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.failures}"


class OldPassword(models.Model):
    """The hash of a password that an account had before; none is used again soon."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="old_passwords")
    hash = models.CharField("密码摘要", max_length=128)
    until_at = models.DateTimeField("用到")

    class Meta:
        verbose_name = "旧密码（哈希）"
        ordering = ["account_id", "-until_at", "-id"]

    def __str__(self) -> str:
        return f"{self.account_id} 至 {self.until_at:%Y-%m-%d}"
