"""Which rows the database shows: three settings of the connection, read by the policies of `row_security`.

    with rows_of(actor): ...                # what lies in the actor's subtree; a candidate: what is theirs
    with rows_of(None): ...                 # the public: nothing
    with all_rows("EA-12.3：停考全国有效"): ...  # what the law makes look across agencies; the reason is listed

Nobody has rows by default: a connection that was told nothing shows nothing. Commands, requests and long work enter
`rows_of` themselves. Inside a transaction a setting is the transaction's own, so it goes with a rollback; outside it is
the session's until the context ends. Contexts are undone in order: one that ends late (a generator that was left in
the middle) changes nothing any more, and one that ends in a broken transaction leaves the undoing to the rollback.

`zikao.lo`, `zikao.hi`: the half-open range of agency codes, both "*" for every row. `zikao.candidate`: whose own rows.
Empty is nothing, never everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, transaction
from psycopg.pq import TransactionStatus

from zikao.foundation.actors import Actor, Post, range_of
from zikao.foundation.statements import Row, Values, prepared, prepared_together

WHOLE = "*"
_SET = "SELECT set_config('zikao.lo', %s, %s), set_config('zikao.hi', %s, %s), set_config('zikao.candidate', %s, %s)"


@dataclass(frozen=True, eq=False)
class Rows:
    """What a connection shows, as the three settings say it; each context has its own."""

    lo: str = ""
    hi: str = ""
    candidate: str = ""

    def says(self, other: Rows) -> bool:
        """Whether both show the same."""
        return (self.lo, self.hi, self.candidate) == (other.lo, other.hi, other.candidate)


NOTHING = Rows()
EVERYTHING = Rows(WHOLE, WHOLE)


@contextmanager
def rows_of(actor: Actor | None) -> Iterator[None]:
    """Show the rows of the actor's subtree, or a candidate's own; to nobody none."""
    with _showing(_rows_for(actor)):
        yield


@contextmanager
def transaction_of(actor: Actor) -> Iterator[None]:
    """A transaction that shows the actor's rows; where it is the outermost, its end undoes what was told."""
    database, rows = connections[DEFAULT_DB_ALIAS], _rows_for(actor)
    if database.in_atomic_block:
        with transaction.atomic(), _showing(rows):
            yield
        return
    with transaction.atomic():
        _begin(database, rows)
        stack = _stack_of(database)
        stack.append(rows)
        try:
            yield
        finally:
            if rows in stack:
                del stack[stack.index(rows) :]


@contextmanager
def all_rows(reason: str) -> Iterator[None]:
    """Show every row of the node, for the reason given: which law or which duty looks across agencies."""
    if not reason.strip():
        raise ValueError("all_rows without a reason")
    with _showing(Rows(WHOLE, WHOLE)):
        yield


def asked_of_all_rows(reason: str, statement: str, values: Values) -> Row | None:
    """The first row of one prepared statement that sees every row of the node, for the reason given.

    Within `all_rows` the same takes three round trips; this is one.
    """
    if not reason.strip():
        raise ValueError("asked_of_all_rows without a reason")
    database = connections[DEFAULT_DB_ALIAS]
    stack = _stack_of(database)
    local, now = database.in_atomic_block, stack[-1] if stack else NOTHING
    asked = [
        (_SET, _settings(EVERYTHING, local)),
        (_marked(statement, EVERYTHING), values),
        (_SET, _settings(now, local)),
    ]
    return prepared_together(*asked)[1]


def asked_as_owner(reason: str, statement: str, values: Values) -> Row | None:
    """The first row of one prepared statement that asks a function of the tables' owner, who sees every row.

    For what every registration pays for: the function says no more than it has to, and nothing is told before or after.
    """
    if not reason.strip():
        raise ValueError("asked_as_owner without a reason")
    return prepared(statement, values)


def as_told(statement: str) -> str:
    """A statement to be prepared, made another for each setting: a plan that is kept holds for one of them only."""
    stack = _stack_of(connections[DEFAULT_DB_ALIAS])
    return _marked(statement, stack[-1] if stack else NOTHING)


def _marked(statement: str, now: Rows) -> str:
    return f"/* {'-'.join(part.encode().hex() for part in (now.lo, now.hi, now.candidate))} */ {statement}"


def _rows_for(actor: Actor | None) -> Rows:
    if actor is None:
        return Rows()
    if actor.candidate_id is not None:
        return Rows(candidate=str(actor.candidate_id))
    if actor.post is Post.CANDIDATE or actor.post is Post.PUBLIC:
        return Rows()
    return Rows(*range_of(actor.agency_code)) if actor.agency_code else Rows(WHOLE, WHOLE)


@contextmanager
def _showing(rows: Rows) -> Iterator[None]:
    database = connections[DEFAULT_DB_ALIAS]
    stack = _stack_of(database)
    before = stack[-1] if stack else None
    stack.append(rows)
    try:
        if before is None or not before.says(rows):
            _tell(database, rows)
        yield
    finally:
        _leave(rows)


def _leave(rows: Rows) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    stack = _stack_of(database)
    if rows not in stack:
        return  # an outer context ended first, or this is another thread's connection
    last = stack[-1]
    del stack[stack.index(rows) :]
    now = stack[-1] if stack else NOTHING
    if _is_broken(database) or (stack and now.says(last)):
        return
    try:
        _tell(database, now)
    except (InterfaceError, OperationalError):
        if database.in_atomic_block:
            raise  # what was written goes with the transaction: its caller must hear of it
        database.close()  # the server went away: what cannot be told to show less shows nothing at all


def _stack_of(database: Any) -> list[Rows]:
    # on the thread's own connection object, which outlives reconnections
    stack: list[Rows] = database.__dict__.setdefault("zikao_rows", [])
    return stack


def _is_broken(database: Any) -> bool:
    """Whether nothing can be undone: no connection, or a transaction that only waits for its rollback."""
    if database.connection is None or database.needs_rollback:
        return True
    status = database.connection.info.transaction_status
    return status in (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)


def _begin(database: Any, rows: Rows) -> None:
    """Begin the transaction and tell it the rows, in one message: the driver would send two."""
    database.ensure_connection()
    raw = database.connection
    literal = psycopg.pq.Escaping(raw.pgconn).escape_literal
    settings = b", ".join(
        b"set_config('zikao.%s', %s, true)" % (name, literal(value.encode()))
        for name, value in ((b"lo", rows.lo), (b"hi", rows.hi), (b"candidate", rows.candidate))
    )
    with database.wrap_database_errors:
        result = raw.pgconn.exec_(b"BEGIN; SELECT " + settings)
        if raw.closed:
            raise psycopg.OperationalError("the server closed the connection")
        if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)


def _tell(database: Any, rows: Rows) -> None:
    if database.connection is None and rows.says(NOTHING):
        return  # a fresh connection shows nothing
    prepared(_SET, _settings(rows, database.in_atomic_block), database)


def _settings(rows: Rows, local: bool) -> list[str | bool]:
    return [rows.lo, local, rows.hi, local, rows.candidate, local]


def tell_again(sender: object, connection: Any, **more: object) -> None:
    """A connection made in the middle of a context learns what the lost one knew; one from a pool is told afresh."""
    stack = _stack_of(connection)
    if stack or connection.pool is not None:
        _tell(connection, stack[-1] if stack else NOTHING)
