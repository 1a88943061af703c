"""The waiting room: whose turn it is, how long it takes, what the staff see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.entries.models import EntryWindow, Queue, Ticket
from zikao.stages.entries.rules import LET_IN


@dataclass(frozen=True)
class Turn:
    """Where a number stands: how many are before it, and about how many minutes that takes (None: not known).

    Who has no number yet hears of it in `opens_in` seconds.
    """

    number: int | None
    ahead: int
    minutes: int | None
    opens_in: int = 0

    @property
    def is_reached(self) -> bool:
        """Whether the candidate may come in."""
        return self.number is not None and self.ahead <= 0

    @property
    def ask_again_seconds(self) -> int:
        """When to ask again: soon when it is near, seldom when it is far."""
        return max(3, min(60, self.opens_in if self.number is None else self.ahead // 20 + 3))


def queue_of(window: EntryWindow) -> Queue | None:
    """The queue of a window, where it has one."""
    return Queue.objects.filter(window=window).first()


def let_in_now(queue: Queue, at: datetime) -> int:
    """Until which number candidates are let in."""
    return LET_IN(
        on=local_day(at),
        let_in=queue.let_in,
        last=queue.last,
        rate_a_minute=queue.rate_a_minute,
        rate_at=queue.rate_at,
        at=at,
    )


def turn_of(queue: Queue, number: int | None, at: datetime, opens_in: int = 0) -> Turn:
    """Where a number stands now; no query."""
    if number is None:
        return Turn(None, 0, None, opens_in)
    ahead = max(number - let_in_now(queue, at), 0)
    minutes = -(-ahead // queue.rate_a_minute) if queue.rate_a_minute else None
    return Turn(number, ahead, minutes)


def turn_in(queue_id: int, number: int, at: datetime) -> Turn:
    """Where a number stands: the one small query of a waiting request."""
    return turn_of(Queue.objects.get(pk=queue_id), number, at)


def ticket_of(candidate_id: int, window: EntryWindow) -> Ticket | None:
    """The candidate's ticket of a window, with its queue."""
    rows = Ticket.objects.filter(candidate_id=candidate_id, queue__window=window)
    return rows.select_related("queue").first()


def stay(at: datetime) -> timedelta:
    """How long somebody who was let in may take."""
    minutes: int = parameter("waiting-room-stay-minutes").on(local_day(at), province=settings.ZIKAO_NODE_CODE)
    return timedelta(minutes=minutes)


def is_inside(ticket: Ticket, at: datetime) -> bool:
    """Whether a ticket that came in may still be used: until its time is over."""
    return ticket.came_in_at is not None and at < ticket.came_in_at + stay(at)


def is_over(ticket: Ticket, at: datetime) -> bool:
    """Whether somebody was let in and let the time pass: they take a new number, at the end."""
    return ticket.came_in_at is not None and ticket.done_at is None and not is_inside(ticket, at)


def waiting_opens_at(window: EntryWindow) -> datetime:
    """From when on candidates may take their place before the opening."""
    day, province = local_day(window.opens_at), settings.ZIKAO_NODE_CODE
    minutes: int = parameter("waiting-room-before-minutes").on(day, province=province)
    return window.opens_at - timedelta(minutes=minutes)


def inside(queue: Queue, at: datetime) -> int:
    """How many are inside now."""
    rows = Ticket.objects.filter(queue=queue, came_in_at__gt=at - stay(at), done_at__isnull=True)
    return rows.count()


def done_last_minute(queue: Queue, at: datetime) -> int:
    """How many finished in the last minute."""
    return Ticket.objects.filter(queue=queue, done_at__gt=at - timedelta(minutes=1)).count()


@dataclass(frozen=True)
class QueueFigures:
    """What the staff see of a queue."""

    given: int
    early: int
    let_in: int
    waiting: int
    inside: int
    done: int
    rate_a_minute: int


def figures(queue: Queue, at: datetime) -> QueueFigures:
    """The figures of a queue now."""
    rows = Ticket.objects.filter(queue=queue)
    told = rows.aggregate(n=Count("id"), early=Count("id", filter=Q(number=None)), done=Count("done_at"))
    let_in = let_in_now(queue, at)
    return QueueFigures(
        given=told["n"],
        early=told["early"],
        let_in=let_in,
        waiting=rows.filter(number__gt=let_in).count(),
        inside=inside(queue, at),
        done=told["done"],
        rate_a_minute=queue.rate_a_minute,
    )


def queues_running(at: datetime) -> list[Queue]:
    """The queues of windows that run now or open within the minute."""
    rows = Queue.objects.filter(window__state="open", window__closes_at__gt=at)
    return list(rows.filter(window__opens_at__lte=at + timedelta(minutes=1)))
