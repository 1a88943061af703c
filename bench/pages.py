"""Server time of the staff's pages over a full register: lists with their filters, first and last page, objects.

ZIKAO_BENCH_PAGES is the number of candidates (20,000; the goal speaks of 2,000,000), each with an account and a course
entered. The register is filled by SQL; a hundred are registered by the command, so that their own pages open. Staff ask
for each page through the whole program, without the network. Counted is the work of the processor in the program and
in the database's process, the middle of five, so that a busy machine changes little.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench import Line
from bench._node import throw_away_node
from bench.admission import _WORLD, _county

CANDIDATES = int(os.environ.get("ZIKAO_BENCH_PAGES", "20000"))
MOST_MS = 50.0
ASKED = 5
REAL = 100
_TIMETABLE = """
INSERT INTO programmes_course (code, name, national)
    SELECT lpad(i::text, 5, '0'), '课程' || i, true FROM generate_series(1, 40) i;
INSERT INTO programmes_unit (sitting_id, number, starts_at, ends_at)
    SELECT s.id, n, timestamptz '2026-10-24 09:00+08' + n * interval '1 day',
        timestamptz '2026-10-24 11:30+08' + n * interval '1 day'
    FROM programmes_sitting s, generate_series(1, 4) n;
INSERT INTO programmes_paper (sitting_id, course_id, unit_id, own_paper)
    SELECT u.sitting_id, c.id, u.id, false FROM programmes_course c
    JOIN programmes_unit u ON u.number = c.id % 4 + 1;
INSERT INTO entries_entrywindow (sitting_id, opens_at, closes_at, online, on_site, state)
    SELECT id, now() - interval '9 days', now() + interval '9 days', true, true, 'open' FROM programmes_sitting;
"""
_FILL = """
INSERT INTO candidates_candidate (admission_number, name, sex, born_on, ethnic, id_number_sealed, id_number_index,
        portrait, agency_code, major_id, first_sitting_id, rules_accepted_at, fee_fen, registered_at, state,
        document_kind)
    SELECT substr(county, 3) || '251' || lpad((n / 100)::text, 5, '0'),
        substr('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗', n % 20 + 1, 1)
            || substr('伟强磊军洋芳娜敏静丽', n / 20 % 10 + 1, 1) || substr('一二三四五六七八九', n / 200 % 9 + 1, 1),
        (n % 2 + 1)::text, date '1975-01-01' + n % 9000, '01', '\\x01', sha256(int4send(n)), '', county, m.id, s.id,
        now(), 1000, now() - n * interval '1 minute',
        CASE WHEN n % 3 = 0 THEN 'card-issued' ELSE 'registered' END, 'resident'
    FROM (SELECT n, '32' || lpad((n % 100 / 10 + 1)::text, 2, '0') || lpad((n % 10 + 1)::text, 2, '0') AS county
          FROM generate_series(1, %(n)s) n) AS made, programmes_major m, programmes_sitting s;
INSERT INTO access_account (username, name, kind, agency_code, candidate_id, password, created_at, is_active)
    SELECT admission_number, name, 'candidate', agency_code, id, '!', registered_at, true FROM candidates_candidate
    WHERE id_number_sealed = '\\x01';
INSERT INTO entries_entry (candidate_id, sitting_id, paper_id, unit_id, area_code, agency_code, state, fee_fen,
        entered_at)
    SELECT c.id, p.sitting_id, p.id, p.unit_id, left(c.agency_code, 4), c.agency_code, 'entered', 4000, now()
    FROM candidates_candidate c JOIN programmes_paper p ON p.id = c.id % 40 + (SELECT min(id) FROM programmes_paper);
"""


def bench() -> list[Line]:
    """One line a page: milliseconds against the most that a page may take."""
    with throw_away_node() as database:
        began = time.perf_counter()
        with psycopg.connect(database.owner_url, autocommit=True) as owner:
            owner.execute(_WORLD)
            _register()
            owner.execute(_TIMETABLE)
            for statement in filter(str.strip, _FILL.replace("%(n)s", str(CANDIDATES)).split(";\n")):
                owner.execute(statement)
            owner.execute("VACUUM ANALYZE")
        sys.stderr.write(f"{CANDIDATES:,} candidates filled in {time.perf_counter() - began:.0f} s\n")
        return [_line(name, client, url) for name, client, url in _pages()]


def _register() -> None:
    from zikao.foundation.actors import Actor, Post
    from zikao.stages.candidates.commands import register_many
    from zikao.stages.candidates.states import BulkRow
    from zikao.world import people

    persons = people.people(REAL, seed=3, major_codes=["050101"], fee_fen=1000)
    rows = [BulkRow(n + 2, _county(n), person) for n, person in enumerate(persons)]
    register_many(rows=rows, sitting_code="2026-10", by=Actor("考务员", Post.PROVINCE_CLERK, "32"), at=_now())


def _now() -> datetime:
    from zikao.foundation import clock

    return clock.now()


def _pages() -> Iterator[tuple[str, Any, str]]:
    from django.urls import reverse

    from zikao.foundation.actors import Post
    from zikao.foundation.commands import all_rows
    from zikao.stages.candidates.models import Candidate

    with all_rows("基准：登记在册的一人"):
        known = Candidate.objects.filter(agency_code="320101").exclude(portrait="").first()
    assert known is not None
    lists = {
        "": "", "?before=": " last page", "?sort=-admission_number": " newest first", "?number=0101251": " by number",
        "?name=王伟": " by name", "?name=欧阳": " by a name not there", "?state=closed": " in a state nobody is in",
    }  # fmt: skip
    clients = []
    for post, place in ((Post.PROVINCE_CLERK, "32"), (Post.PREFECTURE_CLERK, "3210"), (Post.COUNTY_CLERK, "321010")):
        clients.append(client := _signed_in(post, place))
        yield f"work list {place}", client, reverse("portals:staff-home")
        for query, meaning in lists.items():
            yield f"candidates {place}{meaning}", client, reverse("candidates:list") + query
        for query, meaning in {"": "", "?before=": " last page"}.items():
            yield f"entries {place}{meaning}", client, reverse("entries:list") + query
        for name in ("overview",):
            yield f"entries:{name} {place}", client, reverse(f"entries:{name}")
        for name in ("find", "import", "corrections", "suspensions", "accommodations", "queue", "desk", "tutored"):
            yield f"candidates:{name} {place}", client, reverse(f"candidates:{name}")
    client = clients[0]
    yield "one candidate", client, reverse("candidates:candidate", args=[known.pk])
    yield "one candidate's entries", client, reverse("entries:enter-for", args=[known.pk])
    yield "entry window", client, reverse("entries:window", args=["2026-10"])
    yield "accounts", _signed_in(Post.SYSTEM_ADMIN, "32"), reverse("accounts:list")
    yield "export form", client, reverse("exports:ask") + "?list=candidates.list"


def _signed_in(post: Any, place: str) -> Any:
    from django.test import Client
    from tests.factories.accounts import a_member_of_staff, sign_in

    return sign_in(Client(), a_member_of_staff(_now() - timedelta(minutes=1), post, place))


def _line(name: str, client: Any, url: str) -> Line:
    took = []
    for _ in range(ASKED + 1):
        began = _processor_ms()
        answer = client.get(url)
        took.append(_processor_ms() - began)
    if answer.status_code != 200:
        name += f" ({answer.status_code})"
    middle = statistics.median(took[1:])
    return Line(name, middle, None, "", None, MOST_MS, "ms", CANDIDATES, lower_is_better=True)


def _processor_ms() -> float:
    """What this program and its database process have worked so far: others on the machine do not count."""
    from django.db import connection

    connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time_ns() / 1e6 + int(backend.read_text().split()[0]) / 1e6
