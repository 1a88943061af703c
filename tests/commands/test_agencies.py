"""Agencies, committees, sites, rooms, secure rooms."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.factories import agencies as make
from tests.factories.actors import area_clerk, clerk, county_clerk, head
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.stages.agencies import commands, queries
from zikao.stages.agencies.models import Agency, Room, SecureRoom, Site
from zikao.stages.agencies.states import (
    SITE_TRANSITIONS,
    AgencyKind,
    ApprovalKind,
    CheckedItem,
    RoomRow,
    SiteState,
)

pytestmark = pytest.mark.django_db


def test_province_opens_county_under_its_prefecture(at: datetime) -> None:
    county = make.a_county(at)
    assert [a.code for a in queries.agency_tree(head())] == ["32", "3201", "320102"]
    assert county.parent is not None
    assert county.parent.code == "3201"


def test_province_is_refused_a_code_outside_the_parent(at: datetime) -> None:
    make.an_area(at)
    with pytest.raises(Refused) as refusal:
        commands.open_agency(code="320202", name="别处", kind=AgencyKind.COUNTY, parent_code="3201", by=head(), at=at)
    assert refusal.value.code == "agency-code-outside"
    assert refusal.value.clause == "EA-5.1"


def test_province_cannot_open_an_agency_of_another_province(at: datetime) -> None:
    with pytest.raises(NotFound):
        commands.open_agency(code="33", name="别省", kind=AgencyKind.PROVINCE, by=head(), at=at)


def test_county_cannot_hang_directly_under_the_province(at: datetime) -> None:
    make.the_province(at)
    with pytest.raises(BadInput):
        commands.open_agency(code="320102", name="区", kind=AgencyKind.COUNTY, parent_code="32", by=head(), at=at)


def test_same_code_is_refused_the_second_time(at: datetime) -> None:
    make.the_province(at)
    with pytest.raises(Conflict):
        commands.open_agency(code="32", name="重复", kind=AgencyKind.PROVINCE, by=head(), at=at)


def test_area_without_every_department_is_flagged(at: datetime) -> None:
    area = make.a_committee(at, "3201", "疾控")
    decision = queries.committee_complete(area, local_day(at))
    assert [f.code for f in decision.refusals] == ["committee-departments-missing"]
    assert "疾控" in decision.refusals[0].message


def test_area_with_every_department_is_complete(at: datetime) -> None:
    assert queries.committee_complete(make.a_committee(at), local_day(at)).granted


def test_new_committee_ends_the_one_before(at: datetime) -> None:
    area = make.a_committee(at)
    later = at + timedelta(days=40)
    make.a_committee(later)
    assert queries.committee_of(area, local_day(at)).count() == queries.committee_of(area, local_day(later)).count()
    assert area.committee.filter(until_on=local_day(later)).exists()


def test_site_goes_from_proposal_to_acceptance(at: datetime) -> None:
    site = make.a_site(at, rooms=3)
    assert (site.state, site.code, site.agency_code) == (SiteState.ACCEPTED, "3201-01", "3201-01")
    assert list(queries.usable_sites("3201", local_day(at))) == [site]
    assert queries.rooms_of([site]).count() == 3


def test_site_is_not_usable_from_the_day_its_validity_ends(at: datetime) -> None:
    site = make.a_site(at)
    assert site.accepted_until is not None
    assert not queries.usable_sites("3201", site.accepted_until).exists()
    assert queries.usable_sites("3201", site.accepted_until - timedelta(days=1)).exists()
    assert not queries.site_usable(site, site.accepted_until).granted


def test_seats_of_an_area_count_only_while_its_sites_are_usable(at: datetime) -> None:
    site = make.a_site(at, rooms=3)
    assert site.accepted_until is not None
    assert queries.area_seats("3201", local_day(at)) == queries.area_seats("32", local_day(at)) == 90
    assert queries.area_seats("3202", local_day(at)) == 0
    assert queries.area_seats("3201", site.accepted_until) == 0


def test_area_is_refused_a_site_away_from_the_seat_without_reason(at: datetime) -> None:
    make.a_county(at, "320124", is_seat=False)
    with pytest.raises(Refused) as refusal:
        make.a_proposed_site(at, "320124")
    assert refusal.value.clause == "EA-24.1"


def test_site_away_from_the_seat_is_accepted_only_after_approval(at: datetime) -> None:
    make.a_county(at, "320124", is_seat=False)
    site = make.a_proposed_site(at, "320124", exception_reason="山区考生多，往返不便")
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(at), by=area_clerk(), at=at)
    until = local_day(at) + timedelta(days=365)
    with pytest.raises(Refused) as refusal:
        commands.accept_site(site_id=site.pk, accepted_until=until, filing_number="备1", by=head(), at=at)
    assert refusal.value.code == "site-elsewhere-not-approved"
    make.an_exception(at, site, ApprovalKind.ELSEWHERE)
    accepted = commands.accept_site(site_id=site.pk, accepted_until=until, filing_number="备1", by=head(), at=at).value
    assert accepted.state == SiteState.ACCEPTED


def test_area_is_refused_a_site_in_a_tutoring_institution(at: datetime) -> None:
    institution = make.a_tutoring_institution(at)
    with pytest.raises(Refused) as refusal:
        make.a_proposed_site(at, tutoring_institution_code=institution.code)
    assert refusal.value.clause == "EA-24.3"


def test_site_in_a_tutoring_institution_needs_the_provinces_approval(at: datetime) -> None:
    institution = make.a_tutoring_institution(at)
    site = make.a_proposed_site(
        at, tutoring_institution_code=institution.code, exception_reason="当地没有其他标准化考点"
    )
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(at), by=area_clerk(), at=at)
    with pytest.raises(Refused) as refusal:
        commands.accept_site(
            site_id=site.pk,
            accepted_until=local_day(at) + timedelta(days=9),
            filing_number="备1",
            by=head(),
            at=at,
        )
    assert refusal.value.code == "site-tutoring-not-approved"


def test_failed_inspection_is_recorded_and_acceptance_refused(at: datetime) -> None:
    site = make.a_proposed_site(at)
    items = make.whole_checklist(at, "clock")
    inspection = commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=items, by=area_clerk(), at=at).value
    assert not inspection.passed
    with pytest.raises(Refused) as refusal:
        commands.accept_site(
            site_id=site.pk,
            accepted_until=local_day(at) + timedelta(days=9),
            filing_number="备1",
            by=head(),
            at=at,
        )
    assert refusal.value.code == "site-inspection-failed"


def test_failed_reinspection_takes_the_acceptance_away(at: datetime) -> None:
    site = make.a_site(at)
    commands.inspect_site(
        site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(at, "desks"), by=head(), at=at
    )
    assert not queries.usable_sites("3201", local_day(at)).exists()


def test_passed_reinspection_keeps_the_acceptance(at: datetime) -> None:
    site = make.a_site(at)
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(at), by=head(), at=at)
    assert queries.usable_sites("3201", local_day(at)).exists()


def test_inspection_without_every_item_or_evidence_is_refused(at: datetime) -> None:
    site = make.a_proposed_site(at)
    with pytest.raises(Refused):
        commands.inspect_site(
            site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(at)[1:], by=area_clerk(), at=at
        )
    bare = [CheckedItem(item.code, True, " ") for item in make.whole_checklist(at)]
    with pytest.raises(BadInput):
        commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=bare, by=area_clerk(), at=at)


def test_suspended_site_is_not_usable(at: datetime) -> None:
    site = make.a_site(at)
    commands.suspend_site(site_id=site.pk, reason="消防整改", by=head(), at=at)
    assert not queries.usable_sites("32", local_day(at)).exists()


@pytest.mark.parametrize("state", list(SiteState))
def test_site_is_accepted_only_from_states_of_the_table(at: datetime, state: SiteState) -> None:
    site = make.a_site(at)
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(at), by=head(), at=at)
    Site.objects.filter(pk=site.pk).update(state=state)
    until = local_day(at) + timedelta(days=9)

    def accept() -> object:
        return commands.accept_site(site_id=site.pk, accepted_until=until, filing_number="备2", by=head(), at=at)

    if SiteState.ACCEPTED in SITE_TRANSITIONS[state]:
        accept()
    else:
        with pytest.raises(WrongState):
            accept()


@pytest.mark.parametrize("post", [Post.PREFECTURE_CLERK, Post.AREA_DIRECTOR, Post.COUNTY_CLERK, Post.SITE_CHIEF])
def test_nobody_but_the_province_accepts_a_site(at: datetime, post: Post) -> None:
    site = make.an_inspected_site(at)
    with pytest.raises(NotPermitted):
        commands.accept_site(
            site_id=site.pk,
            accepted_until=local_day(at) + timedelta(days=9),
            filing_number="备1",
            by=clerk(post, "3201"),
            at=at,
        )


def test_clerk_of_another_area_does_not_find_the_site(at: datetime) -> None:
    site = make.a_proposed_site(at)
    with pytest.raises(NotFound):
        commands.inspect_site(
            site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(at), by=area_clerk("3202"), at=at
        )
    assert not queries.sites_of(area_clerk("3202")).exists()
    assert not queries.sites_of(county_clerk()).exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [(RoomRow(9, 28, 80), "room-seats"), (RoomRow(9, 30, 79), "room-spacing")],
)
def test_rooms_are_added_all_or_none(at: datetime, row: RoomRow, code: str) -> None:
    site = make.a_site(at, rooms=2)
    with pytest.raises(Refused) as refusal:
        commands.add_rooms(site_id=site.pk, rooms=[RoomRow(8, 25, 80), row], by=area_clerk(), at=at)
    assert (refusal.value.code, refusal.value.clause) == (code, "EA-25.2")
    assert Room.objects.filter(site=site).count() == 2


def test_room_number_is_refused_the_second_time(at: datetime) -> None:
    site = make.a_site(at, rooms=2)
    with pytest.raises(Conflict):
        commands.add_rooms(site_id=site.pk, rooms=[RoomRow(2, 30, 80)], by=area_clerk(), at=at)


def test_secure_room_needs_two_cameras(at: datetime) -> None:
    make.an_area(at)
    with pytest.raises(Refused) as refusal:
        commands.register_secure_room(
            agency_code="3201",
            name="保密室",
            cameras=1,
            acceptance_number="1号",
            accepted_on=local_day(at),
            accepted_until=local_day(at) + timedelta(days=9),
            by=clerk(Post.PAPERS_OFFICER, "32"),
            at=at,
        )
    assert refusal.value.clause == "EA-21.5"
    assert not SecureRoom.objects.exists()


def test_secure_room_is_usable_until_its_acceptance_ends(at: datetime) -> None:
    room = make.a_secure_room(at)
    assert queries.secure_rooms_usable("3201", local_day(at)).exists()
    assert not queries.secure_rooms_usable("3201", room.accepted_until).exists()


def test_site_codes_of_an_area_count_up(at: datetime) -> None:
    first, second = make.a_proposed_site(at), make.a_proposed_site(at)
    assert (first.code, second.code) == ("3201-01", "3201-02")
    assert Agency.objects.get(code="3201").sites.count() == 2
