"""What the provinces send to the centre."""

from zikao.national.inbox import (
    accounts,
    certificates,
    detailed_rules,
    incidents,
    letters,
    permissions,
    reports,
    timetables,
    transfers,
)

__all__ = [
    "accounts",
    "certificates",
    "detailed_rules",
    "incidents",
    "letters",
    "permissions",
    "reports",
    "timetables",
    "transfers",
]
