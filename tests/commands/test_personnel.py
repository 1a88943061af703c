"""Exam staff: register, certificates, duty."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from tests.factories import agencies, personnel
from tests.factories.actors import area_clerk, area_director, clerk, head
from tests.factories.programmes import a_drafted_timetable
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import commands, queries
from zikao.stages.personnel.models import ID_NUMBER, Certificate, Duty, Person
from zikao.stages.personnel.queries.registers import units_of
from zikao.stages.personnel.states import InterestKind, PersonKind, PostKind, Training

pytestmark = pytest.mark.django_db
EXAM_DAY = date(2026, 10, 24)


def assign(at: datetime, site: Site, person: Person, **more: object) -> Duty:
    facts: dict[str, object] = {
        "site_id": site.pk,
        "person_id": person.pk,
        "sitting_code": "2026-10",
        "unit_number": 1,
        "on": EXAM_DAY,
        "by": area_clerk(),
        "at": at,
    }
    return commands.assign_invigilator(**{**facts, **more}).value  # type: ignore[arg-type]


def test_id_number_is_kept_sealed(at: datetime) -> None:
    row = personnel.a_person_row(at)
    person = commands.register_person(row=row, by=area_clerk(), at=at).value
    person.refresh_from_db()
    assert row.id_number.encode() not in bytes(person.id_number_sealed)
    assert ID_NUMBER.text(person) == row.id_number


def test_person_is_refused_the_second_time(at: datetime) -> None:
    row = personnel.a_person_row(at)
    commands.register_person(row=row, by=area_clerk(), at=at)
    with pytest.raises(Conflict):
        commands.register_person(row=row, by=area_clerk(), at=at)


def test_wrong_check_digit_is_named(at: datetime) -> None:
    good = personnel.an_id_number()
    bad = good[:17] + ("0" if good[17] != "0" else "1")
    with pytest.raises(BadInput) as fault:
        personnel.a_person(at, id_number=bad)
    assert "校验码" in fault.value.field_errors["id_number"]


def test_person_without_the_basic_conditions_is_refused(at: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        personnel.a_person(at, conditions=("遵纪守法",))
    assert refusal.value.clause == "EA-9"


def test_clerk_cannot_register_for_another_agency(at: datetime) -> None:
    row = personnel.a_person_row(at, "3202")
    with pytest.raises(NotFound):
        commands.register_person(row=row, by=area_clerk("3201"), at=at)


def test_bulk_register_is_all_or_none(at: datetime) -> None:
    row = personnel.a_person_row(at)
    with pytest.raises(Conflict):
        commands.register_persons(rows=[row, row], agency_code="3201", by=area_clerk(), at=at)
    assert not Person.objects.exists()


def test_certificate_is_refused_without_passed_assessment(at: datetime) -> None:
    person = personnel.a_person(at)
    day = local_day(at)
    with pytest.raises(Refused) as refusal:
        commands.issue_certificate(
            person_id=person.pk,
            post_kind=PostKind.INVIGILATOR,
            training=Training(8, day, day, assessment_passed=False),
            valid_from_on=day,
            valid_until=day + timedelta(days=9),
            by=area_clerk(),
            at=at,
        )
    assert (refusal.value.code, refusal.value.clause) == ("not-assessed", "EA-10")
    assert not Certificate.objects.exists()


def test_second_certificate_has_its_own_number(at: datetime) -> None:
    person = personnel.a_person(at)
    first, second = (personnel.a_certificate(at, person) for _ in range(2))
    assert first.number != second.number


def test_director_appoints_one_chief_a_site(at: datetime) -> None:
    site = agencies.a_site(at)
    personnel.a_chief(at, site)
    with pytest.raises(Refused) as refusal:
        personnel.a_chief(at, site)
    assert refusal.value.clause == "EA-24.4"
    chief = queries.chief_of(site, "2026-10")
    assert chief is not None
    assert chief.post_kind == PostKind.CHIEF


def test_director_appoints_several_deputies(at: datetime) -> None:
    site = agencies.a_site(at)
    for _ in range(2):
        person = personnel.a_person(at)
        personnel.a_certificate(at, person, PostKind.DEPUTY)
        commands.appoint_chief(
            site_id=site.pk,
            person_id=person.pk,
            sitting_code="2026-10",
            on=EXAM_DAY,
            post_kind=PostKind.DEPUTY,
            by=area_director(),
            at=at,
        )
    assert site.duties.filter(post_kind=PostKind.DEPUTY).count() == 2


@pytest.mark.parametrize("post", [Post.SITE_CHIEF, Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK])
def test_nobody_but_the_director_appoints_a_chief(at: datetime, post: Post) -> None:
    site, person = agencies.a_site(at), personnel.a_person(at)
    with pytest.raises(NotPermitted):
        commands.appoint_chief(
            site_id=site.pk,
            person_id=person.pk,
            sitting_code="2026-10",
            on=EXAM_DAY,
            by=clerk(post, "32"),
            at=at,
        )


def test_certificate_of_another_post_does_not_make_a_chief(at: datetime) -> None:
    site, person = agencies.a_site(at), personnel.a_person(at)
    personnel.a_certificate(at, person, PostKind.INVIGILATOR)
    with pytest.raises(Refused) as refusal:
        commands.appoint_chief(
            site_id=site.pk, person_id=person.pk, sitting_code="2026-10", on=EXAM_DAY, by=area_director(), at=at
        )
    assert refusal.value.clause == "EA-10"


def test_invigilator_is_refused_without_certificate_valid_that_day(at: datetime) -> None:
    site, person = agencies.a_site(at), personnel.a_person(at)
    certificate = personnel.a_certificate(at, person)
    room = site.rooms.get(number=1)
    with pytest.raises(Refused) as refusal:
        assign(at, site, person, room_id=room.pk, on=certificate.valid_until)
    assert refusal.value.code == "no-valid-certificate"
    assert assign(at, site, person, room_id=room.pk).room == room


def test_certificate_must_be_valid_on_every_day_of_the_duty(at: datetime) -> None:
    a_drafted_timetable(at)
    last = max(unit.on for unit in units_of("2026-10"))
    site, person = agencies.a_site(at), personnel.a_person(at, kind=PersonKind.FULL)
    held = personnel.a_certificate(at, person, PostKind.CHIEF)
    Certificate.objects.filter(pk=held.pk).update(valid_until=last)
    given = {"site_id": site.pk, "person_id": person.pk, "sitting_code": "2026-10", "by": area_director(), "at": at}
    with pytest.raises(Refused) as refusal:
        commands.appoint_chief(on=personnel.EXAM_DAY, **given)
    assert refusal.value.code == "no-valid-certificate"
    with pytest.raises(BadInput) as fault:
        commands.appoint_chief(on=at.date(), **given)
    assert "2026-10-24" in fault.value.field_errors["on"]
    Certificate.objects.filter(pk=held.pk).update(valid_until=last + timedelta(days=1))
    commands.appoint_chief(on=personnel.EXAM_DAY, **given)


def test_tutoring_teacher_is_refused_as_invigilator(at: datetime) -> None:
    site = agencies.a_site(at)
    institution = agencies.a_tutoring_institution(at)
    person = personnel.a_person(at, tutoring_institution_code=institution.code)
    personnel.a_certificate(at, person)
    with pytest.raises(Refused) as refusal:
        assign(at, site, person)
    assert refusal.value.clause == "EA-25.4"


@pytest.mark.parametrize(("kind", "clause"), [(PersonKind.PART, "EA-11.2"), (PersonKind.FULL, "EA-11.1")])
def test_person_with_declared_relative_is_refused(at: datetime, kind: PersonKind, clause: str) -> None:
    site, person = agencies.a_site(at), personnel.a_person(at, kind=kind)
    personnel.a_certificate(at, person)
    commands.declare_interest(
        person_id=person.pk, sitting_code="2026-10", kind=InterestKind.RELATIVE, by=area_clerk(), at=at
    )
    with pytest.raises(Refused) as refusal:
        assign(at, site, person, room_id=site.rooms.get(number=1).pk)
    assert refusal.value.clause == clause
    assert assign(at, site, person, sitting_code="2027-04", room_id=site.rooms.get(number=1).pk)


def test_person_stands_in_one_place_a_unit(at: datetime) -> None:
    site, person = agencies.a_site(at), personnel.a_person(at)
    personnel.a_certificate(at, person)
    assign(at, site, person)
    with pytest.raises(Conflict):
        assign(at, site, person)
    assert assign(at, site, person, unit_number=2)


def test_site_that_is_not_usable_gets_nobody(at: datetime) -> None:
    site, person = agencies.an_inspected_site(at), personnel.a_person(at)
    personnel.a_certificate(at, person)
    with pytest.raises(Refused) as refusal:
        assign(at, site, person)
    assert refusal.value.clause == "EA-24.2"


def test_lot_puts_two_invigilators_in_every_room(at: datetime) -> None:
    site = agencies.a_site(at, rooms=5)
    duties = personnel.staffed_rooms(at, site)
    rooms = Counter(duty.room_id for duty in duties)
    assert rooms.pop(None) == 1
    assert set(rooms.values()) == {2}
    assert len(rooms) == 5
    assert len({duty.person_id for duty in duties}) == 11
    room = site.rooms.get(number=1)
    assert queries.invigilators_of(room.pk, "2026-10", 1).count() == 2


def test_lot_leaves_out_those_who_may_not_serve(at: datetime) -> None:
    site = agencies.a_site(at, rooms=1)
    good = personnel.invigilators(at, 3)
    institution = agencies.a_tutoring_institution(at)
    teacher = personnel.a_person(at, tutoring_institution_code=institution.code)
    relative, uncertified, elsewhere = (personnel.a_person(at) for _ in range(3))
    for person in (teacher, relative, elsewhere):
        personnel.a_certificate(at, person)
    commands.declare_interest(
        person_id=relative.pk, sitting_code="2026-10", kind=InterestKind.OTHER, by=area_clerk(), at=at
    )
    assign(at, agencies.a_site(at), elsewhere)
    duties = commands.assign_invigilators(
        site_id=site.pk, sitting_code="2026-10", unit_number=1, on=EXAM_DAY, seed="s", by=area_clerk(), at=at
    ).value
    assert {duty.person_id for duty in duties} == {person.pk for person in good}
    assert uncertified.pk not in {duty.person_id for duty in duties}


def test_lot_is_refused_when_people_are_too_few(at: datetime) -> None:
    site = agencies.a_site(at, rooms=2)
    personnel.invigilators(at, 4)
    with pytest.raises(Refused) as refusal:
        commands.assign_invigilators(
            site_id=site.pk, sitting_code="2026-10", unit_number=1, on=EXAM_DAY, seed="s", by=head(), at=at
        )
    assert (refusal.value.code, refusal.value.clause) == ("invigilators-too-few", "EA-25.3")
    assert not Duty.objects.exists()


def test_one_invigilator_a_room_is_refused(at: datetime) -> None:
    site = agencies.a_site(at, rooms=1)
    personnel.invigilators(at, 4)
    with pytest.raises(Refused) as refusal:
        commands.assign_invigilators(
            site_id=site.pk,
            sitting_code="2026-10",
            unit_number=1,
            on=EXAM_DAY,
            seed="s",
            per_room=1,
            by=head(),
            at=at,
        )
    assert refusal.value.code == "invigilators-per-room"


def test_rooms_are_staffed_once_a_unit(at: datetime) -> None:
    site = agencies.a_site(at, rooms=1)
    personnel.staffed_rooms(at, site)
    with pytest.raises(Conflict):
        personnel.staffed_rooms(at, site)
    assert personnel.staffed_rooms(at, site, unit_number=2)


def test_same_seed_and_inputs_give_the_same_lot(at: datetime) -> None:
    site = agencies.a_site(at, rooms=3)
    first, second = personnel.staffed_rooms(at, site), personnel.staffed_rooms(at, site, unit_number=2)
    rosters = [duties[0].roster for duties in (first, second)]
    assert all(roster is not None and queries.drawn_again(roster) for roster in rosters)
    assert rosters[0].digest != rosters[1].digest
    rosters[0].seed = "another"
    assert not queries.drawn_again(rosters[0])


def test_declared_account_is_kept_from_secrets(at: datetime) -> None:
    person = personnel.a_person(at, kind=PersonKind.FULL, account_id=77)
    assert queries.kept_from_secrets(77, "2026-10", EXAM_DAY).granted
    commands.declare_interest(
        person_id=person.pk, sitting_code="2026-10", kind=InterestKind.RELATIVE, by=area_clerk(), at=at
    )
    assert not queries.kept_from_secrets(77, "2026-10", EXAM_DAY).granted
    assert queries.kept_from_secrets(77, "2027-04", EXAM_DAY).granted


def handed_over(at: datetime, duty: Duty, person: Person, **more: object) -> Duty:
    facts: dict[str, object] = {"on": EXAM_DAY, "reason": "临时生病", "by": area_clerk(), "at": at}
    return commands.hand_over_duty(duty_id=duty.pk, person_id=person.pk, **{**facts, **more}).value  # type: ignore[arg-type]


def test_declared_person_on_duty_is_listed_until_somebody_takes_over(at: datetime) -> None:
    site = agencies.a_site(at, rooms=1)
    first, *_ = personnel.staffed_rooms(at, site)
    commands.declare_interest(
        person_id=first.person_id, sitting_code="2026-10", kind=InterestKind.RELATIVE, by=area_clerk(), at=at
    )
    assert list(queries.duties_to_hand_over(area_clerk())) == [first]
    assert not queries.duties_to_hand_over(area_clerk("3202")).exists()
    (spare,) = personnel.invigilators(at, 1)
    assert handed_over(at, first, spare).person == spare
    assert not queries.duties_to_hand_over(area_clerk()).exists()


def test_duty_is_not_handed_to_somebody_busy_or_unfit(at: datetime) -> None:
    site = agencies.a_site(at, rooms=1)
    first, second, _ = personnel.staffed_rooms(at, site)
    with pytest.raises(Conflict):
        handed_over(at, first, second.person)
    with pytest.raises(Refused) as refusal:
        handed_over(at, first, personnel.a_person(at))
    assert refusal.value.code == "no-valid-certificate"
    with pytest.raises(BadInput):
        handed_over(at, first, personnel.invigilators(at, 1)[0], reason=" ")


def test_only_the_director_changes_a_chief(at: datetime) -> None:
    chief = personnel.a_chief(at, agencies.a_site(at))
    person = personnel.a_person(at)
    personnel.a_certificate(at, person, PostKind.CHIEF)
    with pytest.raises(NotPermitted):
        handed_over(at, chief, person)
    assert handed_over(at, chief, person, by=area_director()).person == person
