"""What the provinces send to the centre."""

from zikao.national.inbox import certificates, transfers

__all__ = ["certificates", "transfers"]
