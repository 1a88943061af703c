"""The set-based half of the draw: order by hash, number, join with the plan's seats, insert.

It must equal `rules.assign` byte for byte; a property test compares the two. The sort key is the group's number in
four bytes before the hash, so that PostgreSQL compares one short prefix instead of three columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection

from zikao.foundation.errors import Conflict
from zikao.stages.seating.models import Draw
from zikao.stages.seating.states import WITHOUT_WISHES, Block, Group

_TABLES = """
SET LOCAL work_mem = '256MB';
CREATE TEMPORARY TABLE seating_group (n int, area_code varchar(12) COLLATE "C", paper_id bigint, code text,
    site_code varchar(12) COLLATE "C", alone boolean, tutoring_code varchar(20) COLLATE "C")
    ON COMMIT DROP;
CREATE TEMPORARY TABLE seating_block (lo int, count int, room_id bigint, first_seat int, agency_code text)
    ON COMMIT DROP;
"""
_ORDER = """
CREATE TEMPORARY TABLE seating_order ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY place)::int AS g, n, id, paper_id, unit_id, key
FROM (
    SELECT e.id, e.paper_id, e.unit_id, o.n, o.code || c.admission_number AS key,
        int4send(o.n) || sha256(%s::bytea || convert_to(o.code || c.admission_number, 'UTF8')) AS place
    FROM entries_entry e
    JOIN candidates_candidate c ON c.id = e.candidate_id
    JOIN seating_group o ON o.area_code = e.area_code AND o.paper_id = e.paper_id
        AND o.site_code = CASE WHEN %s THEN e.site_code ELSE '' END
        AND o.alone = CASE WHEN %s THEN e.separate_room ELSE false END
        AND o.tutoring_code = CASE WHEN %s THEN e.tutoring_code ELSE '' END
    WHERE e.sitting_id = %s AND e.state = 'paid'
) listed
"""
_DIGESTS = """
SELECT n, encode(sha256(convert_to(string_agg(key, '' ORDER BY g), 'UTF8')), 'hex')
FROM seating_order GROUP BY n ORDER BY n
"""
_INSERT = """
INSERT INTO seating_seat (id, entry_id, draw_id, paper_id, unit_id, room_id, number, agency_code)
SELECT o.id, o.id, %s, o.paper_id, o.unit_id, s.room_id, s.number, s.agency_code
FROM seating_order o
JOIN (
    SELECT lo + i AS g, room_id, first_seat + i AS number, agency_code
    FROM seating_block, generate_series(0, count - 1) AS i
) s ON s.g = o.g
ORDER BY o.id
"""


def fill_seats(draw: Draw, blocks: Sequence[Block], papers: dict[str, int]) -> list[tuple[Group, str]]:
    """Insert every seat of the plan; returns each group with the digest of its order, in the order of the plan."""
    groups = list(dict.fromkeys(block.group for block in blocks))
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        numbered = enumerate(groups)
        rows = ((n, area, papers[course], course, *claims) for n, (area, _, course, *claims) in numbered)
        _copy(cursor, "seating_group", rows)
        _copy(cursor, "seating_block", _numbered(blocks))
        cursor.execute("ANALYZE seating_group; ANALYZE seating_block")
        cursor.execute("SET LOCAL enable_nestloop = off")  # a site fixes its area: the planner expects far too few rows
        cursor.execute(_ORDER, [bytes.fromhex(draw.seed), *[draw.algorithm != WITHOUT_WISHES] * 3, draw.sitting_id])
        cursor.execute("SET LOCAL enable_nestloop = on; ANALYZE seating_order (g)")
        cursor.execute(_DIGESTS)
        digests = dict(cursor.fetchall())
        cursor.execute(_INSERT, [draw.pk])
        _check_all_seated(cursor.rowcount, sum(block.count for block in blocks))
    return [(group, digests[n]) for n, group in enumerate(groups)]


def _numbered(blocks: Sequence[Block]) -> Iterator[tuple[int, int, int, int, str]]:
    """Each block with the number of its first entry in the whole order: blocks stand in that order."""
    lo = 1
    for block in blocks:
        yield lo, block.count, block.room.id, block.first_seat, block.room.agency_code
        lo += block.count


def _copy(cursor: object, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)


def _check_all_seated(seated: int, listed: int) -> None:
    if seated != listed:
        raise Conflict(
            "entries-changed",
            facts={"seated": seated, "listed": listed},
            message=f"名册有 {listed} 科次，只编入 {seated} 科次，编排没有生效。",
            remedy="请重新编排；仍不一致时，请核对名册是否已经封存。",
        )
