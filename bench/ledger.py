"""What the ledger costs: commands with their line beside the same body without it, and the time to verify lines.

Ours is a command whole. The peer is its undecorated body in a transaction of its own after the same checks (post,
appointment), only without digests and line. Both run in one process on one durable server, call by call in turn; the
medians are compared. Sequencing happens later, in the caretaker, so it is told by itself.

The verifiers read ZIKAO_BENCH_LINES lines (100,000 unless told), one from the database, one from an exported file;
their seconds are scaled to a million.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import conninfo

from bench import Line, clocked
from bench._node import NODE, throw_away_node

CALLS = 1_000
GOAL = 0.75
MILLION = 1_000_000
GOAL_SECONDS = 10.0
A_TRANSACTION = 1_000
AT = datetime(2026, 8, 20, 10, tzinfo=timezone(timedelta(hours=8)))
DAY = date(2026, 8, 20)
_PEOPLE = """
INSERT INTO access_account (username, name, kind, agency_code, password, created_at, is_active)
    SELECT 'u' || i, '人' || i, 'staff', '32', '!', now(), true FROM generate_series(0, %s) i;
"""
_LINES = """
INSERT INTO ledger_line (at, account_id, appointment_id, post, agency_code, command, subject, clauses, facts,
        before, after, idempotency_key)
    SELECT %(at)s, i %% 500, i %% 500, 'county-clerk', '320102', 'candidates.registered', 'candidates.candidate:' || i,
        '{EA-13,SR-3.1}', jsonb_build_object('candidate', i, 'county', '320102', 'sitting', '2026-10'), NULL,
        sha256(i::text::bytea), NULL
    FROM generate_series(%(first)s::bigint, %(last)s) i
"""
Work = Callable[[int], object]


def bench() -> list[Line]:
    """Two commands against themselves without the line, the sequencer, the verifier."""
    with throw_away_node() as database:
        by = _world(database.owner_url)
        lines = [_compared(*each) for each in _commands(by)]
        return [*lines, *_verified(database.app_url)]


def _world(owner_url: str) -> Any:
    from zikao.foundation.access.models import Account, Appointment
    from zikao.foundation.actors import Actor, Post

    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(_PEOPLE, [2 * CALLS])
    me = Account.objects.get(username="u0")
    held = Appointment.objects.create(account=me, post=Post.SECURITY_ADMIN, agency_code="32", since_on=DAY)
    return Actor(me.name, Post.SECURITY_ADMIN, "32", account_id=me.pk, appointment_id=held.pk)


def _commands(by: Any) -> list[tuple[str, Work, Work]]:
    """A command that inserts and one that changes, each as (name, with the line, without it); number n, once each."""
    from zikao.foundation.access.commands import appoint, end_appointment
    from zikao.foundation.access.models import Account, Appointment
    from zikao.foundation.actors import Post

    people = list(Account.objects.exclude(username="u0").order_by("id").values_list("pk", flat=True))

    def given_post(n: int) -> dict[str, Any]:
        return {"account_id": people[n], "post": Post.MARKER, "agency_code": "32", "since_on": DAY}

    def given_end(n: int) -> dict[str, Any]:
        return {"appointment_id": held[n], "until_on": DAY}

    held: list[int] = []

    def find_held() -> None:
        held[:] = Appointment.objects.filter(post=Post.MARKER).order_by("id").values_list("pk", flat=True)

    return [
        ("ledger: appoint", *_pair(appoint, given_post, by)),
        ("ledger: end appointment", *_pair(end_appointment, given_end, by, prepare=find_held)),
    ]


def _pair(
    command: Any, given: Callable[[int], dict[str, Any]], by: Any, prepare: Callable[[], None] | None = None
) -> tuple[Work, Work]:
    from django.db import transaction

    from zikao.foundation.commands import all_commands, mechanism

    info = next(each for each in all_commands().values() if each.call is command)
    body = command.__wrapped__

    def facts(n: int) -> dict[str, Any]:
        if prepare is not None and n == 0:
            prepare()
        return given(n)

    def without(n: int) -> None:
        with transaction.atomic():
            mechanism._authorise(by, AT, info.posts, info.writes)
            body(**facts(n), by=by, at=AT)

    return lambda n: command(**facts(n), by=by, at=AT), without


def _compared(name: str, ours: Work, peer: Work) -> Line:
    """The medians of single calls in turn, so that whatever else the machine does meets both."""
    seconds: dict[Work, list[float]] = {ours: [], peer: []}
    for turn in range(CALLS):
        for place, work in enumerate((ours, peer) if turn % 2 == 0 else (peer, ours)):
            seconds[work].append(_one(work, 2 * turn + place))
    rates = [1 / median(seconds[work]) for work in (ours, peer)]
    return Line(name, rates[0], rates[1], "same command, no line", rates[0] / rates[1], GOAL, "次/秒", CALLS)


def _one(work: Work, number: int) -> float:
    return clocked(lambda: work(number))


def _verified(url: str) -> list[Line]:
    from zikao.foundation import crypto, ledger
    from zikao.foundation.ledger.verify import verify_ledger

    count = int(os.environ.get("ZIKAO_BENCH_LINES", "100000"))
    with psycopg.connect(url, autocommit=True) as connection:
        for first in range(1, count, A_TRANSACTION):
            last = min(first + A_TRANSACTION - 1, count)
            connection.execute(_LINES, {"at": AT, "first": first, "last": last})
    seconds_sequencing = clocked(_sequence_all)
    ledger.checkpoint(at=AT)
    parts = conninfo.make_conninfo(url)
    results = [verify_ledger(parts, public_keys=crypto.public_keys(), origin=NODE) for _ in range(3)]
    if not all(result.holds for result in results):
        raise RuntimeError(f"a sound ledger was found broken: {results[0].problems[:3]}")
    lines = results[0].leaves
    seconds = median(result.seconds for result in results) * MILLION / lines
    offline = _verified_offline(parts) * MILLION / lines
    return [
        Line("ledger: sequence", lines / seconds_sequencing, None, "—", None, None, "行/秒", lines),
        Line("ledger: verify, 1,000,000 lines", seconds, None, "limit", None, GOAL_SECONDS, "秒", lines, True),
        Line(
            "ledger: verify an export, 1,000,000 lines", offline, None, "limit", None, GOAL_SECONDS, "秒", lines, True
        ),
    ]


def _verified_offline(parts: str) -> float:
    """The median seconds of verifying the exported file with public keys alone."""
    from zikao.foundation import crypto
    from zikao.foundation.ledger.exporting import export_ledger
    from zikao.foundation.ledger.keybook import KeyBook, PublicKey
    from zikao.foundation.ledger.offline import verify_export

    keys = KeyBook({NODE: [PublicKey(name, pem) for name, pem in crypto.public_keys().items()]})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.zkl"
        export_ledger(parts, path, origin=NODE, at=AT)
        results = [verify_export(path, keys) for _ in range(3)]
    if not all(result.holds for result in results):
        raise RuntimeError(f"a sound export was found broken: {results[0].problems[:3]}")
    return median(result.seconds for result in results)


def _sequence_all() -> None:
    from zikao.foundation import ledger

    while ledger.sequence():
        pass
