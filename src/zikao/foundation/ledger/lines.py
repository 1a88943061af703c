"""Writing one line, and reading the lines of an object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from zikao.foundation.actors import Actor, Post
from zikao.foundation.statements import prepared

_INSERT = """
INSERT INTO ledger_line (at, account_id, appointment_id, post, agency_code, command, subject, clauses, facts,
                         before, after, idempotency_key)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s) RETURNING id
"""
_SELECT = """
SELECT line.id, line.at, line.account_id, line.post, line.agency_code, line.command, line.subject, line.clauses,
       line.facts, leaf.seq
FROM ledger_line line LEFT JOIN ledger_leaf leaf ON leaf.line_id = line.id
"""


@dataclass(frozen=True)
class LineView:
    """A ledger line as an object's history shows it; `sequence` is its place in the tree once it has one."""

    id: int
    at: datetime
    account_id: int | None
    post: str
    agency_code: str
    command: str
    subject: str
    clauses: tuple[str, ...]
    facts: dict[str, Any]
    sequence: int | None

    @property
    def post_label(self) -> str:
        """The post in Chinese."""
        return Post(self.post).label if self.post in set(Post) else self.post


def append(
    *,
    at: datetime,
    actor: Actor,
    command: str,
    subject: str,
    clauses: Sequence[str],
    facts: Mapping[str, Any],
    before: bytes | None,
    after: bytes | None,
    key: str | None,
) -> int:
    """Write the line of a command in its transaction; returns the line's id.

    Facts hold what JSON holds: text, whole numbers, lists, mappings. `before` and `after` are SM3 digests.
    Raises:  django.db.IntegrityError where the idempotency key was used before.
    """
    values = [
        at,
        actor.account_id,
        actor.appointment_id,
        str(actor.post),
        actor.agency_code,
        command,
        subject,
        list(clauses),
        json.dumps(facts, ensure_ascii=False),
        before,
        after,
        key,
    ]
    row = prepared(_INSERT, values)
    assert row is not None
    return int(row[0])


def lines_about(subject: str | models.Model, limit: int = 100) -> list[LineView]:
    """The newest lines about an object ("candidates.candidate:12", or the model instance), newest first."""
    name = subject if isinstance(subject, str) else f"{subject._meta.label_lower}:{subject.pk}"
    return _read("WHERE line.subject = %s ORDER BY line.id DESC LIMIT %s", [name, limit])


def line_of_key(key: str) -> LineView | None:
    """The line that a command wrote under an idempotency key."""
    found = _read("WHERE line.idempotency_key = %s", [key])
    return found[0] if found else None


def line_of_id(line_id: int) -> LineView | None:
    """The line of a receipt."""
    found = _read("WHERE line.id = %s", [line_id])
    return found[0] if found else None


def _read(where: str, params: list[Any]) -> list[LineView]:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + where, params)
        return [_view(row) for row in cursor.fetchall()]


def _view(row: tuple[Any, ...]) -> LineView:
    identifier, at, account_id, post, agency_code, command, subject, clauses, facts, seq = row
    known = json.loads(facts) if isinstance(facts, str) else facts
    return LineView(identifier, at, account_id, post, agency_code, command, subject, tuple(clauses), known, seq)
