"""Accommodations: who may ask and decide, in which state, and what later stages are told."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.factories.actors import area_director, county_clerk, head
from tests.factories.candidates import a_candidate, as_candidate
from tests.factories.needs import EVIDENCE, a_grant, an_application
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.foundation.storage import get
from zikao.stages.candidates import commands, queries
from zikao.stages.candidates.models import NEED, Accommodation

pytestmark = pytest.mark.django_db


def test_candidate_applies_with_evidence_that_stays_sealed(at: datetime) -> None:
    candidate = a_candidate(at)
    asked = an_application(at, candidate, by=as_candidate(candidate))
    assert get(asked.evidence) == EVIDENCE
    assert NEED.text(asked) == "视力残疾二级"
    assert "视力".encode() not in bytes(asked.need_sealed)
    line = next(iter(lines_about(f"candidates.accommodation:{asked.pk}")))
    assert "视力" not in str(line.facts)
    assert queries.accommodation_of(candidate.pk, local_day(at)) is None
    with pytest.raises(Conflict, match="accommodation-applied"):
        an_application(at, candidate)


def test_decision_is_carried_from_its_first_day_until_the_day_before_its_end(at: datetime) -> None:
    granted = a_grant(at)
    told = queries.accommodation_of(granted.candidate_id, date(2027, 7, 31))
    assert told is not None
    assert (told.large_print, told.separate_room, told.extra_minutes(150)) == (True, False, 45)
    assert queries.accommodation_of(granted.candidate_id, date(2027, 8, 1)) is None
    assert queries.accommodation_of(granted.candidate_id, date(2026, 8, 19)) is None
    assert queries.accommodations_on(local_day(at)) == {granted.candidate_id: told}


def test_refusal_gives_nothing_and_withdrawal_takes_it_away(at: datetime) -> None:
    refused = a_grant(at, granted=False, kinds=[], extra_percent=0)
    assert queries.accommodation_of(refused.candidate_id, local_day(at)) is None
    granted = a_grant(at, a_candidate(at), number="宁招考〔2026〕8号")
    commands.withdraw_accommodation(accommodation_id=granted.pk, by=county_clerk(), at=at)
    assert queries.accommodation_of(granted.candidate_id, local_day(at)) is None
    with pytest.raises(WrongState):
        commands.withdraw_accommodation(accommodation_id=refused.pk, by=county_clerk(), at=at)


def test_decision_needs_number_reasons_and_a_deciders_post(at: datetime) -> None:
    asked = an_application(at)
    facts = {"granted": False, "kinds": [], "extra_percent": 0, "until_on": date(2027, 1, 1), "at": at}
    with pytest.raises(BadInput) as refusal:
        commands.decide_accommodation(accommodation_id=asked.pk, number=" ", reason="", by=head(), **facts)
    assert set(refusal.value.field_errors) == {"number", "reason"}
    with pytest.raises(NotPermitted):
        commands.decide_accommodation(accommodation_id=asked.pk, number="1", reason="无", by=county_clerk(), **facts)
    elsewhere = area_director("3205")
    with pytest.raises(NotFound):
        commands.decide_accommodation(accommodation_id=asked.pk, number="1", reason="无", by=elsewhere, **facts)


def test_decision_is_refused_when_more_is_granted_than_asked(at: datetime) -> None:
    with pytest.raises(Refused, match="accommodation-not-asked"):
        a_grant(at, kinds=["braille", "extra-time"], extra_percent=50)
    assert not Accommodation.objects.exclude(state="applied").exists()


def test_somebody_elses_application_does_not_exist_for_a_candidate(at: datetime) -> None:
    other = as_candidate(a_candidate(at))
    asked = an_application(at)
    with pytest.raises(NotFound):
        commands.withdraw_accommodation(accommodation_id=asked.pk, by=other, at=at)
    with pytest.raises(NotFound):
        an_application(at, a_candidate(at), by=other)
