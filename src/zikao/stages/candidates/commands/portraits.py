"""A portrait is checked when it is taken, before any button is pressed; what was measured then is on record.

It is no act and writes no ledger line: a clerk may take ten pictures. Whoever registers reads the record by the digest
of the very bytes that came, and measures where there is none; a caller can neither say what was measured nor pass by.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from zikao.foundation.clock import local_day
from zikao.foundation.crypto import sm3
from zikao.foundation.regulation import Decision
from zikao.foundation.statements import prepared
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.models import MeasuredPortrait
from zikao.stages.candidates.portraits import checker, measure
from zikao.stages.candidates.rules import PortraitFacts

KEPT = timedelta(days=90)
"""So long a picture of a pre-registration waits for the counter; after it, one more look."""
_KNOWN = "SELECT facts FROM candidates_measuredportrait WHERE digest = %s AND checker = %s"
_ADD = """
INSERT INTO candidates_measuredportrait (digest, checker, facts, measured_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (digest, checker) DO NOTHING
"""


def check_portrait(*, picture: bytes, at: datetime) -> Decision:
    """Whether a picture will do as a portrait, with every reason (EA-13.1)."""
    return checks.portrait(picture, local_day(at), looked_at(picture, at))


def looked_at(picture: bytes, at: datetime) -> PortraitFacts:
    """The facts of a picture: from the record, or measured now and put on record."""
    place = [sm3(picture), checker()]
    if (row := prepared(_KNOWN, place)) is not None:
        return on_record(row[0])
    facts = measure(picture)
    prepared(_ADD, [*place, json.dumps(asdict(facts)), at])
    return facts


def on_record(facts: str) -> PortraitFacts:
    """The facts as the record holds them."""
    return PortraitFacts(**json.loads(facts))


def forget_portraits(at: datetime) -> int:
    """Take old measurements off the record; returns how many."""
    return MeasuredPortrait.objects.filter(measured_at__lt=at - KEPT).delete()[0]
