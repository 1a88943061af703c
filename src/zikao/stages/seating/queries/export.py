"""The public record of a draw: everything anybody needs to repeat it without us."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from zikao.stages.entries.queries import canonical_list
from zikao.stages.entries.states import LIST_VERSION
from zikao.stages.seating.models import Draw
from zikao.stages.seating.queries.draws import draw_of, entry_list_of, rooms_usable

FORMAT = "zikao-seating-record/1"
_SEATS = """
SELECT k.code || c.admission_number, g.code || '-' || lpad(r.number::text, 3, '0'), s.number
FROM seating_seat s
JOIN entries_entry e ON e.id = s.entry_id
JOIN candidates_candidate c ON c.id = e.candidate_id
JOIN programmes_paper p ON p.id = s.paper_id
JOIN programmes_course k ON k.id = p.course_id
JOIN programmes_unit u ON u.id = s.unit_id
JOIN agencies_room r ON r.id = s.room_id
JOIN agencies_site g ON g.id = r.site_id
WHERE s.draw_id = %s
ORDER BY u.number, g.code, r.number, s.number
"""


def export_draw(sitting_code: str) -> dict[str, Any]:
    """The record of a sitting's draw: list, rooms, commitments, secrets, seed, seats.

    `entries` are the lines of the closed list (entry,admission number,course,unit,area,site,
    own room,institution), whose SM3 is its digest;
    `seats` are [key, room, number]. Nothing is in it but admission numbers: no names, no ID numbers.
    """
    draw = draw_of(sitting_code)
    closed = entry_list_of(sitting_code)
    return {
        "format": FORMAT,
        "algorithm": draw.algorithm,
        "sitting": sitting_code,
        "list_closed_at": closed.closed_at.isoformat() if closed else "",
        "entry_digest": draw.entry_digest,
        "commitments": _commitments(draw),
        "seed": draw.seed,
        "rooms": [
            [room.area, room.site, room.number, room.seats, room.premises] for room in rooms_usable(sitting_code)
        ],
        "entries": canonical_list(sitting_code, closed.version if closed else LIST_VERSION).decode().splitlines(),
        "seats": [list(row) for row in _seats(draw)],
        "digest": draw.digest,
    }


def write_export(sitting_code: str, path: Path) -> Path:
    """Write the record as JSON; returns the path."""
    path.write_text(json.dumps(export_draw(sitting_code), ensure_ascii=False, indent=0), encoding="utf-8")
    return path


def _commitments(draw: Draw) -> list[dict[str, Any]]:
    return [
        {
            "order": each.order,
            "official": each.official,
            "digest": each.digest,
            "committed_at": each.committed_at.isoformat(),
            "secret": each.secret or "",
        }
        for each in draw.commitments.all()
    ]


def _seats(draw: Draw) -> Iterator[tuple[str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, [draw.pk])
        yield from cursor.fetchall()
