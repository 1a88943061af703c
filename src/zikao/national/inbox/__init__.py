"""What the provinces send to the centre."""

from zikao.national.inbox import certificates, detailed_rules, permissions, timetables, transfers

__all__ = ["certificates", "detailed_rules", "permissions", "timetables", "transfers"]
