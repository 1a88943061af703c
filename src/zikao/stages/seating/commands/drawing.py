"""The draw: a plan from counts, then everybody's place by one sorted set in the database."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.regulation import all_of
from zikao.stages.seating import policies, queries, rules
from zikao.stages.seating.commands.filling import fill_seats
from zikao.stages.seating.models import Draw
from zikao.stages.seating.states import TRANSITIONS, Block, Demand, DrawState, Lack


@command(writes="seating.drawn", clauses=("EA-16", "EA-24.3", "EA-25.2", "EA-52"), posts=policies.DRAWERS)
def draw_seats(*, sitting_code: str, by: Actor, at: datetime) -> Outcome[Draw]:
    """Give every entry of the closed list exactly one seat, by the revealed seed.

    Refused with the shortfall of each area and unit where rooms do not suffice: nobody is left without a seat.

    Source:  EA-16, EA-24.3, EA-25.2, EA-52
    Writes:  seating.drawn
    Raises:  NotPermitted, NotFound, WrongState, Refused (secrets missing, seats or own rooms short, only own premises
        left, rooms unfit)
    """
    policies.check_whole_province(by)
    draw = Draw.objects.select_for_update().get(pk=queries.draw_of(sitting_code).pk)
    before = snapshot(draw)
    _check_seed(draw, at)
    check_transition(TRANSITIONS, DrawState(draw.state), DrawState.DRAWN)
    demands = queries.demands(sitting_code, draw.algorithm)
    blocks = _plan(sitting_code, demands, at)
    groups = fill_seats(draw, blocks, queries.paper_ids(sitting_code))
    draw.seated = sum(demand.count for demand in demands)
    draw.rooms = len({(block.unit, block.room) for block in blocks})
    draw.digest = rules.draw_digest(groups, blocks, draw.algorithm)
    draw.state, draw.drawn_at = DrawState.DRAWN, at
    draw.save(update_fields=["seated", "rooms", "digest", "state", "drawn_at"])
    facts = {"sitting": sitting_code, "count": draw.seated, "rooms": draw.rooms, "digest": draw.digest}
    return Outcome(draw, before=before, facts=facts)


def _check_seed(draw: Draw, at: datetime) -> None:
    held = list(draw.commitments.all())
    revealed = sum(each.secret is not None for each in held)
    rules.SEED(on=local_day(at), committed=len(held), revealed=revealed).require()


def _plan(sitting_code: str, demands: list[Demand], at: datetime) -> list[Block]:
    areas = {demand.area for demand in demands}
    rooms = [room for room in queries.rooms_usable(sitting_code) if room.area in areas]
    rules.ROOMS_FIT(on=local_day(at), rooms=tuple(rooms)).require()
    rules.ENOUGH_SEATS(on=local_day(at), shortfalls=rules.shortfalls(rooms, demands)).require()
    _check_lacks(rules.lacks(rooms, demands), local_day(at))
    return rules.plan(rooms, demands)


def _check_lacks(lacks: tuple[Lack, ...], on: date) -> None:
    all_of(
        rules.OWN_ROOMS(on=on, lacks=tuple(each for each in lacks if not each.tutor)),
        rules.PREMISES(on=on, lacks=tuple(each for each in lacks if each.tutor)),
    ).require()
