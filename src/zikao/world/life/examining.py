"""The exam days: people on duty, papers packed and handed from hand to hand, rooms recorded, violations taken down."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.stages.agencies.models import SecureRoom, Site
from zikao.stages.conduct import commands as conduct
from zikao.stages.conduct.models import Attendance
from zikao.stages.conduct.states import RoomFault, RoomSheet
from zikao.stages.papers import commands as papers
from zikao.stages.papers.models import Box
from zikao.stages.papers.states import HandOverKind, Witnessed
from zikao.stages.personnel import commands as personnel
from zikao.stages.personnel.models import Duty, Person
from zikao.stages.personnel.states import PostKind
from zikao.stages.programmes.models import Unit
from zikao.stages.seating.models import Seat
from zikao.stages.violations import commands as violations
from zikao.world.calendar import DUTIES_ASSIGNED, PAPERS_PACKED, PAPERS_STORED, ROOMS_CHECKED, SITTING
from zikao.world.life import premises, staffing
from zikao.world.life.context import MOVER_NAME, Life

ABSENT_SHARE, NO_HANDWRITING_SHARE = 0.12, 0.004
VIOLATIONS = (
    ("D05-01", "将手机带入考场，放在座位旁。"),
    ("D05-03", "结束信号发出后继续答题。"),
    ("C06-01", "夹带与考试内容有关的材料。"),
)


def units() -> list[Unit]:
    """The units of the sitting in their order."""
    return list(Unit.objects.filter(sitting__code=SITTING).order_by("number"))


def used_sites() -> list[Site]:
    """The sites in which somebody sits."""
    rooms = Seat.objects.values("room_id")
    return list(Site.objects.filter(rooms__in=rooms).distinct().select_related("area").order_by("code"))


def assign_duties(life: Life) -> None:
    """Interests compared first; a chief for every site; for every unit two invigilators a room and rovers."""
    staffing.compare_interests(life)
    sites, held = used_sites(), units()
    for site in life.each("聘任主考", sites):
        if site.tutoring_institution_id is not None:
            premises.run_by_the_province(life, site, held)
            continue
        personnel.appoint_chief(
            site_id=site.pk,
            person_id=_person_of(life, f"chief-{site.code}").pk,
            sitting_code=SITTING,
            on=local_day(held[0].starts_at),
            by=life.who(f"director-{site.area.code}", DUTIES_ASSIGNED),
            at=DUTIES_ASSIGNED,
        )
    for site in life.each("聘任监考员", sites):
        staffing.staff_rooms(life, site)
        if site.tutoring_institution_id is not None:
            premises.tell_the_centre(life, site)


def pack_and_store(life: Life) -> None:
    """All papers packed and boxed in one go, then stored in the secure rooms of the areas."""
    keeper = life.who("papers", PAPERS_PACKED)
    papers.pack_papers(sitting=SITTING, by=keeper, at=PAPERS_PACKED)
    for area in life.each("试卷入保密室", life.areas):
        room = SecureRoom.objects.get(agency_code=area)
        _hand_over(
            life,
            HandOverKind.STORE,
            _boxes(area),
            giver=keeper.name,
            taker=_person_of(life, f"clerk-{area}"),
            by=life.who(f"clerk-{area}", PAPERS_STORED),
            at=PAPERS_STORED,
            secure_room_id=room.pk,
        )


def _person_of(life: Life, username: str) -> Person:
    """The registered person who is one of the cast."""
    return Person.objects.get(account_id=life.who(username, PAPERS_STORED).account_id)


def _carriers(site: Site) -> tuple[Person, Person]:
    """Who carries the papers to a site, and who keeps and brings back its scripts: both certified for it."""
    here = Person.objects.filter(agency_code=site.area.code, certificates__post_kind=PostKind.PAPERS, account_id=None)
    number = Site.objects.filter(area=site.area, code__lt=site.code).count()
    first, second = here.order_by("id")[2 * number : 2 * number + 2]
    return first, second


def _boxes(area: str, unit: Unit | None = None, site: Site | None = None) -> list[Box]:
    rows = Box.objects.filter(site__area__code=area)
    rows = rows.filter(unit=unit) if unit else rows
    return list((rows.filter(site=site) if site else rows).order_by("code"))


def _hand_over(
    life: Life,
    kind: HandOverKind,
    boxes: list[Box],
    *,
    giver: str,
    taker: Person,
    by: Actor,
    at: datetime,
    unit_number: int | None = None,
    secure_room_id: int | None = None,
) -> None:
    counted = kind is HandOverKind.RECEIVE
    sealing = kind is HandOverKind.SEAL
    papers.hand_over(
        kind=kind,
        boxes=[Witnessed(b.code, b.seal_number, True, b.packs.count() if counted else None) for b in boxes],
        giver=giver,
        taker_id=taker.pk,
        unit_number=unit_number,
        secure_room_id=secure_room_id,
        new_seals=[f"D{box.code.replace('-', '')}" for box in boxes] if sealing else (),
        by=by,
        at=at,
    )


def hold_unit(life: Life, number: int) -> None:
    """One unit from the morning's hand-over to the sealed scripts, at every site of the province."""
    unit = units()[number - 1]
    if number == 1:
        _check_rooms(life)
    sites = [site for site in used_sites() if Seat.objects.filter(room__site=site, unit=unit).exists()]
    for site in life.each(f"第{number}单元考试", sites):
        _deliver_papers(life, site, unit)
        _record_rooms(life, site, unit)
        _bring_scripts_home(life, site, unit)
    if number == 1:
        _take_down_violations(life, unit)


def _check_rooms(life: Life) -> None:
    """The day before: every room checked; one site finds a room not in order, puts it right and checks it again."""
    for number, site in enumerate(used_sites()):
        by, checker = life.who(f"chief-{site.code}", ROOMS_CHECKED), _person_of(life, f"chief-{site.code}")
        given: dict[str, Any] = {"site_id": site.pk, "sitting": SITTING, "checker_id": checker.pk, "by": by}
        room_id = Seat.objects.filter(room__site=site).order_by("room__number").values_list("room_id", flat=True)[0]
        fault = RoomFault(room_id, frozenset({"writing", "clock"}), "后墙板报没有遮盖，时钟慢 4 分钟。")
        conduct.record_room_checks(
            checked_at=ROOMS_CHECKED, faults=[fault] if number == 0 else (), at=ROOMS_CHECKED, **given
        )
        if number == 0:
            again = ROOMS_CHECKED + timedelta(hours=2)
            conduct.record_room_checks(checked_at=again, room_ids=[room_id], at=again, **given)


def _deliver_papers(life: Life, site: Site, unit: Unit) -> None:
    area = site.area.code
    boxes = _boxes(area, unit, site)
    early = unit.starts_at - timedelta(minutes=75)
    clerk, courier = life.who(f"clerk-{area}", early), _carriers(site)[0]
    chief = life.who(f"chief-{site.code}", early)
    _hand_over(
        life, HandOverKind.ISSUE, boxes, giver=clerk.name, taker=courier, by=clerk, at=early, unit_number=unit.number
    )
    arrived = unit.starts_at - timedelta(minutes=50)
    boxes = _boxes(area, unit, site)
    taker = _person_of(life, f"chief-{site.code}")
    _hand_over(life, HandOverKind.RECEIVE, boxes, giver=courier.name, taker=taker, by=chief, at=arrived)


def _record_rooms(life: Life, site: Site, unit: Unit) -> None:
    rng = Random(f"{life.seed}/rooms/{site.code}/{unit.number}")
    seats: dict[int, list[int]] = defaultdict(list)
    here = Seat.objects.filter(room__site=site, unit=unit)
    for room, seat in here.order_by("id").values_list("room_id", "number"):
        seats[room].append(seat)
    comes_surely = set(here.filter(entry__candidate__name=MOVER_NAME).values_list("room_id", "number"))
    duty: dict[int, list[int]] = defaultdict(list)
    rows = Duty.objects.filter(site=site, sitting_code=SITTING, unit_number=unit.number, room__isnull=False)
    for room_id, person_id in rows.order_by("id").values_list("room_id", "person_id"):
        if room_id is not None:
            duty[room_id].append(person_id)
    ended = unit.ends_at + timedelta(minutes=20)
    sheets = [
        RoomSheet(
            room_id=room,
            absent=frozenset(n for n in numbers if rng.random() < ABSENT_SHARE and (room, n) not in comes_surely),
            no_handwriting=frozenset(n for n in numbers if rng.random() < NO_HANDWRITING_SHARE),
            invigilators=tuple(duty[room][:2]),
        )
        for room, numbers in sorted(seats.items())
    ]
    by = life.who(f"chief-{site.code}", ended)
    conduct.take_in_room_sheets(site_code=site.code, unit_id=unit.pk, sheets=sheets, by=by, at=ended)


def _bring_scripts_home(life: Life, site: Site, unit: Unit) -> None:
    area, sealed = site.area.code, unit.ends_at + timedelta(minutes=40)
    chief, keeper = life.who(f"chief-{site.code}", sealed), _carriers(site)[1]
    _hand_over(life, HandOverKind.SEAL, _boxes(area, unit, site), giver=chief.name, taker=keeper, by=chief, at=sealed)
    home = unit.ends_at + timedelta(minutes=90)
    clerk_name = f"clerk-{area}"
    clerk = life.who(clerk_name, home)
    _hand_over(
        life,
        HandOverKind.RETURN,
        _boxes(area, unit, site),
        giver=keeper.name,
        taker=_person_of(life, clerk_name),
        by=clerk,
        at=home,
    )


def _take_down_violations(life: Life, unit: Unit) -> None:
    there = Attendance.objects.filter(seat__unit=unit, present=True).select_related("session", "seat__entry")
    caught = list(there.order_by("seat__entry__candidate__admission_number")[7 : 7 + 40 * len(VIOLATIONS) : 40])
    at = unit.ends_at + timedelta(minutes=60)
    for attendance, (code, facts) in zip(caught, VIOLATIONS, strict=False):
        session, entry = attendance.session, attendance.seat.entry
        assert session.first_invigilator_id is not None
        assert session.second_invigilator_id is not None
        violations.record_violation(
            entry_id=entry.pk,
            code=code,
            account_of_facts=facts,
            recorders=(session.first_invigilator_id, session.second_invigilator_id),
            told_candidate=True,
            by=life.who(f"clerk-{entry.area_code}", at),
            at=at,
        )
