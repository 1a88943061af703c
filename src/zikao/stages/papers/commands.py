"""Papers packed and boxed for a whole sitting, and every hand-over of a box."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, scoped
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted
from zikao.foundation.regulation import all_of, parameter
from zikao.foundation.secrecy.classes import classify, require_access
from zikao.stages.agencies.models import SecureRoom
from zikao.stages.papers import policies, rules
from zikao.stages.papers.models import Box, HandOver, Pack
from zikao.stages.papers.secrets import boxes_of, questions_of
from zikao.stages.papers.states import LEADS_TO, TRANSITIONS, BoxState, HandOverKind, Witnessed
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.queries import at_hand, certified, fitness
from zikao.stages.personnel.states import PostKind
from zikao.stages.programmes.models import Sitting

MAKE_BOXES = """
INSERT INTO papers_box (code, sitting_id, unit_id, site_id, seal_number, state, holder, packed_at, agency_code)
SELECT format('%%s-%%s-%%s', %(sitting)s, unit.number, site.code), unit.sitting_id, unit.id, site.id,
       format('F%%s%%s%%s', replace(%(sitting)s, '-', ''), unit.number, lpad(site.id::text, 5, '0')),
       'packed', %(holder)s, %(at)s, site.agency_code
  FROM (SELECT DISTINCT paper.unit_id, room.site_id
          FROM seating_seat seat
          JOIN programmes_paper paper ON paper.id = seat.paper_id
          JOIN agencies_room room ON room.id = seat.room_id
         WHERE paper.sitting_id = %(sitting_id)s) used
  JOIN programmes_unit unit ON unit.id = used.unit_id
  JOIN agencies_site site ON site.id = used.site_id
 ORDER BY unit.number, site.code
"""

MAKE_PACKS = """
INSERT INTO papers_pack (code, box_id, paper_id, room_id, copies, spare)
SELECT format('%%s-%%s-%%s', box.code, lpad(room.number::text, 3, '0'), course.code), box.id, filled.paper_id,
       filled.room_id, filled.copies, ceil(filled.copies * %(spare_percent)s / 100.0)
  FROM (SELECT paper_id, room_id, count(*) AS copies FROM seating_seat GROUP BY paper_id, room_id) filled
  JOIN programmes_paper paper ON paper.id = filled.paper_id AND paper.sitting_id = %(sitting_id)s
  JOIN programmes_course course ON course.id = paper.course_id
  JOIN agencies_room room ON room.id = filled.room_id
  JOIN papers_box box ON box.unit_id = paper.unit_id AND box.site_id = room.site_id
 ORDER BY box.code, room.number, course.code
"""


@command(writes="papers.packed", clauses=("EA-4.1", "EA-10", "EA-11.1", "EA-21.8", "EA-21.9"), posts=policies.PACKERS)
def pack_papers(*, sitting: str, by: Actor, at: datetime) -> Outcome[int]:
    """Pack every room's papers and box them by site and unit, the whole sitting in one go.

    Source:  EA-10, EA-21.8, EA-21.9
    Writes:  papers.packed
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    held = Sitting.objects.filter(code=sitting).first()
    if held is None:
        raise NotFound("sitting-not-found", facts={"sitting": sitting})
    if Box.objects.filter(sitting=held).exists():
        raise Conflict("already-packed", message="这一考次的试卷已经整理装箱。", remedy="请查看试卷箱列表。")
    require_access(boxes_of(held.code), by=by, at=at)
    certified(by.account_id, PostKind.PAPERS, local_day(at)).require()
    spare = int(parameter("spare-papers").on(local_day(at), province=by.agency_code[:2] or None))
    with connection.cursor() as cursor:
        cursor.execute(MAKE_BOXES, {"sitting": held.code, "sitting_id": held.pk, "holder": by.name, "at": at})
        boxes = cursor.rowcount
        cursor.execute(MAKE_PACKS, {"sitting_id": held.pk, "spare_percent": spare})
        packs = cursor.rowcount
    if boxes == 0:
        raise Conflict("no-seats-yet", message="这一考次还没有编排座位，不能整理试卷。", remedy="请先完成随机编排。")
    for paper in held.papers.filter(packs__isnull=False).select_related("course", "sitting").distinct():
        classify(questions_of(paper), title=str(paper), national=paper.national, at=at)
    return Outcome(boxes, on=f"papers:{held.code}", facts={"boxes": boxes, "packs": packs})


@command(
    writes="papers.handed-over",
    clauses=(
        "EA-4.1",
        "EA-10",
        "EA-11.1",
        "EA-17",
        "EA-18.2",
        "EA-21.9",
        "EA-21.10",
        "EA-A4.4",
        "EA-A4.12",
        "EA-A6.16",
    ),
    posts=policies.HANDLERS,
)
def hand_over(
    *,
    kind: HandOverKind,
    boxes: Sequence[Witnessed],
    giver: str,
    taker_id: int,
    unit_number: int | None = None,
    secure_room_id: int | None = None,
    new_seals: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> Outcome[int]:
    """Hand over boxes from one named person to another; both have checked every seal. All boxes or none.

    `taker_id`: the registered person who takes them, certified for it and without an interest in the sitting.
    `unit_number` is asked for when papers are issued, `secure_room_id` when they are stored; `new_seals` (one a box,
    in order) when scripts are sealed.

    Source:  EA-10, EA-11.1, EA-17, EA-18.2, EA-21.9, EA-21.10
    Writes:  papers.handed-over
    Raises:  NotPermitted, NotFound, WrongState, Refused, BadInput
    """
    _check_who(kind, by)
    found = _boxes([each.box_code for each in boxes], by)
    sittings = {box.unit.sitting.code for box in found.values()}
    for sitting in sittings:
        require_access(boxes_of(sitting), by=by, at=at)
    room = _secure_room(secure_room_id, by, at) if kind is HandOverKind.STORE else None
    taker = _taker(kind, taker_id, sittings, by, at)
    if kind is HandOverKind.SEAL and len(new_seals) != len(boxes):
        raise BadInput("seals-missing", field_errors={"new_seals": "每箱答卷须填写一个新的封签号。"})
    hand_overs, batch = [], min(found)
    for index, seen in enumerate(boxes):
        box = found[seen.box_code]
        _check(box, kind, seen, giver=giver, taker=taker.name, unit_number=unit_number, at=at)
        box.state, box.holder = LEADS_TO[kind], taker.name
        box.secure_room = room if kind is HandOverKind.STORE else None
        if kind is HandOverKind.SEAL:
            box.seal_number = new_seals[index]
        hand_overs.append(_hand_over(box, kind, seen, giver=giver, taker=taker, batch=batch, by=by, at=at))
    HandOver.objects.bulk_create(hand_overs)
    Box.objects.bulk_update(found.values(), ["state", "holder", "secure_room", "seal_number"])
    facts = {"kind": kind, "boxes": sorted(found), "giver": giver, "taker": taker.pk}
    return Outcome(len(hand_overs), on=f"papers.{kind}:{batch}", facts=facts)


def _check_who(kind: HandOverKind, by: Actor) -> None:
    if by.post not in policies.WHO_TAKES[kind]:
        who = "、".join(sorted(post.label for post in policies.WHO_TAKES[kind]))
        raise NotPermitted("hand-over-not-yours", message=f"“{kind.label}”由{who}登记。")


def _taker(kind: HandOverKind, taker_id: int, sittings: Collection[str], by: Actor, at: datetime) -> Person:
    """Who takes the boxes: at hand in the exam area, fit that day for a post that may take them (EA-10, EA-11.1)."""
    person = at_hand(by, local_day(at)).filter(pk=taker_id).first()
    if person is None:
        raise NotFound("person-not-found", facts={"person": taker_id})
    for sitting in sorted(sittings):
        fit = [fitness(person, post, sitting, local_day(at)) for post in policies.CERTIFIED_AS[kind]]
        next((each for each in fit if each.granted), fit[0]).require()
    return person


def _boxes(codes: Sequence[str], by: Actor) -> dict[str, Box]:
    if not codes or len(set(codes)) != len(codes):
        raise BadInput("boxes-listed-wrong", message="请列出要交接的试卷箱，每箱一次。")
    rows = scoped(Box.objects.select_related("unit__sitting", "site"), by).filter(code__in=codes)
    found = {box.code: box for box in rows.select_for_update(of=("self",)).order_by("id")}
    missing = sorted(set(codes) - set(found))
    if missing:
        raise NotFound("box-not-found", facts={"boxes": missing}, message=f"没有试卷箱 {'、'.join(missing)}。")
    return found


def _secure_room(secure_room_id: int | None, by: Actor, at: datetime) -> SecureRoom:
    room = scoped(SecureRoom.objects.all(), by).filter(pk=secure_room_id or 0).first()
    if room is None:
        raise BadInput("secure-room-missing", field_errors={"secure_room_id": "请选择本机构的试卷保密室。"})
    rules.SECURE_ROOM(
        on=local_day(at),
        accepted_on=room.accepted_on,
        accepted_until=room.accepted_until,
        cameras=room.cameras,
        province=room.agency_code[:2] or None,
    ).require()
    return room


def _check(
    box: Box, kind: HandOverKind, seen: Witnessed, *, giver: str, taker: str, unit_number: int | None, at: datetime
) -> None:
    check_transition(TRANSITIONS, BoxState(box.state), LEADS_TO[kind])
    day = local_day(at)
    decisions = [
        rules.CHAIN(
            on=day,
            holder=box.holder,
            giver=giver,
            taker=taker,
            seal_number=box.seal_number,
            seal_shown=seen.seal_number,
            seal_intact=seen.seal_intact,
        )
    ]
    if kind is HandOverKind.ISSUE:
        unit_day = local_day(box.unit.starts_at)
        decisions.append(
            rules.UNIT_DRAW(on=day, box_unit=box.unit.number, asked_unit=unit_number or 0, unit_day=unit_day)
        )
    if kind is HandOverKind.RECEIVE:
        packs = Pack.objects.filter(box=box).count()
        decisions.append(
            rules.SITE_COUNT(on=day, packs=packs, counted=seen.packs_counted, box_empty_after=seen.box_empty_after)
        )
    all_of(*decisions).require()


def _hand_over(
    box: Box, kind: HandOverKind, seen: Witnessed, *, giver: str, taker: Person, batch: str, by: Actor, at: datetime
) -> HandOver:
    return HandOver(
        box=box,
        number=list(HandOverKind).index(kind) + 1,
        kind=kind,
        giver=giver,
        taker=taker.name,
        taker_person=taker,
        seal_number=seen.seal_number,
        seal_intact=seen.seal_intact,
        packs_counted=seen.packs_counted,
        recorded_by=by.account_id,
        batch=batch,
        at=at,
    )
