"""A payment gateway that is played: it has books of its own, apart from the node's database, and it misbehaves.

Its books are a file beside the node's, as a bank's books are elsewhere: restoring our database does not change them.
Call-backs wait in a list until somebody delivers them (the caretaker of a demonstration, or a test, in any order).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from zikao.foundation import clock
from zikao.stages.entries.gateway import GatewayAway, statements
from zikao.stages.entries.gateway.signing import Notice, money_body, signed
from zikao.stages.entries.gateway.statements import StatedLine
from zikao.stages.entries.states import Money, RefundState

_BOOKS = """
CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, fen INTEGER, title TEXT, until TEXT);
CREATE TABLE IF NOT EXISTS money (id TEXT PRIMARY KEY, number TEXT, fen INTEGER, at TEXT);
CREATE INDEX IF NOT EXISTS money_of_order ON money (number);
CREATE TABLE IF NOT EXISTS refunds (number TEXT PRIMARY KEY, id TEXT, fen INTEGER, at TEXT);
CREATE TABLE IF NOT EXISTS notices (id INTEGER PRIMARY KEY, money TEXT, due TEXT);
CREATE TABLE IF NOT EXISTS away (until TEXT);
"""


@dataclass(frozen=True)
class Asked:
    """An order as the gateway knows it."""

    number: str
    fen: int
    title: str
    until: datetime


class SimulatedGateway:
    """The gateway of demonstrations and tests; `books` is its file."""

    def __init__(self, books: Path) -> None:
        self.books = books

    @classmethod
    def of_this_node(cls) -> SimulatedGateway:
        """The one beside this node."""
        return cls(Path(settings.ZIKAO_NODE_HOME) / "simulated-gateway.sqlite")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.books, timeout=20, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous=OFF")
            file.executescript(_BOOKS)
            yield file

    # What the interface asks

    def collect(self, *, order_number: str, amount_fen: int, title: str, until: datetime) -> str:
        """The address of the played till."""
        with self._here() as file:
            row = (order_number, amount_fen, title, until.isoformat())
            file.execute("INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?)", row)
        return reverse("entries:till", args=[order_number])

    def money_of(self, order_number: str) -> tuple[Money, ...]:
        """What was paid for an order."""
        with self._here() as file:
            rows = file.execute("SELECT * FROM money WHERE number = ? ORDER BY at, id", (order_number,)).fetchall()
        return tuple(_money(row) for row in rows)

    def refund(self, *, refund_number: str, transaction: str, amount_fen: int) -> RefundState:
        """Done at once, unless more would go back than came."""
        with self._here() as file:
            file.execute("BEGIN IMMEDIATE")
            known = file.execute("SELECT id, fen FROM refunds WHERE number = ?", (refund_number,)).fetchone()
            state = _judged(file, known, transaction, amount_fen)
            if known is None and state is RefundState.DONE:
                at = clock.now().isoformat()
                file.execute("INSERT INTO refunds VALUES (?, ?, ?, ?)", (refund_number, transaction, amount_fen, at))
            file.execute("COMMIT")
        return state

    def statement(self, on: date) -> bytes:
        """The day's movements."""
        with self._here() as file:
            paid = file.execute("SELECT * FROM money ORDER BY at, id").fetchall()
            back = file.execute(
                "SELECT r.number, m.number, r.fen, r.at FROM refunds r JOIN money m ON m.id = r.id ORDER BY r.at"
            ).fetchall()
        lines = [StatedLine("paid", *_stated(row, 1)) for row in paid]
        lines += [StatedLine("refunded", *_stated(row, -1)) for row in back]
        return statements.written([each for each in lines if clock.local_day(each.at) == on], on)

    # What is played

    def order(self, number: str) -> Asked | None:
        """An order that was told, or None."""
        with self._open() as file:
            row = file.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
        return Asked(row[0], row[1], row[2], datetime.fromisoformat(row[3])) if row else None

    def pay(
        self, number: str, *, notices: int = 1, after: timedelta = timedelta(), at: datetime | None = None
    ) -> Money:
        """Take money for an order and put up its call-backs: none is a lost one, several are repeats."""
        asked = self.order(number)
        money = Money(number, f"G{secrets.token_hex(12)}", asked.fen if asked else 0, at or clock.now())
        with self._open() as file:
            file.execute("BEGIN IMMEDIATE")
            row = (money.transaction, number, money.amount_fen, money.paid_at.isoformat())
            file.execute("INSERT INTO money VALUES (?, ?, ?, ?)", row)
            for _ in range(notices):
                due = (money.paid_at + after).isoformat()
                file.execute("INSERT INTO notices (money, due) VALUES (?, ?)", (money.transaction, due))
            file.execute("COMMIT")
        return money

    def notices_due(self, at: datetime) -> list[Notice]:
        """Take the call-backs that are due off the list, each newly signed."""
        with self._open() as file:
            file.execute("BEGIN IMMEDIATE")
            rows = file.execute(
                "SELECT n.id, m.* FROM notices n JOIN money m ON m.id = n.money WHERE n.due <= ? ORDER BY n.id",
                (at.isoformat(),),
            ).fetchall()
            file.executemany("DELETE FROM notices WHERE id = ?", [(row[0],) for row in rows])
            file.execute("COMMIT")
        return [notice_of(_money(row[1:]), at) for row in rows]

    def go_away(self, until: datetime) -> None:
        """Answer nothing until then."""
        with self._open() as file:
            file.execute("DELETE FROM away")
            file.execute("INSERT INTO away VALUES (?)", (until.isoformat(),))

    @contextmanager
    def _here(self) -> Iterator[sqlite3.Connection]:
        with self._open() as file:
            row = file.execute("SELECT until FROM away").fetchone()
            if row and datetime.fromisoformat(row[0]) > clock.now():
                raise GatewayAway("simulated")
            yield file


def notice_of(money: Money, at: datetime) -> Notice:
    """A call-back of a movement, signed at that instant."""
    return signed(money_body(money), nonce=secrets.token_hex(16), sent_at=at)


def _money(row: tuple[str, str, int, str]) -> Money:
    return Money(row[1], row[0], row[2], datetime.fromisoformat(row[3]))


def _stated(row: tuple[str, str, int, str], sign: int) -> tuple[str, str, int, datetime]:
    return row[0], row[1], sign * row[2], datetime.fromisoformat(row[3])


def _judged(file: sqlite3.Connection, known: tuple[str, int] | None, transaction: str, fen: int) -> RefundState:
    if known is not None:
        return RefundState.DONE if known == (transaction, fen) else RefundState.STUCK
    came = file.execute("SELECT fen FROM money WHERE id = ?", (transaction,)).fetchone()
    back = file.execute("SELECT coalesce(sum(fen), 0) FROM refunds WHERE id = ?", (transaction,)).fetchone()[0]
    return RefundState.DONE if came is not None and back + fen <= came[0] else RefundState.STUCK
