"""The commands of the portals' rooms; lists of all commands look for them here."""

from zikao.portals.trust.commands import order_verification

__all__ = ["order_verification"]
