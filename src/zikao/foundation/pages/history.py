"""The history of a thing as people read it: ledger lines turned into sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor, Post

TOLD: dict[str, str] = {}
"""Event name -> sentence: `TOLD["records.opened"] = "建立考籍档案"`; `tell` fills it."""


@dataclass(frozen=True)
class Line:
    """One line of the ledger about a thing; `what` is a sentence, `receipt` the line's number."""

    receipt: int
    at: datetime
    what: str
    who: str
    post: str = ""
    clauses: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""


def tell(**sentences: str) -> None:
    """Register how events read: `tell(**{"candidates.registered": "报名注册"})`, once in a stage's views."""
    TOLD.update(sentences)


def history_of(subject: str, *, limit: int = 50) -> list[Line]:
    """What the ledger says about "app.model:pk", the newest first."""
    from zikao.foundation.ledger import lines_about

    return lines_of(list(lines_about(subject))[-limit:])


def started_by(actor: Actor, *, limit: int = 10) -> list[Line]:
    """What this account did last, the newest first."""
    from zikao.foundation import ledger

    if actor.account_id is None:
        return []
    find = getattr(ledger, "lines_by", None)
    return lines_of(list(find(actor.account_id, limit=limit))) if find else []


def lines_of(lines: Iterable[Any]) -> list[Line]:
    """Ledger lines as they are shown, the newest first."""
    return sorted((_line(each) for each in lines), key=lambda each: each.receipt, reverse=True)


def _line(line: Any) -> Line:
    post = _post(getattr(line, "post", ""))
    clauses: Sequence[str] = getattr(line, "clauses", None) or ()
    return Line(
        receipt=line.id,
        at=line.at,
        what=TOLD.get(line.command, line.command),
        who=_name(getattr(line, "account_id", None)) or getattr(line, "actor_name", "") or post,
        post=post,
        clauses=tuple(clauses),
        facts=getattr(line, "facts", None) or {},
        subject=getattr(line, "subject", ""),
    )


def _post(value: str) -> str:
    try:
        return Post(value).label
    except ValueError:
        return value


def _name(account_id: int | None) -> str:
    if account_id is None:
        return ""
    from zikao.foundation.access.models import Account

    return Account.objects.filter(pk=account_id).values_list("name", flat=True).first() or ""
