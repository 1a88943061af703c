"""The history of a thing as people read it: ledger lines turned into sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps

from zikao.foundation.actors import Actor, Post

SUBJECTS = {"sitting": "考次", "node": "节点"}
TOLD: dict[str, str] = {
    "exchange.peer-added": "登记往来节点",
    "exchange.peer-changed": "更改往来节点",
    "access.account-opened": "开设账号",
    "access.account-closed": "注销账号",
    "access.password-changed": "更改密码",
    "access.password-reset": "重置密码",
    "access.appointed": "聘任岗位",
    "access.appointment-ended": "终止聘任",
}
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

    @property
    def subject_text(self) -> str:
        """What it was about, as people say it: "考点 17"; empty where the thing has no Chinese name."""
        label, _, key = self.subject.partition(":")
        try:
            name = str(apps.get_model(label)._meta.verbose_name)
        except (LookupError, ValueError):
            name = SUBJECTS.get(label, "")
        return f"{name} {key}" if name and not name.isascii() else ""


def tell(**sentences: str) -> None:
    """Register how events read: `tell(**{"candidates.registered": "报名注册"})`, once in a stage's views."""
    TOLD.update(sentences)


def history_of(subject: str, *, limit: int = 50) -> list[Line]:
    """What the ledger says about "app.model:pk", the newest first."""
    from zikao.foundation.ledger import lines_about

    return lines_of(lines_about(subject, limit))


def started_by(actor: Actor, *, limit: int = 10) -> list[Line]:
    """What this account did last, the newest first."""
    from zikao.foundation.ledger.models import Line as LedgerLine

    if actor.account_id is None:
        return []
    return lines_of(LedgerLine.objects.filter(account_id=actor.account_id).order_by("-id")[:limit])


def lines_of(lines: Iterable[Any]) -> list[Line]:
    """Ledger lines as they are shown: events as sentences, accounts as names."""
    from zikao.foundation.access.models import Account

    found = list(lines)
    accounts = {line.account_id for line in found if line.account_id is not None}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name")) if accounts else {}
    return [_line(line, names) for line in found]


def _line(line: Any, names: Mapping[int, str]) -> Line:
    post = _post(line.post)
    return Line(
        receipt=line.id,
        at=line.at,
        what=TOLD.get(line.command, line.command),
        who=names.get(line.account_id) or post,
        post=post,
        clauses=tuple(line.clauses),
        facts=line.facts,
        subject=line.subject,
    )


def _post(value: str) -> str:
    try:
        return Post(value).label
    except ValueError:
        return value
