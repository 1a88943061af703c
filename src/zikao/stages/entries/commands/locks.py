"""Entering and freezing keep out of each other's way: many may enter at once, the freeze waits for all of them."""

from __future__ import annotations

from django.db import connection

from zikao.foundation.errors import NotFound
from zikao.stages.entries.models import EntryWindow

_SPACE = 0x656E7472  # "entr": keeps these advisory locks apart from others


def window_shared(sitting_code: str) -> EntryWindow:
    """The sitting's window, held open for this transaction: it cannot be frozen meanwhile."""
    return _locked(sitting_code, "pg_advisory_xact_lock_shared")


def window_alone(sitting_code: str) -> EntryWindow:
    """The sitting's window with nobody entering: waits for those who are."""
    return _locked(sitting_code, "pg_advisory_xact_lock")


def _locked(sitting_code: str, lock: str) -> EntryWindow:
    window = EntryWindow.objects.filter(sitting__code=sitting_code).first()
    if window is None:
        raise NotFound(
            "window-not-found",
            facts={"sitting": sitting_code},
            message="本次考试还没有开放报考。",
            remedy="请关注省级教育考试机构公布的报考时间。",
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s, %s)", [_SPACE, window.pk])
    window.refresh_from_db()  # its state may have changed while we waited
    return window
