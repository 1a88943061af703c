"""Seating a million entries beside CREATE TABLE AS of the same entries in the same order.

Ours is everything the command does for the seats: counts, plan, order, digests, insert, indexes, and the check of all
new rows. The limit is one statement that writes the entries into a bare table, sorted as the draw sorts them.
"""

from __future__ import annotations

from typing import Any

import psycopg

from bench import Line, clocked
from bench._node import throw_away_node

SIZES = (100_000, 1_000_000)
AREAS = 13
ENTRIES_A_PERSON = 2.5
GOAL = 3.0
SEED = bytes(range(32))

_WORLD = """
INSERT INTO agencies_agency (code, name, kind, is_seat, does_records, opened_at)
    VALUES ('32', '江苏', 'province', false, true, now());
INSERT INTO agencies_agency (code, name, kind, is_seat, does_records, opened_at, parent_id)
    SELECT '32' || lpad(i::text, 2, '0'), '考区' || i, 'prefecture', false, false, now(), p.id
    FROM generate_series(1, {areas}) i, agencies_agency p WHERE p.code = '32';
INSERT INTO programmes_course (code, name, "national")
    SELECT lpad(i::text, 5, '0'), '课程' || i, false FROM generate_series(1, 480) i;
INSERT INTO programmes_major (code, level, name) VALUES ('050101', 'bachelor', '汉语言文学');
INSERT INTO programmes_sitting (code, year, month, digit, opened_at) VALUES ('2026-10', 2026, 10, 2, now());
INSERT INTO programmes_unit (number, starts_at, ends_at, sitting_id)
    SELECT i, now() + i * interval '1 day', now() + i * interval '1 day' + interval '150 minutes', s.id
    FROM generate_series(1, 4) i, programmes_sitting s;
INSERT INTO programmes_paper (course_id, sitting_id, unit_id)
    SELECT c.id, u.sitting_id, u.id FROM programmes_course c JOIN programmes_unit u ON u.number = c.code::int % 4 + 1;
"""
_SITES = """
INSERT INTO agencies_site (code, name, area_id, county_id, agency_code, host, address, exception_reason, state,
        accepted_on, accepted_until, filing_number, suspension_reason, place_code, proposed_at)
    SELECT a.code || '-' || lpad(i::text, 2, '0'), '考点' || i, a.id, a.id, a.code || '-' || lpad(i::text, 2, '0'),
        '学校', '地址', '', 'accepted', current_date, current_date + 900, '备', '', '32', now()
    FROM agencies_agency a, generate_series(1, {sites}) i WHERE a.kind = 'prefecture';
INSERT INTO agencies_room (site_id, number, seats, spacing_cm, place)
    SELECT s.id, i, 30, 80, '' FROM agencies_site s, generate_series(1, 40) i;
"""
_PEOPLE = """
INSERT INTO candidates_candidate (admission_number, name, sex, born_on, ethnic, id_number_sealed, id_number_index,
        portrait, agency_code, major_id, first_sitting_id, rules_accepted_at, fee_fen, registered_at, state)
    SELECT lpad((i % {areas} + 1)::text, 2, '0') || lpad(i::text, 10, '0'), '考生', '1', '2000-01-01', '01',
        sha256(i::text::bytea), sha256(i::text::bytea), '', '32' || lpad((i % {areas} + 1)::text, 2, '0') || '01',
        m.id, s.id, now(), 0, now(), 'registered'
    FROM generate_series(1, {people}) i, programmes_major m, programmes_sitting s;
INSERT INTO entries_payment (candidate_id, sitting_id, order_number, amount_fen, refund_fen, state, paid_at)
    SELECT c.id, c.first_sitting_id, c.admission_number, 0, 0, 'paid', now() FROM candidates_candidate c;
"""
_ENTRIES = """
INSERT INTO entries_entry (candidate_id, sitting_id, paper_id, unit_id, area_code, agency_code, state, fee_fen,
        payment_id, entered_at)
    SELECT c.id, p.sitting_id, p.id, p.unit_id, left(c.agency_code, 4), c.agency_code, 'paid', 0, y.id, now()
    FROM candidates_candidate c
    JOIN entries_payment y ON y.candidate_id = c.id
    CROSS JOIN generate_series(0, 3) u
    JOIN programmes_course k ON k.code = lpad(((c.id * 7919 + u * 31) % 120 * 4 + (u + 3) % 4 + 1)::text, 5, '0')
    JOIN programmes_paper p ON p.course_id = k.id
    WHERE (c.id + u) % 8 < 5
    ON CONFLICT DO NOTHING;
ANALYZE;
"""
_LIMIT = """
CREATE TABLE bench_limit AS
SELECT e.id, e.paper_id, e.unit_id, e.area_code, e.agency_code
FROM entries_entry e
JOIN candidates_candidate c ON c.id = e.candidate_id
JOIN programmes_paper p ON p.id = e.paper_id
JOIN programmes_course k ON k.id = p.course_id
WHERE e.sitting_id = 1 AND e.state = 'paid'
ORDER BY e.area_code, k.code, sha256(%s::bytea || convert_to(k.code || c.admission_number, 'UTF8'))
"""


def bench() -> list[Line]:
    """One line for each size, lower is better; the last ratio between sizes tells how it grows."""
    measured = [(size, *_measure(size)) for size in SIZES]
    lines = [
        Line(
            f"seating.{size:_}",
            ours,
            limit,
            "CREATE TABLE AS, sorted",
            ours / limit,
            GOAL,
            "秒",
            n,
            lower_is_better=True,
        )
        for size, n, ours, limit in measured
    ]
    (_, small_n, small, _), (_, big_n, big, _) = measured[0], measured[-1]
    growth = (big / big_n) / (small / small_n)
    lines.append(
        Line("seating.growth", big, small, "一条的用时，十万对百万", growth, 1.2, "秒", big_n, lower_is_better=True)
    )
    return lines


def _measure(size: int) -> tuple[int, float, float]:
    with throw_away_node() as database, psycopg.connect(database.owner_url, autocommit=True) as owner:
        count = _fill(owner, size)
        limit = min(_limit(owner) for _ in range(3))
        return count, _of_the_province(), limit


def _of_the_province() -> float:
    from zikao.foundation.actors import node_actor
    from zikao.foundation.commands import rows_of

    with rows_of(node_actor("32")):
        return _ours()


def _fill(owner: psycopg.Connection[Any], size: int) -> int:
    people = int(size / ENTRIES_A_PERSON)
    sites = max(1, size // (AREAS * 40 * 30 * 4) * 2 + 1)
    for part in (_WORLD, _SITES, _PEOPLE, _ENTRIES):
        for statement in part.format(areas=AREAS, people=people, sites=sites).split(";\n"):
            if statement.strip():
                owner.execute(statement)
    row = owner.execute("SELECT count(*) FROM entries_entry").fetchone()
    assert row is not None
    return int(row[0])


def _limit(owner: psycopg.Connection[Any]) -> float:
    owner.execute("DROP TABLE IF EXISTS bench_limit")
    owner.execute("SET work_mem = '256MB'")
    cursor = psycopg.ClientCursor(owner)  # parameters in the text: a prepared statement may not create tables
    return clocked(lambda: cursor.execute(_LIMIT, [SEED]))


def _ours() -> float:
    from django.db import transaction
    from django.utils import timezone

    from zikao.stages.programmes.models import Sitting
    from zikao.stages.seating import queries, rules
    from zikao.stages.seating.commands.filling import fill_seats
    from zikao.stages.seating.models import Draw, Seat

    code = Sitting.objects.get().code
    draw = Draw.objects.create(
        sitting=Sitting.objects.get(),
        state="revealed",
        entry_digest="0" * 64,
        seed=SEED.hex(),
        opened_at=timezone.now(),
    )

    def whole(*, keep: bool) -> None:
        with transaction.atomic():
            demands, rooms = queries.demands(code), queries.rooms_usable(code)
            assert not rules.shortfalls(rooms, demands)
            blocks = rules.plan(rooms, demands)
            rules.draw_digest(fill_seats(draw, blocks, queries.paper_ids(code)), blocks)
            transaction.set_rollback(not keep)

    queries.demands(code), queries.rooms_usable(code)  # the connection and the models are there before we count
    seconds = min(clocked(lambda keep=keep: whole(keep=keep)) for keep in (False, False, True))
    assert Seat.objects.count() == sum(demand.count for demand in queries.demands(code))
    return seconds
