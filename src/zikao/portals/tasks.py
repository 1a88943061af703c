"""What the queue does for the portals' rooms; the worker looks for tasks here."""

from zikao.portals.backups import tasks as backups
from zikao.portals.trust import tasks as trust

__all__ = ["backups", "trust"]
