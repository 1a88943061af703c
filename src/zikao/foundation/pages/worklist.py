"""What waits for a person: stages register queries here, the first page of everyone shows them.

Register in a stage's views (they are loaded with the urls):

    @waits_for({Post.COUNTY_CLERK}, "待审核的报名", "EA-13.1", stage="candidates")
    def registrations(actor: Actor) -> Asked:
        rows = queries.registrations_to_check(actor)
        yield rows
        count, first = few(rows)
        return Waiting(count, url=reverse("candidates:to-check"), since=..., due=...)

What is yielded is asked about together with what all the others yield: one statement says where there is anything at
all, and only there the function goes on. One that cannot say it by rows returns its `Waiting` at once.

    @candidate_task("报考课程", order=20)
    def enter(actor: Actor) -> Task | None:
        return Task("todo", url=reverse("entries:enter"), hint="3 月 20 日 17:00 截止", due=...)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any, Literal, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from zikao.foundation.actors import Actor, Post


@dataclass(frozen=True)
class Item:
    """One thing that waits: what, where, since when, due when."""

    what: str
    url: str
    since: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """How many things wait, the first few of them, where all are, since when and due when (the earliest)."""

    count: int
    url: str = ""
    since: datetime | None = None
    due: datetime | None = None
    items: tuple[Item, ...] = ()


Asked = Generator[QuerySet[Any], None, Waiting]
"""What yields the rows that wait and, where there are any, goes on to say how many, since when, due when."""


@dataclass(frozen=True)
class Task:
    """Where a candidate is with a task: todo | doing | done | later (not open yet) | closed."""

    state: Literal["todo", "doing", "done", "later", "closed"]
    url: str = ""
    hint: str = ""
    due: datetime | None = None


@dataclass(frozen=True)
class Waiter:
    """A registered query of the work list."""

    posts: frozenset[Post]
    label: str
    clause: str | None
    stage: str
    query: Callable[[Actor], Waiting | Asked]


@dataclass(frozen=True)
class TaskSource:
    """A registered task of the candidate's home."""

    label: str
    order: int
    clause: str | None
    query: Callable[[Actor], Task | None]


WAITERS: dict[str, Waiter] = {}
TASKS: dict[str, TaskSource] = {}
W = TypeVar("W", bound=Callable[[Actor], Waiting | Asked])
T = TypeVar("T", bound=Callable[[Actor], "Task | None"])
M = TypeVar("M", bound=Model)


def waits_for(posts: Collection[Post], label: str, clause: str | None = None, *, stage: str = "") -> Callable[[W], W]:
    """Register a query of things that wait for these posts; a count of 0 is not shown."""

    def register(query: W) -> W:
        name = f"{query.__module__}.{query.__qualname__} {label}"
        WAITERS[name] = Waiter(frozenset(posts), label, clause, stage, query)
        return query

    return register


def candidate_task(label: str, *, order: int = 50, clause: str | None = None) -> Callable[[T], T]:
    """Register a task of the candidate's home; None means: not for this candidate."""

    def register(query: T) -> T:
        TASKS[f"{query.__module__}.{query.__qualname__} {label}"] = TaskSource(label, order, clause, query)
        return query

    return register


def few(rows: QuerySet[M], most: int = 5) -> tuple[int, list[M]]:
    """How many rows there are, and the first of them: where there are fewer than `most`, by one query."""
    first = list(rows[:most])
    return (len(first) if len(first) < most else rows.count()), first


def work_of(actor: Actor) -> list[tuple[Waiter, Waiting]]:
    """What waits for this actor, the earliest due first, then the longest waiting."""
    waiters = [w for w in WAITERS.values() if actor.post in w.posts]
    mine = zip(waiters, told([w.query(actor) for w in waiters]), strict=True)

    def urgency(pair: tuple[Waiter, Waiting]) -> tuple[float, float]:
        due, since = pair[1].due, pair[1].since
        return (due.timestamp() if due else inf, since.timestamp() if since else inf)

    return sorted((p for p in mine if p[1].count), key=urgency)


def told(asked: Sequence[Waiting | Asked]) -> list[Waiting]:
    """What each says, the empty ones found by one statement."""
    rows = {i: next(each) for i, each in enumerate(asked) if not isinstance(each, Waiting)}
    there = dict(zip(rows, _any_in(list(rows.values())), strict=True))
    told = []
    for i, each in enumerate(asked):
        if isinstance(each, Waiting):
            told.append(each)
        elif there[i]:
            told.append(_rest_of(each))
        else:
            each.close()
            told.append(Waiting(0))
    return told


def _rest_of(asked: Asked) -> Waiting:
    try:
        next(asked)
    except StopIteration as end:
        found: Waiting = end.value
        return found
    raise RuntimeError("a query of the work list yields once")


def _any_in(several: Sequence[QuerySet[Any]]) -> list[bool]:
    """Of each of these, whether it has a row: by one statement for all."""
    parts: list[str] = []
    given: list[Any] = []
    for rows in several:
        try:
            sql, params = rows.query.exists().sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT 1 WHERE false", ()
        parts.append(f"EXISTS ({sql})")
        given += params
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        return list(cursor.fetchone())


def tasks_of(actor: Actor) -> list[tuple[TaskSource, Task]]:
    """The tasks of this candidate, in their order."""
    sources = sorted(TASKS.values(), key=lambda s: s.order)
    found = [(s, s.query(actor)) for s in sources]
    return [(s, task) for s, task in found if task is not None]
