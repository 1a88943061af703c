"""A file of candidates imported whole: read, every row checked, numbered, sealed and written, one ledger line.

ZIKAO_BENCH_IMPORT is the number of rows (20,000; the goal speaks of 1,000,000). The people are made up, with ID
numbers that the rules accept; they share 200 drawn portraits, each measured once: what a portrait of its own
costs a person is the line of its own.
"""

from __future__ import annotations

import os
import resource
import time
from datetime import timedelta
from random import Random

import psycopg

from bench import Line
from bench._node import throw_away_node
from bench.admission import _GAPS, _WORLD, AT, _county

ROWS = int(os.environ.get("ZIKAO_BENCH_IMPORT", "20000"))
MINUTES = 10
GOAL = 1_000_000 / (MINUTES * 60)
PORTRAITS = 200
MOST_MEGABYTES = 8 * 1024


def bench() -> list[Line]:
    """Rows a second against the limit of ten minutes for a million, the peak of memory, and portraits a second."""
    with throw_away_node() as database:
        with psycopg.connect(database.owner_url, autocommit=True) as owner:
            owner.execute(_WORLD)
        content, portraits = _file(), _portraits()
        begin = time.perf_counter()
        _imported(content, portraits)
        seconds = time.perf_counter() - begin
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with psycopg.connect(database.owner_url) as owner:
            _check(owner)
    return [
        Line("candidates imported", ROWS / seconds, GOAL, "ten minutes", ROWS / seconds / GOAL, 1, "人/秒", ROWS),
        Line("import, peak of memory", megabytes, None, "8 GB", None, MOST_MEGABYTES, "MB", ROWS, lower_is_better=True),
        Line("portraits measured", _portrait_rate(portraits), None, "", None, None, "张/秒", PORTRAITS),
    ]


def _file() -> bytes:
    """The CSV as an operator hands it in: person n is nobody, born on a day of their own among 500 of one day."""
    from zikao.stages.candidates.forms.rows import HEADS
    from zikao.world import people

    rng, lines = Random(5), [",".join(HEADS)]
    for n in range(ROWS):
        born_on = people.FIRST_BIRTH + timedelta(days=n % people.BIRTH_DAYS)
        sex = "12"[n & 1]
        number = people.id_number(rng, born_on, sex, serial=n // people.BIRTH_DAYS)
        cells = (
            people.name(rng, sex),
            "男女"[n & 1],
            str(born_on),
            number,
            "01",
            people.phone(rng),
            people.address(rng),
        )
        lines.append(",".join((*cells, "050101", _county(n), "10.00", f"{n % PORTRAITS}.jpg")))
    return "\r\n".join(lines).encode()


def _portraits() -> dict[str, bytes]:
    from zikao.world import people

    return {f"{n}.jpg": people.portrait(Random(n)) for n in range(PORTRAITS)}


def _imported(content: bytes, portraits: dict[str, bytes]) -> None:
    from zikao.foundation.actors import Actor, Post
    from zikao.stages.candidates.commands import register_many
    from zikao.stages.candidates.forms import parse_candidates_csv

    rows, problems = parse_candidates_csv(content, portraits, ROWS)
    if problems:
        raise RuntimeError(f"made-up rows are refused: {problems[:3]}")
    register_many(rows=rows, sitting_code="2026-10", by=Actor("考务员", Post.PROVINCE_CLERK, "32"), at=AT)


def _portrait_rate(portraits: dict[str, bytes]) -> float:
    from zikao.stages.candidates.portraits import measure

    begin = time.perf_counter()
    for picture in portraits.values():
        measure(picture)
    return len(portraits) / (time.perf_counter() - begin)


def _check(owner: psycopg.Connection) -> None:
    counted = owner.execute(
        "SELECT (SELECT count(*) FROM candidates_candidate), (SELECT count(DISTINCT id_number_index) "
        "FROM candidates_candidate), (SELECT count(*) FROM access_account), (SELECT sum(last) "
        "FROM candidates_admissioncounter), (SELECT count(*) FROM ledger_line WHERE command LIKE 'candidates.%')"
    ).fetchone()
    if counted is None or tuple(map(int, counted)) != (ROWS, ROWS, ROWS, ROWS, 1):
        raise RuntimeError(f"{ROWS} rows imported, but persons, accounts, numbers and lines say {counted}")
    if owner.execute(_GAPS.replace(" AND c.address_sealed IS NULL", "")).fetchone() != (0,):
        raise RuntimeError("a county has a gap in its numbers")
