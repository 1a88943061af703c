"""Accommodations asked for and decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tests.factories.actors import area_director, county_clerk
from tests.factories.candidates import a_candidate
from zikao.foundation.clock import local_day
from zikao.stages.candidates import commands
from zikao.stages.candidates.models import Accommodation, Candidate

EVIDENCE = b"%PDF-1.7 a certificate"


def an_application(at: datetime, candidate: Candidate | None = None, **more: object) -> Accommodation:
    """Large print and more time asked for a year."""
    candidate = candidate or a_candidate(at)
    facts: dict[str, object] = {
        "kinds": ["large-print", "extra-time"],
        "need": "视力残疾二级",
        "from_on": local_day(at),
        "until_on": local_day(at) + timedelta(days=365),
        "evidence": EVIDENCE,
        "evidence_type": "application/pdf",
        "by": county_clerk(candidate.agency_code),
    }
    return commands.apply_accommodation(candidate_id=candidate.pk, at=at, **{**facts, **more}).value


def a_grant(
    at: datetime,
    candidate: Candidate | None = None,
    *,
    number: str = "宁招考〔2026〕7号",
    asked: Sequence[str] = ("large-print", "extra-time"),
    **more: object,
) -> Accommodation:
    """The same granted, with 30 per cent more time."""
    application = an_application(at, candidate, kinds=list(asked))
    facts: dict[str, object] = {
        "granted": True,
        "kinds": ["large-print", "extra-time"],
        "extra_percent": 30,
        "until_on": date(2027, 8, 1),
        "number": number,
        "reason": "所附残疾人证属实。",
        "by": area_director(),
    }
    return commands.decide_accommodation(accommodation_id=application.pk, at=at, **{**facts, **more}).value
