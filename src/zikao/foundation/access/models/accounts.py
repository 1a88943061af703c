"""Accounts and appointments.

An account is a person who can sign in; an appointment puts an account into a post of an agency for a time. That
nobody holds two of the three administrators' posts at one time is a constraint of the database (migration 0003).
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from zikao.foundation.access.states import AccountKind, ClosingReason
from zikao.foundation.actors import Post


class Account(AbstractBaseUser):
    """Who signs in: a member of staff by user name, a candidate by admission number."""

    username = models.CharField("用户名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=AccountKind.choices)
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    candidate_id = models.BigIntegerField("考生", null=True, blank=True, unique=True)
    created_at = models.DateTimeField("建立时间")
    # named here as well as in Django: a translated name would make migrations depend on the language of who runs them
    password = models.CharField("密码", max_length=128)
    password_set_at = models.DateTimeField("密码设置时间", null=True, blank=True)
    password_is_initial = models.BooleanField("密码是他人代设的", default=False, db_default=False)
    last_login = models.DateTimeField("最近登录", null=True, blank=True)
    is_active = models.BooleanField("启用", default=True)
    closed_at = models.DateTimeField("注销时间", null=True, blank=True)
    closing_reason = models.CharField(
        "注销原因", max_length=10, choices=ClosingReason.choices, blank=True, db_default=""
    )

    USERNAME_FIELD = "username"
    objects = BaseUserManager["Account"]()

    class Meta:
        verbose_name = "账号"
        ordering = ["username"]
        indexes = [models.Index(fields=["agency_code", "username"], condition=Q(kind="staff"), name="account_of_staff")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="candidate", candidate_id__isnull=False) | Q(kind="staff", candidate_id__isnull=True),
                name="account_candidate_matches_kind",
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, closed_at__isnull=True, closing_reason="")
                | Q(is_active=False, closed_at__isnull=False) & ~Q(closing_reason=""),
                name="account_closed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"


class Appointment(models.Model):
    """A post held by an account in an agency, from a day until a day (exclusive)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    post = models.CharField("岗位", max_length=30, choices=[(post.value, post.label) for post in Post])
    agency_code = models.CharField("机构代码", max_length=12, db_collation="C", blank=True)
    since_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "岗位聘任"
        ordering = ["account_id", "since_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="appointment_ends_after_start",
            ),
            models.UniqueConstraint(fields=["account", "post", "agency_code", "since_on"], name="appointment_once"),
        ]

    def __str__(self) -> str:
        return f"{Post(self.post).label} {self.agency_code}"


class Proof(models.Model):
    """That an account's owner showed their secret again: for one purpose, used once (migration 0004 guards it)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField("用途", max_length=60)
    made_at = models.DateTimeField("确认时间")
    used_at = models.DateTimeField("使用时间", null=True)
    used_for = models.CharField("用于", max_length=120, blank=True, db_default="")

    class Meta:
        verbose_name = "再次验证记录"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_for="") | Q(used_at__gte=F("made_at")) & ~Q(used_for=""),
                name="proof_used_for_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.purpose}"
