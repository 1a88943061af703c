"""Counters of a county that goes into another, and periods of sittings that are over (EA-12.1), on their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.commands.test_candidates_places import PLACE, a_period, a_place
from tests.factories.actors import COUNTY, clerk, county_clerk, head
from tests.factories.agencies import a_county
from tests.factories.programmes import SITTING, a_published_timetable
from zikao.foundation import clock
from zikao.foundation.actors import Post
from zikao.foundation.errors import NotFound, Refused, WrongState
from zikao.stages.agencies import commands as merging
from zikao.stages.candidates import commands
from zikao.stages.candidates.models import RegistrationPlace

pytestmark = pytest.mark.django_db


def test_counters_of_a_merged_county_end_with_it_and_the_county_it_went_into_takes_them_on(
    at: datetime, signed_in: Callable[..., Client], client: Client
) -> None:
    one, other = a_place(at), a_place(at, name="城东分点", address="东路 3 号")
    a_county(at, "320104")
    theirs = signed_in(Post.COUNTY_CLERK, "320104")
    assert theirs.get(reverse("candidates:place", args=[one.pk])).status_code == 404
    merging.merge_agency(code=COUNTY, into_code="320104", document_number="苏政复〔2026〕8号", by=head(), at=at)
    assert PLACE["address"] not in client.get(reverse("candidates:where")).content.decode()
    page = theirs.get(reverse("candidates:place", args=[one.pk])).content.decode()
    for said in ("待承接", "随所属县（区）撤销", "2026年8月20日"):
        assert said in page
    assert "报名点待承接" in theirs.get(reverse("portals:staff-home")).content.decode()
    form = theirs.get(reverse("candidates:take-on-place", args=[one.pk])).content.decode()
    assert all(told in form for told in PLACE.values())
    told = {"place_id": one.pk, "at": at, **PLACE}
    for elsewhere in (county_clerk("320106"), clerk(Post.PREFECTURE_CLERK, "3202")):
        with pytest.raises(NotFound):
            commands.take_on_registration_place(**told, by=elsewhere)
    assert theirs.post(reverse("candidates:take-on-place", args=[one.pk]), PLACE).status_code == 302
    assert PLACE["address"] in client.get(reverse("candidates:where")).content.decode()
    taken = RegistrationPlace.objects.get(county__code="320104")
    assert taken.taken_from_id == one.pk
    with pytest.raises(WrongState):
        commands.take_on_registration_place(**told, by=county_clerk("320104"))
    with pytest.raises(WrongState):
        commands.close_registration_place(place_id=one.pk, by=county_clerk("320104"), at=at)
    commands.close_registration_place(place_id=other.pk, by=county_clerk("320104"), at=at + timedelta(days=3))
    other.refresh_from_db()
    assert other.until_on == at.date(), "it ended with its county, not when somebody put it away"
    assert "报名点待承接" not in theirs.get(reverse("portals:staff-home")).content.decode()


def test_period_of_a_sitting_that_is_over_is_not_set_again(
    at: datetime, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_published_timetable(at)
    period = a_period(at)
    over = at + timedelta(days=100)
    monkeypatch.setattr(clock, "now", lambda: over)
    page = signed_in(Post.PROVINCE_CLERK).get(reverse("candidates:period", args=[period.pk])).content.decode()
    assert "考完，不再规定它的报名时间" in page
    with pytest.raises(Refused) as refused:
        commands.set_registration_period(
            sitting_code=SITTING, opens_at=over, closes_at=over + timedelta(days=1), by=clerk(), at=over
        )
    assert refused.value.code == "sitting-over-for-registration"
