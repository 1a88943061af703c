"""Emergency groups, working groups, exceptions, consents, facilities, supporting schools, record departments."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from tests.factories import agencies as make
from tests.factories import approvals
from tests.factories.actors import area_clerk, clerk, county_clerk, head
from zikao.foundation.actors import Post
from zikao.foundation.approvals import Approval
from zikao.foundation.approvals.commands import refuse_approval
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.stages.agencies import commands, queries, registers
from zikao.stages.agencies.models import (
    DUTY_PHONE,
    EMERGENCY_PHONE,
    DutyPhone,
    EmergencyMember,
    InspectionItem,
    Room,
    SiteApproval,
)
from zikao.stages.agencies.queries.drawing import draw_room, place_of
from zikao.stages.agencies.states import (
    ApprovalKind,
    CheckedItem,
    EmergencyLevel,
    ExceptionState,
    FacilityKind,
    SiteState,
    Supply,
)

pytestmark = pytest.mark.django_db


def test_incidents_find_whom_to_reach_on_the_day(at: datetime) -> None:
    make.the_province(at)
    make.an_emergency_group(at)
    make.an_emergency_group(at, EmergencyLevel.MINISTRY)
    day = local_day(at)
    assert len(queries.emergency_group(day)) == 6
    leader = queries.emergency_group(day, EmergencyLevel.PROVINCE)[0]
    assert EMERGENCY_PHONE.text(leader) == "13900000001"
    assert b"13900000001" not in bytes(leader.phone_sealed)
    assert queries.emergency_complete(EmergencyLevel.PROVINCE, day).granted

    later = at + timedelta(days=10)
    make.an_emergency_group(later, EmergencyLevel.PROVINCE, "leader", "contact")
    decision = queries.emergency_complete(EmergencyLevel.PROVINCE, local_day(later))
    assert {finding.code for finding in decision.refusals} == {
        "emergency-group-without-leader",
        "emergency-group-without-contact",
    }
    assert len(queries.emergency_group(local_day(later), EmergencyLevel.PROVINCE)) == 1
    assert len(queries.emergency_group(day, EmergencyLevel.PROVINCE)) == 3
    assert not queries.emergency_complete(EmergencyLevel.PROVINCE, day - timedelta(days=1)).granted


def test_national_node_keeps_the_ministrys_group_only(at: datetime, settings: object) -> None:
    settings.ZIKAO_NODE_KIND = "national"  # type: ignore[attr-defined]
    with pytest.raises(BadInput):
        make.an_emergency_group(at)
    make.an_emergency_group(at, EmergencyLevel.MINISTRY)
    assert EmergencyMember.objects.count() == 3


def test_duty_phones_are_told_to_all_below_and_the_former_number_ends(at: datetime) -> None:
    area = make.a_county(at).parent
    assert area is not None
    for number in ("025-83000001", "025-83000002"):
        commands.set_duty_phone(
            agency_code=area.code, place="值班室", phone=number, is_day_and_night=True, by=area_clerk(), at=at
        )
    (standing,) = queries.duty_phones(county_clerk("320506"), local_day(at))
    assert DUTY_PHONE.text(standing) == "025-83000002"
    assert DutyPhone.objects.count() == 2
    with pytest.raises(BadInput):
        commands.set_duty_phone(
            agency_code=area.code, place="值班室", phone="保密电话", is_day_and_night=True, by=area_clerk(), at=at
        )


def test_site_without_its_six_groups_is_flagged_until_they_are_there(at: datetime) -> None:
    site, day = make.a_site(at), local_day(at)
    assert list(queries.sites_without_groups(area_clerk(), day)) == [site]
    make.working_groups(at, site, "secrecy")
    codes = {finding.code for finding in queries.groups_complete(site, day).refusals}
    assert codes == {"working-groups-without-leader", "working-groups-without-members"}
    assert list(queries.sites_without_groups(area_clerk(), day)) == [site]
    make.working_groups(at, site)
    assert queries.groups_complete(site, day).granted
    assert list(queries.sites_without_groups(area_clerk(), day)) == []
    assert list(queries.sites_without_groups(area_clerk("3202"), day)) == []


def test_site_without_a_closed_corridor_is_flagged(at: datetime) -> None:
    site = make.a_site(at)
    make.working_groups(at, site)
    items = make.whole_checklist(at, "corridor")
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=items, by=head(), at=at)
    assert [f.code for f in queries.groups_complete(site, local_day(at)).refusals] == ["site-without-corridor"]


def test_inspections_evidence_is_stored_with_its_item(at: datetime) -> None:
    site = make.a_proposed_site(at)
    first, *others = make.whole_checklist(at)
    photo = CheckedItem(first.code, True, "照片", b"jpeg", "image/jpeg")
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=[photo, *others], by=area_clerk(), at=at)
    item = InspectionItem.objects.get(code=first.code)
    assert queries.evidence_of(site, item.file) == "image/jpeg"
    with pytest.raises(NotFound):
        queries.evidence_of(make.a_proposed_site(at), item.file)


def test_exception_takes_effect_only_when_the_province_has_signed(at: datetime) -> None:
    institution = make.a_tutoring_institution(at)
    site = make.a_proposed_site(at, tutoring_institution_code=institution.code, exception_reason="没有其他考点")
    application = make.an_exception(at, site, signed=False)
    assert application.state == ExceptionState.APPLIED
    assert [f.code for f in queries.may_accept(site, local_day(at)).refusals] == [
        "site-inspection-failed",
        "site-tutoring-not-approved",
    ]
    with pytest.raises(Conflict):
        make.an_exception(at, site, signed=False)
    approvals.sign_all(Approval.objects.get(subject=f"agencies.siteapproval:{application.pk}"), at)
    application.refresh_from_db()
    assert application.state == ExceptionState.APPROVED
    assert application.document_number.startswith("自考设点〔2026〕")
    with pytest.raises(WrongState):
        make.an_exception(at, site, ApprovalKind.ELSEWHERE)
    with pytest.raises(NotPermitted):
        commands.apply_for_exception(
            site_id=site.pk, kind=ApprovalKind.TUTORING, reason="省级不能自己申请", evidence=b"x",
            evidence_type="text/plain", by=head(), at=at,
        )  # fmt: skip


def test_refused_exception_may_be_asked_anew(at: datetime) -> None:
    make.a_county(at, "320124", is_seat=False)
    site = make.a_proposed_site(at, "320124", exception_reason="山区")
    application = make.an_exception(at, site, ApprovalKind.ELSEWHERE, signed=False)
    approval = Approval.objects.get(subject=f"agencies.siteapproval:{application.pk}")
    by = approvals.someone(Post.EXAM_AFFAIRS_HEAD, "32", at)
    refuse_approval(approval_id=approval.pk, proof=approvals.proof_of(by, at), comment="考生不多", by=by, at=at)
    assert SiteApproval.objects.get().state == ExceptionState.REFUSED
    assert make.an_exception(at, site, ApprovalKind.ELSEWHERE).state == ExceptionState.APPROVED


def test_site_outside_the_province_needs_the_ministrys_consent_on_record(at: datetime) -> None:
    make.a_county(at)
    with pytest.raises(Refused) as refusal:
        make.a_proposed_site(at, place_code="33")
    assert (refusal.value.code, refusal.value.clause) == ("site-outside-province", "EA-22.4")
    other = make.a_consent(at, "34")
    with pytest.raises(Refused):
        make.a_proposed_site(at, place_code="33", consent_id=other.pk)
    consent = make.a_consent(at, "33")
    site = make.a_proposed_site(at, place_code="33", consent_id=consent.pk)
    assert site.consent == consent
    over = queries.place_allowed("32", "33", consent, consent.until_on)
    assert [finding.code for finding in over.refusals] == ["ministry-consent-over"]
    with pytest.raises(IntegrityError), transaction.atomic():
        type(site).objects.filter(pk=site.pk).update(consent=None)
    with pytest.raises(BadInput):
        make.a_consent(at, "32")


def test_similar_scripts_in_a_fifth_of_the_rooms_bar_the_site_this_year_and_next(at: datetime) -> None:
    site = make.a_site(at, rooms=6)

    def lose(rooms: int) -> None:
        commands.disqualify_site(
            site_id=site.pk, unit="2026-10 第1单元", similar_rooms=rooms, evidence=b"%PDF", evidence_type="x/y",
            by=head(), at=at,
        )  # fmt: skip

    with pytest.raises(Refused) as refusal:
        lose(1)
    assert refusal.value.code == "similar-rooms-too-few"
    lose(2)
    site.refresh_from_db()
    assert (site.state, str(site.barred_until)) == (SiteState.SUSPENDED, "2028-01-01")
    with pytest.raises(Refused) as refusal:
        commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(at), by=head(), at=at)
    assert refusal.value.code == "site-barred"
    free = at.replace(year=2028, month=1, day=1)
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=make.whole_checklist(free), by=head(), at=free)
    until = local_day(free) + timedelta(days=365)
    commands.accept_site(site_id=site.pk, accepted_until=until, filing_number="备9", by=head(), at=free)
    assert list(queries.usable_sites("3201", local_day(free))) == [site]


def test_lapsed_site_is_accepted_again_only_after_a_new_inspection(at: datetime) -> None:
    site = make.a_site(at)
    assert site.accepted_until is not None
    lapsed = at + timedelta(days=731)
    assert queries.expiring_sites(area_clerk(), local_day(at) + timedelta(days=671)).exists()
    assert not queries.expiring_sites(area_clerk(), local_day(at) + timedelta(days=669)).exists()
    until = local_day(lapsed) + timedelta(days=365)
    with pytest.raises(Refused) as refusal:
        commands.accept_site(site_id=site.pk, accepted_until=until, filing_number="备2", by=head(), at=lapsed)
    assert refusal.value.code == "site-inspection-used"
    items = make.whole_checklist(lapsed)
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=items, by=head(), at=lapsed)
    commands.accept_site(site_id=site.pk, accepted_until=until, filing_number="备2", by=head(), at=lapsed)
    assert queries.usable_sites("3201", local_day(lapsed)).exists()


def test_vehicle_is_valid_until_its_day_renewed_and_ended(at: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        make.a_vehicle(at, has_positioning=False)
    assert refusal.value.code == "vehicle-without-positioning"
    vehicle, day = make.a_vehicle(at, days=30), local_day(at)
    assert queries.facilities_valid(FacilityKind.VEHICLE, "3201", day).exists()
    assert not queries.facilities_valid(FacilityKind.VEHICLE, "3201", vehicle.valid_until).exists()
    assert list(queries.expiring_facilities(area_clerk(), day)) == [vehicle]
    commands.renew_facility(
        facility_id=vehicle.pk, cameras=4, has_positioning=True, certificate_number="检2号", valid_from=day,
        valid_until=day + timedelta(days=400), evidence=b"%PDF", evidence_type="x/y", by=head(), at=at,
    )  # fmt: skip
    assert not queries.expiring_facilities(area_clerk(), day).exists()
    commands.end_facility(facility_id=vehicle.pk, by=head(), at=at)
    assert not queries.facilities_valid(FacilityKind.VEHICLE, "3201", day).exists()


def test_secure_room_is_accepted_anew_and_given_up(at: datetime) -> None:
    room, day = make.a_secure_room(at), local_day(at)
    by, later = clerk(Post.PAPERS_OFFICER), at + timedelta(days=310)
    assert list(queries.expiring_secure_rooms(by, local_day(later))) == [room]
    commands.renew_secure_room(
        room_id=room.pk, cameras=3, acceptance_number="2号", accepted_on=local_day(later),
        accepted_until=local_day(later) + timedelta(days=365), by=by, at=later,
    )  # fmt: skip
    assert not queries.expiring_secure_rooms(by, local_day(later)).exists()
    commands.end_secure_room(room_id=room.pk, by=by, at=later)
    assert not queries.secure_rooms_usable("3201", day + timedelta(days=320)).exists()


def test_supporting_school_says_what_it_supplies(at: datetime) -> None:
    school = make.a_supporting_school(at)
    assert (school.rooms, school.markers) == (40, 12)
    with pytest.raises(BadInput):
        commands.change_supporting_school(
            school_id=school.pk, supply=Supply(), contact="乙", phone="1", by=head(), at=at
        )
    supply = Supply(question_setters=3)
    commands.change_supporting_school(school_id=school.pk, supply=supply, contact="乙", phone="1", by=head(), at=at)
    commands.end_supporting_school(school_id=school.pk, by=head(), at=at)
    with pytest.raises(WrongState):
        commands.end_supporting_school(school_id=school.pk, by=head(), at=at)


def test_shortfall_of_record_staff_is_flagged_by_scale(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    make.the_province(at)
    root, by = queries.record_agency(head(), "32"), clerk(Post.RECORDS_HEAD)
    assert "record-department-missing" in {f.code for f in queries.record_work(root, local_day(at)).refusals}
    make.a_record_department(at, staff=2)
    assert queries.record_work(queries.record_agency(head(), "32"), local_day(at)).granted
    monkeypatch.setattr(registers, "_people", [lambda code: 200_000])
    (short,) = queries.record_work(queries.record_agency(head(), "32"), local_day(at)).refusals
    assert (short.code, short.clause) == ("record-staff-short", "SR-7")

    make.an_area(at)
    commands.assign_record_work(agency_code="3201", does_records=True, by=by, at=at)
    codes = {f.code for f in queries.record_work(queries.record_agency(head(), "3201"), local_day(at)).refusals}
    assert codes == {"record-department-missing", "record-staff-short"}
    make.a_record_department(at, "3201", staff=1)
    assert queries.record_work(queries.record_agency(head(), "3201"), local_day(at)).granted


def test_room_changes_only_while_nothing_runs_there(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make.a_site(at, rooms=2)
    change = {"site_id": site.pk, "number": 1, "spacing_cm": 90, "place": "三层", "by": area_clerk(), "at": at}
    commands.change_room(seats=25, **change)
    with pytest.raises(Refused):
        commands.change_room(seats=28, **change)
    commands.remove_room(site_id=site.pk, number=2, by=area_clerk(), at=at)
    monkeypatch.setattr(registers, "_rounds", [lambda code, on: ["2026年10月考场编排"]])
    with pytest.raises(Conflict):
        commands.change_room(seats=30, **change)
    with pytest.raises(Conflict):
        commands.remove_room(site_id=site.pk, number=1, by=area_clerk(), at=at)
    assert list(Room.objects.filter(site=site).values_list("seats", flat=True)) == [25]


@pytest.mark.parametrize("seats", [25, 30])
def test_seats_wind_from_the_door_without_a_gap(seats: int) -> None:
    plan = draw_room(seats, 80)
    assert len({(seat.x, seat.y) for seat in plan.seats}) == seats
    places = [place_of(number, seats) for number in range(1, seats + 1)]
    steps = [abs(a - c) + abs(b - d) for (a, b), (c, d) in pairwise(places)]
    assert places[0] == (0, 0)
    assert set(steps) == {1}
