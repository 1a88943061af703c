"""Every event of the ledger reads as a Chinese sentence in histories."""

from __future__ import annotations

from django.urls import get_resolver

from zikao.foundation.commands import all_commands
from zikao.foundation.pages.history import TOLD


def test_every_event_of_a_command_has_a_sentence():
    assert get_resolver().url_patterns  # the stages tell theirs in their views
    events = {info.writes for info in all_commands().values() if info.module.startswith("zikao.")}
    assert sorted(events - TOLD.keys()) == []
    assert [text for text in TOLD.values() if text.isascii()] == []
