"""The kinds of account, why one is closed, and where an appointment is in its time."""

from django.db.models import TextChoices


class AccountKind(TextChoices):
    STAFF = "staff", "工作人员"
    CANDIDATE = "candidate", "考生"


class ClosingReason(TextChoices):
    LEFT = "left", "离职、退休"
    MOVED = "moved", "调离岗位"
    MISUSED = "misused", "违反使用规定"
    LOST = "lost", "密码泄露或疑似被他人使用"
    MISTAKE = "mistake", "开错"


class AppointmentPhase(TextChoices):
    TO_COME = "to-come", "尚未开始"
    IN_EFFECT = "in-effect", "在任"
    OVER = "over", "已终止"
