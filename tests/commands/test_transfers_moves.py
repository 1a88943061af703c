"""Moves between prefectures: only where the province's detailed rules ask for them, and then before entering there."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.factories import results
from tests.factories.actors import clerk, the_node
from tests.factories.agencies import an_area
from tests.factories.candidates import a_candidate
from tests.factories.entries import a_window
from tests.factories.entries import entries as enter_them
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, Refused
from zikao.foundation.regulation.dated import Dated, put_own
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries import commands as entries
from zikao.stages.entries.states import EntryRow
from zikao.stages.programmes.models import Paper
from zikao.stages.transfers import commands
from zikao.stages.transfers.models import Move

pytestmark = pytest.mark.django_db
CLERK, HEAD = results.RECORDS_CLERK, clerk(Post.RECORDS_HEAD)
OTHER = "3205"


@pytest.fixture
def asked_for() -> None:
    """The province's detailed rules ask for moves."""
    put_own({("32", "transfer-within-province"): (Dated(date(2026, 1, 1), True),)})


def enter(candidate: Candidate, at: datetime, area: str) -> object:
    return enter_them(at, candidate, ("00037",), area)


def move(candidate_id: int, at: datetime, *, accepted: bool = True) -> Move:
    made = commands.apply_to_move(candidate_id=candidate_id, to_area=OTHER, reason="调动工作", by=CLERK, at=at).value
    return commands.decide_move(move_id=made.pk, accepted=accepted, answer="考位已满", by=HEAD, at=at).value


def test_without_the_setting_nobody_asks_for_a_move_and_all_areas_are_open(at: datetime) -> None:
    a_window(at)
    an_area(at, OTHER)
    candidate = a_candidate(at)
    with pytest.raises(Refused) as refusal:
        commands.apply_to_move(candidate_id=candidate.pk, to_area=OTHER, reason="近", by=CLERK, at=at)
    assert refusal.value.code == "move-within-province-not-asked"
    enter(candidate, at, OTHER)


@pytest.mark.usefixtures("asked_for")
def test_with_the_setting_another_area_is_open_after_the_move_was_accepted(at: datetime) -> None:
    a_window(at)
    an_area(at, OTHER)
    candidate = a_candidate(at)
    with pytest.raises(Refused) as refusal:
        enter(candidate, at, OTHER)
    assert (refusal.value.code, refusal.value.clause) == ("move-within-province-needed", "SR-16")
    move(candidate.pk, at, accepted=False)
    with pytest.raises(Refused):
        enter(candidate, at, OTHER)
    move(candidate.pk, at)
    with pytest.raises(Conflict):
        commands.apply_to_move(candidate_id=candidate.pk, to_area=OTHER, reason="再", by=CLERK, at=at)
    enter(candidate, at, OTHER)


@pytest.mark.usefixtures("asked_for")
def test_many_wishes_at_once_obey_the_same_setting(at: datetime) -> None:
    a_window(at)
    an_area(at, OTHER)
    here, there = a_candidate(at), a_candidate(at)
    move(there.pk, at)
    paper = Paper.objects.get(course__code="00037").pk
    rows = [EntryRow(here.pk, paper, OTHER, pledged=True), EntryRow(there.pk, paper, OTHER, pledged=True)]
    done = entries.enter_many(rows=rows, sitting_code="2026-10", by=the_node(), at=at).value
    assert done.entered == 1
    assert [(row.candidate_id, row.code) for row in done.refused] == [(here.pk, "move-within-province-needed")]


@pytest.mark.usefixtures("asked_for")
def test_move_goes_to_another_prefecture_that_there_is_and_by_who_sees_the_candidate(at: datetime) -> None:
    candidate = a_candidate(at)
    for area in ("3201", "3299"):
        with pytest.raises(BadInput):
            commands.apply_to_move(candidate_id=candidate.pk, to_area=area, reason="近", by=CLERK, at=at)
    stranger = clerk(Post.RECORDS_CLERK, "3301")
    with pytest.raises(NotFound):
        commands.apply_to_move(candidate_id=candidate.pk, to_area=OTHER, reason="近", by=stranger, at=at)
