"""Registrations by 8 clients in 100 counties: the full command beside a plain Django create of the same row.

As at the counter: a portrait is checked when it is taken, and what was measured is on record; then `register_candidate`
runs whole: form and law asked (of what was measured, too), picture stored, identifiers sealed, gapless number,
candidate, account and ledger line in one transaction. Counted is each by itself:

    portrait checked when taken            the check alone: picture measured, put on record
    admission numbers                      the command after that check; this is held to the goal
    admission numbers, picture never seen  the command where nobody has checked: it measures the picture itself

The folders of the store are there, as in a node that holds some hundred thousand pictures: there are 65,536 of them.
The peer is `Candidate.objects.create` with everything worked out before. All run in the same 8 processes with
connections of their own, in turns; afterwards the numbers are counted: no gap, no double. ZIKAO_BENCH_ADMISSION is how
many numbers are given in all (4,800).
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench import Line
from bench._node import throw_away_node

CLIENTS = 8
COUNTIES = 100
ROUNDS = 2
EACH = -(-int(os.environ.get("ZIKAO_BENCH_ADMISSION", "4800")) // (CLIENTS * ROUNDS * 2))
GOAL = 0.5
PEER, ADMITTED = "Django create", "admission numbers"
AT = datetime(2026, 8, 20, 10, tzinfo=timezone(timedelta(hours=8)))
_WORLD = f"""
INSERT INTO agencies_agency (code, name, kind, is_seat, does_records, opened_at)
    VALUES ('32', '江苏', 'province', false, true, now());
INSERT INTO agencies_agency (code, name, kind, is_seat, does_records, opened_at, parent_id)
    SELECT '32' || lpad((i / 10 + 1)::text, 2, '0') || lpad((i % 10 + 1)::text, 2, '0'), '县' || i, 'county', false,
        false, now(), p.id
    FROM generate_series(0, {COUNTIES - 1}) i, agencies_agency p WHERE p.code = '32';
INSERT INTO programmes_major (code, level, name) VALUES ('050101', 'bachelor', '汉语言文学');
INSERT INTO programmes_sitting (code, year, month, digit, opened_at) VALUES ('2026-10', 2026, 10, 2, now());
"""
_GAPS = """
SELECT count(*) FROM candidates_admissioncounter k WHERE k.last <> (
    SELECT count(*) FROM candidates_candidate c WHERE c.agency_code = k.county_code AND c.address_sealed IS NULL)
    OR k.last <> (SELECT max(substring(c.admission_number from 8)::int) FROM candidates_candidate c
    WHERE c.agency_code = k.county_code AND c.address_sealed IS NULL)
"""


def bench() -> list[Line]:
    """Registrations a second against plain creates a second; and what the check costs."""
    with throw_away_node() as database:
        with psycopg.connect(database.owner_url, autocommit=True) as owner:
            owner.execute(_WORLD)
        rates = _measure()
        with psycopg.connect(database.owner_url) as owner:
            _check(owner)
    goals = {"portrait checked when taken": None, ADMITTED: GOAL, f"{ADMITTED}, picture never seen": None}
    peer = rates.pop(PEER)
    return [
        Line(name, rates[name], peer, PEER, rates[name] / peer, goal, "人/秒", CLIENTS * EACH)
        for name, goal in goals.items()
    ]


def _measure() -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(CLIENTS + 1), context.Queue()
    clients = [context.Process(target=_client, args=(n, barrier, answers), daemon=True) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    rates: dict[str, list[float]] = {kind: [] for kind, _ in _kinds()}
    with suppress(threading.BrokenBarrierError):  # a client broke it, and says why
        for _ in range(ROUNDS):
            for kind in rates:
                barrier.wait(timeout=300)
                begin = time.perf_counter()
                barrier.wait(timeout=300)
                rates[kind].append(CLIENTS * EACH / (time.perf_counter() - begin))
    if trouble := [answer for answer in (answers.get(timeout=60) for _ in clients) if answer]:
        raise RuntimeError(f"clients failed: {trouble}")
    for client in clients:
        client.join()
    return {kind: max(measured) for kind, measured in rates.items()}


def _client(number: int, barrier: Any, answers: Any) -> None:
    try:
        import django

        django.setup()
        for turn in range(ROUNDS):
            for _, prepare in _kinds():
                work = prepare(number, turn)
                barrier.wait(timeout=300)
                for each in work:
                    each()
                barrier.wait(timeout=300)
        answers.put("")
    except Exception as error:
        answers.put(repr(error))
        barrier.abort()


def _kinds() -> list[tuple[str, Callable[[int, int], list[Callable[[], object]]]]]:
    return [
        (PEER, _creates),
        ("portrait checked when taken", _checks),
        (ADMITTED, partial(_registrations, kind=1)),
        (f"{ADMITTED}, picture never seen", partial(_registrations, kind=2)),
    ]


def _county(n: int) -> str:
    return f"32{n % COUNTIES // 10 + 1:02d}{n % 10 + 1:02d}"


def _people(number: int, turn: int, kind: int) -> list[Any]:
    from zikao.world import people

    first = ((turn * 3 + kind) * CLIENTS + number) * EACH
    return list(people.people(EACH, seed=3, major_codes=["050101"], fee_fen=1000, first=first))


def _checks(number: int, turn: int) -> list[Callable[[], object]]:
    from zikao.stages.candidates.commands import check_portrait

    return [partial(check_portrait, picture=person.portrait, at=AT) for person in _people(number, turn, 1)]


def _registrations(number: int, turn: int, kind: int) -> list[Callable[[], object]]:
    from dataclasses import replace

    from zikao.foundation.actors import Actor, Post
    from zikao.stages.candidates.commands import register_candidate

    by = Actor("考务员", Post.PROVINCE_CLERK, "32")

    def one(n: int, person: Any) -> Callable[[], object]:
        facts = {"county_code": _county(n * 13 + number * 37), "sitting_code": "2026-10", "rules_accepted": True}
        return lambda: register_candidate(applicant=replace(person, address=""), by=by, at=AT, **facts)

    people = _people(number, turn, kind)
    _make_folders(person.portrait for person in people)
    return [one(n, person) for n, person in enumerate(people)]


def _make_folders(pictures: Iterable[bytes]) -> None:
    from django.conf import settings

    from zikao.foundation.crypto import sm3

    for digest in (sm3(picture).hex() for picture in pictures):
        Path(settings.ZIKAO_FILES, digest[:2], digest[2:4]).mkdir(parents=True, exist_ok=True)


def _creates(number: int, turn: int) -> list[Callable[[], object]]:
    from zikao.foundation.crypto import index_of, seal
    from zikao.stages.programmes.models import Major, Sitting

    major, sitting = Major.objects.get(), Sitting.objects.get()

    def one(n: int, person: Any) -> Callable[[], object]:
        values = {
            "admission_number": f"9{(turn * CLIENTS + number) * EACH + n:011d}",
            "name": person.name, "sex": person.sex, "born_on": person.born_on, "ethnic": person.ethnic,
            "id_number_sealed": seal(person.id_number), "id_number_index": index_of(person.id_number),
            "phone_sealed": seal(person.phone), "address_sealed": seal(person.address), "portrait": "0" * 64,
            "agency_code": _county(n), "major": major, "first_sitting": sitting, "rules_accepted_at": AT,
            "fee_fen": person.fee_fen, "registered_at": AT,
        }  # fmt: skip
        return lambda: _created(values)

    return [one(n, person) for n, person in enumerate(_people(number, turn, 0))]


def _created(values: dict[str, Any]) -> object:
    from zikao.foundation.commands import all_rows
    from zikao.stages.candidates.models import Candidate

    with all_rows("基准：对照的写入"):
        return Candidate.objects.create(**values)


def _check(owner: psycopg.Connection[Any]) -> None:
    wanted = CLIENTS * EACH * ROUNDS * 2
    found = owner.execute(
        "SELECT (SELECT sum(last) FROM candidates_admissioncounter), (SELECT count(*) FROM access_account), "
        "(SELECT count(*) FROM ledger_line WHERE command = 'candidates.registered')"
    ).fetchone()
    assert found is not None
    if tuple(map(int, found)) != (wanted, wanted, wanted):
        raise RuntimeError(f"{wanted} registered, but counters, accounts and ledger lines say {found}")
    checked = owner.execute("SELECT count(*) FROM candidates_measuredportrait").fetchone()
    if checked != (wanted // 2,):
        raise RuntimeError(f"{wanted // 2} pictures checked, but {checked} on record")
    gaps = owner.execute(_GAPS).fetchone()
    if gaps != (0,):
        raise RuntimeError(f"{gaps} counties have a gap in their numbers")
