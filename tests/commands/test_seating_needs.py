"""The draw heeds what enrolment recorded: rooms of one's own, and premises of the candidate's tutoring institution."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.factories.actors import county_clerk, head
from tests.factories.agencies import a_site, a_site_on_premises
from tests.factories.candidates import a_candidate
from tests.factories.entries import UNIT_1, UNIT_1_TOO, a_frozen_list, paid_entries
from tests.factories.needs import a_grant
from tests.factories.programmes import SITTING
from tests.factories.seating import SECRETS, committed, later, official
from zikao.foundation.errors import Refused
from zikao.stages.candidates import commands as candidates
from zikao.stages.candidates.models import Candidate
from zikao.stages.seating import commands, queries
from zikao.stages.seating.models import Seat
from zikao.stages.seating.verify import verify

pytestmark = pytest.mark.django_db


def someone(at: datetime, *, alone: bool = False, tutored: bool = False) -> Candidate:
    """A candidate with an entry, granted a room of their own or supported by the institution."""
    candidate = a_candidate(at)
    if alone:
        kinds = ["separate-room"]
        a_grant(at, candidate, number=f"宁招考〔2026〕{candidate.pk}号", asked=kinds, kinds=kinds, extra_percent=0)
    if tutored:
        by = county_clerk(candidate.agency_code)
        candidates.declare_tutoring(candidate_id=candidate.pk, institution_code="Z001", by=by, at=at)
    return candidate


def enter(at: datetime, number: int = 1, **more: bool) -> list[int]:
    made = [someone(at, **more) for _ in range(number)]
    for each in made:
        paid_entries(at, each, (UNIT_1,) if each.pk % 2 else (UNIT_1_TOO,))
    return [each.pk for each in made]


def draw(at: datetime) -> None:
    a_frozen_list(at)
    for number, secret in enumerate(SECRETS):
        commands.reveal_secret(sitting_code=SITTING, secret=secret, by=official(number), at=later(at))
    commands.draw_seats(sitting_code=SITTING, by=head(), at=later(at))


def test_own_room_and_premises_are_heeded_and_repeatable(at):
    committed(at)
    a_site_on_premises(at, rooms=2)
    a_site(at, rooms=2)
    alone, tutored, others = enter(at, alone=True), enter(at, 3, tutored=True), enter(at, 3)
    draw(at)
    seats = {seat.entry.candidate_id: seat for seat in Seat.objects.select_related("entry", "room__site")}
    assert set(seats) == {*alone, *tutored, *others}
    assert [seat.room_id for seat in seats.values()].count(seats[alone[0]].room_id) == 1
    assert {seats[each].room.site.tutoring_institution_id for each in tutored} == {None}
    record = queries.export_draw(SITTING)
    assert list(verify(record)) == []
    line = next(at for at, text in enumerate(record["entries"]) if text.endswith(",Z001"))
    record["entries"][line] = record["entries"][line].removesuffix("Z001")
    assert any("名册" in problem for problem in verify(record))


def test_draw_is_refused_when_only_own_premises_are_left(at):
    committed(at)
    a_site_on_premises(at)
    enter(at, tutored=True)
    with pytest.raises(Refused, match="premises-only") as caught:
        draw(at)
    assert caught.value.clause == "EA-24.3"
    assert not Seat.objects.exists()


def test_draw_is_refused_when_own_rooms_do_not_suffice(at):
    committed(at)
    a_site(at, rooms=1)
    enter(at, alone=True)
    enter(at)
    with pytest.raises(Refused, match="own-rooms-short"):
        draw(at)


def test_what_changes_after_the_close_does_not_change_the_list(at):
    committed(at)
    a_site_on_premises(at)
    a_site(at)
    enter(at, 2)
    draw(at)
    for each in Candidate.objects.all():
        by = county_clerk(each.agency_code)
        candidates.declare_tutoring(candidate_id=each.pk, institution_code="Z001", by=by, at=later(at))
    assert list(verify(queries.export_draw(SITTING))) == []
