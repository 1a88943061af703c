"""What the provinces send to the centre."""

from zikao.national.inbox import certificates, permissions, timetables, transfers

__all__ = ["certificates", "timetables", "transfers"]
