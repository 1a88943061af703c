"""Statements sent the short way: planned once a connection, several in one message, past Django's cursor.

For the few statements that every command or every registration pays for. What is prepared stays planned: a statement
on a table under row security goes through `commands.as_told`, so that each setting has a plan of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

Values = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]


def prepared(statement: str, values: Values, database: Any = None) -> Row | None:
    """The first row of the statement, or None where it gives none; errors are Django's, as of its own cursor."""
    return prepared_together((statement, values), database=database)[0]


def prepared_together(*asked: tuple[str, Values], database: Any = None) -> list[Row | None]:
    """The first row of each statement; they travel in one message, and the first that fails ends them all."""
    database = database or connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    raw = database.connection
    with database.wrap_database_errors:
        with raw.pipeline() if len(asked) > 1 else nullcontext():
            cursors = [psycopg.Cursor(raw).execute(statement, values, prepare=True) for statement, values in asked]
        return [_first_row(cursor) for cursor in cursors]


def _first_row(cursor: psycopg.Cursor[Row]) -> Row | None:
    return cursor.fetchone() if cursor.pgresult and cursor.pgresult.nfields else None
