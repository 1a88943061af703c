"""Who revealed how often, which matters are secret, who opened them; for the auditor and the security administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import scoped
from zikao.foundation.regulation import parameter
from zikao.foundation.secrecy.models import Reveal, Secret, SecretAccess


def reveals(actor: Actor) -> QuerySet[Reveal]:
    """What was shown in full in the actor's subtree, the latest first."""
    return scoped(Reveal.objects.all(), actor).order_by("-id")


def secrets() -> QuerySet[Secret]:
    """Every matter under a class, with how often it was opened."""
    return Secret.objects.annotate(opened=Count("accesses")).order_by("-sitting_code", "kind", "id")


def accesses(actor: Actor) -> QuerySet[SecretAccess]:
    """The openings and refusals in the actor's subtree, the latest first."""
    return scoped(SecretAccess.objects.select_related("secret"), actor).order_by("-id")


@dataclass(frozen=True)
class Viewer:
    """How often one person looked in the last days; `most` is the busiest day's count."""

    name: str
    post: str
    account_id: int | None
    count: int
    most: int
    last_at: datetime
    is_unusual: bool


def viewers(actor: Actor, at: datetime, days: int = 30) -> list[Viewer]:
    """Who revealed how often in the last days, the most first; unusual ones are flagged by the parameter."""
    limit = int(parameter("reveals-unusual-a-day").on(local_day(at)))
    rows = scoped(Reveal.objects.filter(at__gt=at - timedelta(days=days)), actor)
    by_day: dict[tuple[object, ...], dict[date, int]] = {}
    last: dict[tuple[object, ...], datetime] = {}
    counted = rows.order_by().values("account_id", "name", "post", "at__date").annotate(n=Count("id"), last=Max("at"))
    for row in counted:
        who = (row["account_id"], row["name"], row["post"])
        by_day.setdefault(who, {})[row["at__date"]] = row["n"]
        last[who] = max(row["last"], last.get(who, row["last"]))
    found = [
        Viewer(str(who[1]), str(who[2]), who[0], sum(d.values()), max(d.values()), last[who], max(d.values()) >= limit)  # type: ignore[arg-type]
        for who, d in by_day.items()
    ]
    return sorted(found, key=lambda each: (-each.most, -each.count, each.name))
