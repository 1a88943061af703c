"""The waiting room: numbers given, the early ones drawn by lot, candidates let in, the rate set or measured."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, all_rows, command, snapshot
from zikao.foundation.errors import BadInput, WrongState
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.locks import window_alone
from zikao.stages.entries.models import EntryWindow, Queue, Ticket
from zikao.stages.entries.rules import ARRIVAL, RATE, WINDOW
from zikao.stages.entries.states import RateMode

_DRAW = """
UPDATE entries_ticket t SET number = drawn.n FROM (
    SELECT id, row_number() OVER (ORDER BY sha256(convert_to(%s || '/' || candidate_id, 'UTF8')), id) AS n
    FROM entries_ticket WHERE queue_id = %s AND number IS NULL
) drawn WHERE t.id = drawn.id
"""


@command(writes="entries.waiting-room-set", clauses=("EA-13.2",), posts=policies.WINDOW_KEEPERS)
def set_waiting_room(
    *, sitting_code: str, mode: RateMode, rate_a_minute: int, by: Actor, at: datetime
) -> Outcome[Queue]:
    """Open the waiting room of a window, or set how many are let in each minute: measured, or fixed by a person.

    Source:  EA-13.2
    Writes:  entries.waiting-room-set
    Raises:  NotPermitted, NotFound, WrongState (frozen), BadInput (rate)
    """
    window = window_alone(sitting_code)
    policies.check_window_open(window)
    if not 0 <= rate_a_minute <= 100_000:
        text = "每分钟放行人数应在 0 到 100000 之间。"
        raise BadInput("rate-out-of-range", field_errors={"rate_a_minute": text}, message=text)
    queue = Queue.objects.select_for_update().filter(window=window).first() or Queue(
        window=window, seed=secrets.token_hex(32), rate_at=window.opens_at, rate_a_minute=rate_a_minute
    )
    before = snapshot(queue) if queue.pk else None
    _set_rate(queue, rate_a_minute, max(at, window.opens_at))
    queue.mode = mode
    queue.save()
    EntryWindow.objects.filter(pk=window.pk).update(waiting_room=True)
    return Outcome(queue, on=window, before=before, facts={"mode": str(mode), "rate": rate_a_minute})


@command(writes="entries.ticket-taken", clauses=("EA-13.2",), posts=policies.ORDERERS)
def take_ticket(*, candidate_id: int, sitting_code: str, by: Actor, at: datetime) -> Outcome[Ticket]:
    """Take a number: the one had already; a new one at the end for who stayed away; none yet before the opening.

    Source:  EA-13.2
    Writes:  entries.ticket-taken
    Raises:  NotPermitted, NotFound, WrongState (no waiting room, frozen), Refused (too early, window over)
    """
    candidate = access_candidate(by, candidate_id, lock=True)
    window = queries.window_of(sitting_code)
    _check_arrival(window, by, at)
    queue = queries.queue_of(window)
    if queue is None:
        raise WrongState("no-waiting-room", message="这次报考不需要排队。", remedy="请直接选择课程。")
    if at >= window.opens_at:
        _draw_if_due(queue, at)
    facts = {"agency_code": candidate.agency_code, "arrived_at": at}
    ticket, is_new = Ticket.objects.get_or_create(queue=queue, candidate=candidate, defaults=facts)
    if at >= window.opens_at and (ticket.number is None or queries.is_over(ticket, at)):
        ticket.number, ticket.came_in_at, ticket.done_at, ticket.arrived_at = _next(queue), None, None, at
        ticket.save()
    return Outcome(ticket, facts={"queue": queue.pk, "number": ticket.number, "again": not is_new})


@command(writes="entries.came-in", clauses=("EA-13.2",), posts=policies.ORDERERS)
def come_in(*, ticket_id: int, by: Actor, at: datetime) -> Outcome[Ticket]:
    """Note that a candidate whose number was reached is inside.

    Source:  EA-13.2
    Writes:  entries.came-in
    Raises:  NotPermitted, WrongState (not reached)
    """
    ticket = Ticket.objects.select_related("queue").get(pk=ticket_id, candidate_id=by.candidate_id or 0)
    if ticket.number is None or ticket.number > queries.let_in_now(ticket.queue, at):
        raise WrongState("not-your-turn", message="还没有轮到您。", remedy="请在候场页面等待。", clause="EA-13.2")
    if ticket.came_in_at is None:
        ticket.came_in_at = at
        ticket.save(update_fields=["came_in_at"])
    return Outcome(ticket, facts={"number": ticket.number})


@command(writes="entries.queue-measured", clauses=("EA-13.2",), posts=policies.GATEWAY_POSTS)
def measure_queue(*, queue_id: int, by: Actor, at: datetime) -> Outcome[int]:
    """Draw the early numbers when the window has opened, and set the rate by how many are inside and finish.

    Gives the rate a minute.

    Source:  EA-13.2
    Writes:  entries.queue-measured
    Raises:  NotPermitted
    """
    queue = Queue.objects.select_for_update(of=("self",)).select_related("window").get(pk=queue_id)
    if at >= queue.window.opens_at:
        _draw_if_due(queue, at)
        queue.refresh_from_db()
    inside, done = queries.inside(queue, at), queries.done_last_minute(queue, at)
    if queue.mode == RateMode.MEASURED and at > queue.rate_at:
        facts = {"inside": inside, "done_a_minute": done, "rate_a_minute": queue.rate_a_minute}
        rate = RATE(on=local_day(at), province=settings.ZIKAO_NODE_CODE, **facts)
        _set_rate(queue, rate, at)
        queue.save()
    return Outcome(queue.rate_a_minute, on=queue, facts={"inside": inside, "done": done, "rate": queue.rate_a_minute})


def _check_arrival(window: EntryWindow, by: Actor, at: datetime) -> None:
    day, way, ways = local_day(at), policies.way_of(by), policies.ways_of(window)
    policies.check_window_open(window)
    minutes = parameter("waiting-room-before-minutes").on(day, province=settings.ZIKAO_NODE_CODE)
    ARRIVAL(on=day, at=at, opens_at=window.opens_at, minutes=minutes).require()
    if at >= window.opens_at:
        WINDOW(on=day, at=at, opens_at=window.opens_at, closes_at=window.closes_at, way=way, ways=ways).require()


def _set_rate(queue: Queue, rate: int, at: datetime) -> None:
    """From now on at another rate; whoever was let in stays so."""
    queue.let_in = queries.let_in_now(queue, at) if queue.pk else 0
    queue.rate_a_minute, queue.rate_at = rate, at


def _draw_if_due(queue: Queue, at: datetime) -> None:
    if queue.drawn_at is not None:
        return
    locked = Queue.objects.select_for_update().get(pk=queue.pk)
    if locked.drawn_at is not None:
        return
    with all_rows("EA-13.2：开始前到达的考生一起抽签定序"), connection.cursor() as cursor:
        cursor.execute(_DRAW, [locked.seed, locked.pk])
        drawn = cursor.rowcount
    Queue.objects.filter(pk=locked.pk).update(last=drawn, drawn_at=at)


def _next(queue: Queue) -> int:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE entries_queue SET last = last + 1 WHERE id = %s RETURNING last", [queue.pk])
        return int(cursor.fetchone()[0])


def finish_ticket(candidate_id: int, window: EntryWindow, at: datetime) -> None:
    """Within a command that entered a candidate: their number is done."""
    if window.waiting_room:
        mine = Ticket.objects.filter(candidate_id=candidate_id, queue__window=window, done_at__isnull=True)
        mine.update(done_at=at)
