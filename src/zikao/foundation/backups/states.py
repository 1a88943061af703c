"""Whose custody, what kind of backup, how a drill ended."""

from django.db.models import TextChoices


class Custody(TextChoices):
    BUSINESS = "business", "业务部门"
    DISCIPLINE = "discipline", "纪检监察部门"
    KEYS = "keys", "密钥托管"


COPIES = (Custody.BUSINESS, Custody.DISCIPLINE)
"""The two that hold backups, each alone able to restore."""


class Kind(TextChoices):
    FULL = "full", "全量"
    INCREMENTAL = "incremental", "增量"
    WAL = "wal", "日志"
    LOGICAL = "logical", "逻辑全量"


class Outcome(TextChoices):
    PASSED = "passed", "通过"
    FAILED = "failed", "未通过"
