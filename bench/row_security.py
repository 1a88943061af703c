"""The pages' queries with row security beside the same queries without it, in one run, turn by turn.

Ours is what a request asks as the application's role within `rows_of`; the peer is the same after the owner has
disabled row security on the tables. 200,000 candidates in 13 counties, 500,000 entries, 200,000 scores.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bench import Line, clocked
from bench._node import throw_away_node
from bench.seating import _ENTRIES, _PEOPLE, _WORLD, AREAS

PEOPLE = 200_000
ROUNDS = 7
GOAL = 1.15
TABLES = ("candidates_candidate", "entries_entry", "archive.score")
_SCORES = """
ALTER TABLE archive.score DISABLE TRIGGER USER;
INSERT INTO archive.score (id, window_id, list_id, line, candidate_id, course_id, sitting_id, sitting_label, how,
        standing, value, grade, passed, source, evidence, version, recorded_at, agency_code, leaf)
    SELECT c.id, 1, 1, c.id, c.id, c.id % 480 + 1, c.first_sitting_id, '2026-10', 'written', 'valid', c.id % 101, '',
        c.id % 101 >= 60, '', '', 1, now(), c.agency_code, ''
    FROM public.candidates_candidate c;
ANALYZE;
"""


def bench() -> list[Line]:
    """A line for each query, and one for all of them together: seconds with row security over seconds without."""
    with throw_away_node() as database, psycopg.connect(_superuser(database.name), autocommit=True) as above:
        _fill(above)
        measured = _measure(above)
    lines = [_line(name, ours, peer) for name, (ours, peer) in measured.items()]
    ours, peer = (sum(each) for each in zip(*measured.values(), strict=True))
    return [*lines, _line("all", ours, peer, GOAL)]


def _line(name: str, ours: float, peer: float, goal: float | None = None) -> Line:
    title = f"row security.{name}"
    return Line(title, ours, peer, "without", ours / peer, goal, "秒", PEOPLE, lower_is_better=True)


def _superuser(database: str) -> str:
    from zikao.node.postgres import ensure_cluster

    return ensure_cluster(Path(os.environ["ZIKAO_HOME"])).superuser_url(database)


def _fill(above: psycopg.Connection[Any]) -> None:
    for part in (_WORLD, _PEOPLE, _ENTRIES, _SCORES):
        for statement in part.format(areas=AREAS, people=PEOPLE).split(";\n"):
            if statement.strip():
                above.execute(statement)
    above.execute("VACUUM ANALYZE")  # as autovacuum would, but not in the middle of the measurement


def _measure(above: psycopg.Connection[Any]) -> dict[str, tuple[float, float]]:
    from zikao.foundation.actors import Actor, Post
    from zikao.foundation.commands import rows_of

    asked = {
        f"{name}, {place}": (actor, ask)
        for place, actor in (
            ("county", Actor("县", Post.COUNTY_CLERK, "320501")),
            ("province", Actor("省", Post.PROVINCE_CLERK, "32")),
        )
        for name, ask in _questions(actor).items()
    }
    best: dict[str, list[float]] = {name: [1e9, 1e9] for name in asked}
    for turn in range(2 * ROUNDS):
        _switch(above, on=turn % 2 == 0)
        for name, (actor, ask) in asked.items():
            with rows_of(actor):
                ask()  # the plan and the pages are warm for both
                best[name][turn % 2] = min(best[name][turn % 2], clocked(ask))
    return {name: (ours, peer) for name, (ours, peer) in best.items()}


def _switch(above: psycopg.Connection[Any], *, on: bool) -> None:
    for table in TABLES:
        verb = "ENABLE" if on else "DISABLE"
        above.execute(f"ALTER TABLE {table} {verb} ROW LEVEL SECURITY")  # type: ignore[call-overload]


def _questions(actor: Any) -> dict[str, Callable[[], object]]:
    from zikao.foundation.commands import scoped
    from zikao.stages.candidates.queries import candidates
    from zikao.stages.entries.queries import entries
    from zikao.stages.results.models import Score

    people, wishes = candidates(actor), entries(actor)
    scores = scoped(Score.objects.select_related("candidate", "course"), actor)

    def page(rows: Any, order: str) -> Callable[[], object]:
        return lambda: (rows.count(), list(rows.order_by(order)[:50]))

    def by_id() -> object:
        return [people.get(pk=pk) for pk in range(4, 4 + 13 * 20, 13)]  # every 13th candidate is of one county

    return {
        "candidates": page(people, "admission_number"),
        "entries": page(wishes, "id"),
        "what waits": lambda: wishes.filter(state="entered").count(),
        "one by id": by_id,
        "scores": page(scores, "id"),
    }
