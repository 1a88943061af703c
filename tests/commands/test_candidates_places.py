"""When and where people register for the first time (EA-12.1): at the counter, from a queue, from a file, in public."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.actors import COUNTY, clerk, county_clerk
from tests.factories.agencies import a_county
from tests.factories.candidates import a_candidate, an_applicant
from tests.factories.programmes import SITTING, a_major, a_published_timetable, a_sitting
from tests.factories.queue import a_window, answered, in_queue
from zikao.foundation import clock
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates import commands
from zikao.stages.candidates.models import Candidate, RegistrationPlace
from zikao.stages.candidates.states import BulkRow

pytestmark = pytest.mark.django_db
PLACE = {
    "name": "行政服务中心三楼",
    "address": "中山路 8 号",
    "hours": "周一至周五 9:00—17:00",
    "phone": "025-12345678",
}


def a_period(at: datetime, days: int = 10, opens_in: int = 0) -> Any:
    a_sitting(at)
    opens_at = at + timedelta(days=opens_in)
    return commands.set_registration_period(
        sitting_code=SITTING, opens_at=opens_at, closes_at=opens_at + timedelta(days=days), by=clerk(), at=at
    ).value


def a_place(at: datetime, **more: str) -> RegistrationPlace:
    a_county(at, COUNTY)
    found: RegistrationPlace = commands.open_registration_place(
        county_code=COUNTY, by=county_clerk(), at=at, **{**PLACE, **more}
    ).value
    return found


def test_people_register_within_the_provinces_period_only(at: datetime) -> None:
    assert a_candidate(at).admission_number  # nothing set: at any time
    a_period(at, opens_in=1)
    for when, why in ((at, "registration-not-begun"), (at + timedelta(days=11), "registration-over")):
        with pytest.raises(Refused) as refused:
            a_candidate(when)
        assert (refused.value.code, refused.value.clause) == (why, "EA-12.1")
        row = BulkRow(2, COUNTY, an_applicant(when))
        with pytest.raises(Refused):
            commands.register_many(rows=[row], sitting_code=SITTING, by=county_clerk(), at=when)
    assert a_candidate(at + timedelta(days=1)).admission_number
    assert Candidate.objects.count() == 2


def test_node_takes_over_a_former_register_at_any_time(at: datetime) -> None:
    a_period(at, opens_in=1)
    a_county(at, COUNTY)
    a_major(at, an_applicant(at).major_code)
    rows = [BulkRow(2, COUNTY, an_applicant(at))]
    assert len(commands.register_many(rows=rows, sitting_code=SITTING, by=node_actor(), at=at).value) == 1


def test_who_handed_in_in_time_is_confirmed_after_the_end(at: datetime) -> None:
    a_period(at, days=1)
    person, late = an_applicant(at), an_applicant(at)
    in_time, too_late = answered(at, person), answered(at, late)
    commands.submit_preregistration(draft_id=in_time.pk, by=node_actor(), at=at + timedelta(hours=23))
    after = at + timedelta(days=2)
    with pytest.raises(Refused) as refused:
        commands.submit_preregistration(draft_id=too_late.pk, by=node_actor(), at=after)
    assert refused.value.code == "registration-over"
    commands.call_queued(queued_id=in_time.pk, by=a_window(), at=after)
    done = commands.confirm_registration(
        queued_id=in_time.pk, number_tail=person.id_number, same_person=True, fee_fen=1000, by=a_window(), at=after
    )
    assert done.value.admission_number


def test_period_is_refused_that_ends_before_it_begins_or_is_over(at: datetime) -> None:
    a_published_timetable(at)
    for opens_at, closes_at in ((at, at), (at - timedelta(days=2), at), (at, at + timedelta(days=9000))):
        with pytest.raises(BadInput) as refused:
            commands.set_registration_period(
                sitting_code=SITTING, opens_at=opens_at, closes_at=closes_at, by=clerk(), at=at
            )
        assert set(refused.value.field_errors) == {"closes_at"}
    with pytest.raises(NotPermitted):
        commands.set_registration_period(
            sitting_code=SITTING, opens_at=at, closes_at=at + timedelta(days=1), by=county_clerk(), at=at
        )


def test_period_is_set_anew_and_remembers_what_it_was(at: datetime) -> None:
    first = a_period(at)
    assert a_period(at, days=20).pk == first.pk
    assert a_candidate(at + timedelta(days=15)).admission_number


def test_county_opens_and_closes_its_counters(at: datetime, client: Client) -> None:
    place = a_place(at)
    with pytest.raises(Conflict):
        a_place(at)
    with pytest.raises(BadInput) as refused:
        a_place(at, name=" ", phone="abc", address="路" * 121)
    assert set(refused.value.field_errors) == {"name", "phone", "address"}
    assert PLACE["address"] in client.get(reverse("candidates:where")).content.decode()
    for elsewhere in (county_clerk("320104"), clerk(Post.PREFECTURE_CLERK, "3202")):
        with pytest.raises(NotFound):
            commands.close_registration_place(place_id=place.pk, by=elsewhere, at=at)
    commands.close_registration_place(place_id=place.pk, by=county_clerk(), at=at)
    assert PLACE["address"] not in client.get(reverse("candidates:where")).content.decode()
    with pytest.raises(WrongState):
        commands.close_registration_place(place_id=place.pk, by=county_clerk(), at=at)
    assert a_place(at).pk != place.pk


def test_who_handed_in_reads_where_to_come_and_everybody_when(
    at: datetime, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    a_period(at)
    a_place(at)
    a_county(at, "320104")
    commands.open_registration_place(
        county_code="320104", by=county_clerk("320104"), at=at, **{**PLACE, "address": "别县大道 1 号"}
    )
    person = an_applicant(at)
    queued = in_queue(at, person)
    client.post(reverse("candidates:online-resume"), {"code": queued.code, "id_number": person.id_number})
    page = client.get(reverse("candidates:online-check")).content.decode()
    assert PLACE["address"] in page
    assert "别县大道" not in page
    everybody = client.get(reverse("candidates:where")).content.decode()
    assert "2026年8月30日 10:00" in everybody
    assert "别县大道" in everybody


def test_counters_of_a_closed_county_are_no_longer_shown(at: datetime, client: Client) -> None:
    place = a_place(at)
    Agency.objects.filter(pk=place.county_id).update(closed_on=at.date())
    assert PLACE["address"] not in client.get(reverse("candidates:where")).content.decode()
    with pytest.raises(NotFound):
        a_place(at, name="另一处")
