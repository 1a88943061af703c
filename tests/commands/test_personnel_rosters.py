"""Rosters for a whole sitting, central dispatch, tutoring premises, readiness."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest

from tests.factories import agencies, personnel
from tests.factories.actors import area_clerk, area_director, head
from zikao.foundation.errors import Conflict, NotFound, Refused
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import commands, queries
from zikao.stages.personnel.models import Dispatch, Duty, Roster
from zikao.stages.personnel.queries import registers
from zikao.stages.personnel.rules.dispatching import Demand
from zikao.stages.personnel.states import PersonKind, PostKind, Relation, RoomUse, SeatUse, Sex, UnitDay

pytestmark = pytest.mark.django_db
DAYS = [UnitDay(1, date(2026, 10, 24)), UnitDay(2, date(2026, 10, 24)), UnitDay(3, date(2026, 10, 25))]


@pytest.fixture
def seated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every room of every site is used in three units."""

    def rooms(code: str, site_id: int) -> list[RoomUse]:
        held = Site.objects.get(pk=site_id).rooms.order_by("number")
        return [RoomUse(unit.number, room.pk) for unit in DAYS for room in held]

    monkeypatch.setattr(registers, "_units", [lambda code: DAYS])
    monkeypatch.setattr(registers, "_rooms", [rooms])


def drawn(at: datetime, site: Site, **more: object) -> Roster:
    facts: dict[str, object] = {"seed": "s", "by": area_clerk(site.area.code), "at": at, **more}
    return commands.draw_roster(site_id=site.pk, sitting_code="2026-10", **facts).value  # type: ignore[arg-type]


def teams(site: Site) -> dict[tuple[int, int], list[Duty]]:
    found: dict[tuple[int, int], list[Duty]] = defaultdict(list)
    for duty in site.duties.filter(room__isnull=False).select_related("person"):
        found[duty.room_id or 0, duty.unit_number or 0].append(duty)
    return found


@pytest.mark.usefixtures("seated")
def test_roster_keeps_every_condition_for_the_whole_sitting(at: datetime) -> None:
    site = agencies.a_site(at, rooms=4)
    people = personnel.invigilators(at, 14)
    for person in people[:5]:
        person.sex = Sex.MALE
        person.save()
    roster = drawn(at, site)
    found = teams(site)
    assert len(found) == 12
    assert {len(team) for team in found.values()} == {2}
    assert all(len({duty.person.unit for duty in team}) == 2 for team in found.values())
    pairs = Counter(tuple(sorted(duty.person_id for duty in team)) for team in found.values())
    assert set(pairs.values()) == {1}
    assert sum(len({duty.person.sex for duty in team}) == 2 for team in found.values()) == 12
    assert Counter(site.duties.filter(room=None).values_list("unit_number", flat=True)) == {1: 1, 2: 1, 3: 1}
    assert roster.unmet["rooms"] == {}
    assert queries.drawn_again(Roster.objects.get())
    with pytest.raises(Conflict):
        drawn(at, site)


@pytest.mark.usefixtures("seated")
def test_roster_keeps_a_teacher_out_of_the_rooms_of_pupils(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    site = agencies.a_site(at, rooms=2)
    teacher, *_ = personnel.invigilators(at, 7)
    number = personnel.an_id_number()
    kin = commands.declare_kin(
        person_id=teacher.pk, relation=Relation.PUPIL, name="小李", id_number=number, by=area_clerk(), at=at
    ).value
    first, _second = site.rooms.order_by("number")
    here = [SeatUse(7, bytes(kin.id_number_index), unit.number, first.pk) for unit in DAYS]
    monkeypatch.setattr(registers, "_seats", [lambda *asked: here])
    drawn(at, site)
    assert not teacher.duties.filter(room=first).exists()


@pytest.mark.usefixtures("seated")
def test_roster_that_cannot_be_says_what_is_missing(at: datetime) -> None:
    site = agencies.a_site(at, rooms=2)
    for person in personnel.invigilators(at, 6):
        person.unit = "第一中学"
        person.save()
    with pytest.raises(Refused) as refusal:
        drawn(at, site)
    assert (refusal.value.code, refusal.value.clause) == ("roster-impossible", "EA-25.3")
    assert "2个考场排不满" in refusal.value.message
    assert "来自1所学校" in refusal.value.message
    assert not Duty.objects.exists()


def test_successor_comes_from_another_school_and_is_no_old_partner(at: datetime) -> None:
    site = agencies.a_site(at, rooms=1)
    first, second, _ = personnel.staffed_rooms(at, site)
    (spare,) = personnel.invigilators(at, 1)
    spare.unit = second.person.unit
    spare.save()
    facts = {"duty_id": first.pk, "person_id": spare.pk, "on": personnel.EXAM_DAY, "reason": "生病"}
    with pytest.raises(Refused) as refusal:
        commands.hand_over_duty(**facts, by=area_clerk(), at=at)
    assert refusal.value.code == "same-school"
    spare.unit = "另一所中学"
    spare.save()
    assert commands.hand_over_duty(**facts, by=area_clerk(), at=at).value.person == spare


def test_dispatch_prefers_other_areas_and_binds_people_to_the_site(at: datetime) -> None:
    site, elsewhere = agencies.a_site(at), agencies.a_site(at)
    away, home = personnel.invigilators(at, 3, "3202"), personnel.invigilators(at, 3, "3201")
    sent = personnel.a_dispatch(at, site, 3, ("3201", "3202"))
    assert {place.person_id for place in sent.places.all()} == {person.pk for person in away}
    person = away[0]
    facts = {"sitting_code": "2026-10", "unit_number": 1, "on": personnel.EXAM_DAY, "person_id": person.pk}
    with pytest.raises(Refused) as refusal:
        commands.assign_invigilator(site_id=elsewhere.pk, **facts, by=head(), at=at)
    assert refusal.value.code == "dispatched-elsewhere"
    assert commands.assign_invigilator(site_id=site.pk, **facts, by=area_clerk(), at=at)
    with pytest.raises(Refused) as refusal:
        personnel.a_dispatch(at, elsewhere, 5, ("3201", "3202"))
    assert "缺2人" in refusal.value.message
    assert Dispatch.objects.count() == 1
    assert home


def on_tutoring_premises(at: datetime) -> Site:
    site = agencies.a_site(at, rooms=1)
    site.tutoring_institution = agencies.a_tutoring_institution(at)
    site.save()
    return site


@pytest.mark.usefixtures("seated")
def test_tutoring_premises_take_people_of_the_province_only_with_its_inspector(at: datetime) -> None:
    site, on = on_tutoring_premises(at), personnel.EXAM_DAY
    personnel.invigilators(at, 6)
    chief = personnel.a_person(at, kind=PersonKind.FULL)
    personnel.a_certificate(at, chief, PostKind.CHIEF)
    appoint = {"site_id": site.pk, "person_id": chief.pk, "sitting_code": "2026-10", "on": on}
    with pytest.raises(Refused) as refusal:
        commands.appoint_chief(**appoint, by=area_director(), at=at)
    assert (refusal.value.code, refusal.value.clause) == ("not-sent-by-province", "EA-A3.2")
    with pytest.raises(Refused) as refusal:
        drawn(at, site)
    assert refusal.value.code == "no-provincial-inspector"
    inspector = commands.register_person(row=personnel.a_person_row(at, "32"), by=head(), at=at).value
    commands.issue_certificate(
        person_id=inspector.pk, post_kind=PostKind.INSPECTOR, training=personnel.a_training(at),
        valid_from_on=at.date(), valid_until=at.date() + timedelta(days=365), by=head(), at=at,
    )  # fmt: skip
    commands.assign_duty(
        site_id=site.pk, person_id=inspector.pk, sitting_code="2026-10", on=on, post_kind=PostKind.INSPECTOR,
        by=head(), at=at,
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        drawn(at, site)
    assert refusal.value.code == "invigilators-too-few"
    abroad = personnel.invigilators(at, 5, "3202")
    demands = [Demand(site.pk, PostKind.INVIGILATOR.value, 5), Demand(site.pk, PostKind.CHIEF.value, 1)]
    personnel.a_dispatch(at, site, demands=demands, pool=("3201", "3202"))
    assert commands.appoint_chief(**appoint, by=area_director(), at=at)
    drawn(at, site)
    assert {duty.person_id for duty in site.duties.filter(roster__isnull=False)} <= {each.pk for each in abroad}
    assert queries.staffed(site, "2026-10", 1, on).granted


@pytest.mark.usefixtures("seated")
def test_site_is_ready_only_with_everybody(at: datetime) -> None:
    site, on = agencies.a_site(at, rooms=2), personnel.EXAM_DAY
    lacking = {finding.code for finding in queries.staffed(site, "2026-10", 1, on).refusals}
    assert lacking == {"no-chief", "rooms-short", "rovers-short"}
    personnel.a_chief(at, site)
    personnel.staffed_rooms(at, site)
    assert queries.staffed(site, "2026-10", 1, on).granted
    assert queries.board(site, "2026-10").lacking[0][0] == 2


def test_recalled_person_is_free_and_not_drawn_again(at: datetime) -> None:
    site = agencies.a_site(at)
    personnel.invigilators(at, 3, "3202")
    dispatch = personnel.a_dispatch(at, site)
    first, second = dispatch.places.order_by("id")
    commands.assign_invigilator(
        site_id=site.pk, person_id=first.person_id, sitting_code="2026-10", unit_number=1, on=personnel.EXAM_DAY,
        by=area_clerk(), at=at,
    )  # fmt: skip
    commands.recall_person(place_id=first.pk, reason="住院", by=head(), at=at)
    assert not Duty.objects.exists()
    again = personnel.a_dispatch(at, site, people=1)
    assert again.places.get().person_id not in {first.person_id, second.person_id}
    with pytest.raises(NotFound):
        commands.recall_person(place_id=first.pk, reason="再撤", by=head(), at=at)
