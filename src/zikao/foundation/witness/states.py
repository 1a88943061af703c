"""What can be found about another node's history, and how it is settled."""

from __future__ import annotations

from django.db.models import TextChoices


class AlarmKind(TextChoices):
    """What two signed notes of one node show."""

    FORKED = "forked", "同一行数有两个不同的树根"
    INCONSISTENT = "inconsistent", "新账本不是接着旧账本写的"
    SHRUNK = "shrunk", "账本比见证过的变短了"


class SettledBy(TextChoices):
    """How an alarm was settled."""

    RESTORED = "restored", "经确认的备份恢复"
    EXPLAINED = "explained", "查明并记录"
