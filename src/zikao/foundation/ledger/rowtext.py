"""Reading an entry of form 1 (PostgreSQL's text of a row) back into its fields. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from zikao.foundation.ledger.entry import COLUMNS


def parse_row(text: str) -> list[str | None]:
    """The fields of a row in parentheses, commas between, quotes doubled; an absent one is None. Raises ValueError."""
    if not (text.startswith("(") and text.endswith(")")):
        raise ValueError("no row")
    fields: list[str | None] = []
    at, end = 1, len(text) - 1
    while True:
        field, at = _field(text, at, end)
        fields.append(field)
        if at == end:
            return fields
        at += 1  # the comma


def _field(text: str, at: int, end: int) -> tuple[str | None, int]:
    out: list[str] = []
    quoted, seen = False, False
    while at < end and (quoted or text[at] != ","):
        char = text[at]
        seen = True
        if char == "\\" and at + 1 < end:
            at += 1
            out.append(text[at])
        elif char == '"' and quoted and text[at + 1 : at + 2] == '"' and at + 1 < end:
            at += 1
            out.append('"')
        elif char == '"':
            quoted = not quoted
        else:
            out.append(char)
        at += 1
    if quoted:
        raise ValueError("no row")
    return ("".join(out) if seen else None), at


def read_entry(entry: bytes) -> dict[str, Any]:
    """The line as its columns say: numbers, aware instants, facts. Raises ValueError."""
    fields = parse_row(entry.decode())
    if len(fields) != len(COLUMNS):
        raise ValueError("columns")
    line: dict[str, Any] = dict(zip(COLUMNS, fields, strict=True))
    for name in ("id", "account_id", "appointment_id"):
        line[name] = int(line[name]) if line[name] is not None else None
    for name in ("at", "recorded_at"):
        line[name] = _instant(str(line[name]))
    line["facts"] = json.loads(str(line["facts"]))
    line["clauses"] = [name.strip('"') for name in str(line["clauses"]).strip("{}").split(",") if name]
    return line


def _instant(seconds: str) -> datetime:
    whole, part = divmod(Decimal(seconds), 1)
    return datetime.fromtimestamp(int(whole), UTC).replace(microsecond=int(part * 1_000_000))
