"""What is kept, how it stands on a day, what is due, what holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import QuerySet

from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import parameter, retention_schedule
from zikao.foundation.retention import rules
from zikao.foundation.retention.models import Clock, Destruction, HeldThing, Hold, Holding
from zikao.foundation.retention.registry import open_cases
from zikao.foundation.retention.states import DestructionState, OpenCase, Standing


@dataclass(frozen=True)
class HowItStands:
    """A kept thing on a day: since when, until when (exclusive), what holds it."""

    standing: Standing
    started_on: date | None
    until: date | None
    holds: tuple[Hold, ...]
    cases: tuple[OpenCase, ...]


def province() -> str | None:
    """The province whose own choices count on this node."""
    return settings.ZIKAO_NODE_CODE or None


def holdings(actor: Actor) -> QuerySet[Holding]:
    """What is kept in the actor's subtree."""
    return scoped(Holding.objects.all(), actor)


def holding(actor: Actor, holding_id: int) -> Holding:
    """One thing that is kept in the actor's subtree; NotFound elsewhere."""
    return access(Holding.objects.all(), actor, pk=holding_id)


def holds(actor: Actor) -> QuerySet[Hold]:
    """The holds of the actor's subtree."""
    return scoped(Hold.objects.all(), actor)


def hold(actor: Actor, hold_id: int) -> Hold:
    """One hold; NotFound elsewhere."""
    return access(Hold.objects.all(), actor, pk=hold_id)


def destructions(actor: Actor) -> QuerySet[Destruction]:
    """The lists of things to be destroyed in the actor's subtree."""
    return scoped(Destruction.objects.all(), actor)


def destruction(actor: Actor, destruction_id: int) -> Destruction:
    """One list; NotFound elsewhere."""
    return access(Destruction.objects.all(), actor, pk=destruction_id)


def clocks(matters: Iterable[str]) -> dict[tuple[str, str], date]:
    """The day each matter's time began, by (matter, event); the database counts from the day of entry at least."""
    rows = Clock.objects.filter(matter__in=set(matters))
    return {(row.matter, row.event): row.started_on for row in rows}


def how_they_stand(rows: Iterable[Holding], on: date) -> dict[int, HowItStands]:
    """How kept things stand on a day, by id; a handful of statements whatever their number."""
    kept = list(rows)
    started = clocks(row.matter for row in kept)
    holding_them = _open_holds(kept)
    gone = set(
        Holding.objects.filter(
            pk__in=[row.pk for row in kept], destructions__destruction__state=DestructionState.DESTROYED
        ).values_list("pk", flat=True)
    )
    cases = {matter: tuple(open_cases(matter)) for matter in {row.matter for row in kept}}
    return {row.pk: _stands(row, on, started, holding_them.get(row.pk, ()), cases[row.matter], gone) for row in kept}


def name_of(account_id: int | None) -> str:
    """Who an account is, for pages and the certificate."""
    found = Account.objects.filter(pk=account_id).first() if account_id is not None else None
    return found.name if found else ""


def due_soon(actor: Actor, on: date) -> list[tuple[Holding, HowItStands]]:
    """What may be destroyed now or soon, the earliest first."""
    notice = timedelta(days=int(parameter("due-notice").on(on, province=province())))
    rows = list(holdings(actor).exclude(destructions__is_live=True))
    stands = how_they_stand(rows, on)
    due = [(row, stands[row.pk]) for row in rows]
    found = [(row, each) for row, each in due if each.until is not None and each.until - notice <= on]
    return sorted(found, key=lambda pair: (pair[1].until or on, pair[0].pk))


def _open_holds(kept: list[Holding]) -> dict[int, tuple[Hold, ...]]:
    found: dict[int, tuple[Hold, ...]] = {}
    things = HeldThing.objects.filter(holding__in=kept, hold__released_at__isnull=True)
    for thing in things.select_related("hold"):
        found[thing.holding_id] = (*found.get(thing.holding_id, ()), thing.hold)
    return found


def _stands(
    row: Holding,
    on: date,
    started: dict[tuple[str, str], date],
    holding_it: tuple[Hold, ...],
    cases: tuple[OpenCase, ...],
    gone: set[int],
) -> HowItStands:
    keeping = retention_schedule()[row.kind]
    started_on = started.get((row.matter, keeping.event))
    until = rules.KEPT_UNTIL(on=on, kind=row.kind, started_on=started_on, province=province())
    if row.pk in gone:
        standing = Standing.DESTROYED
    elif keeping.parameter is None:
        standing = Standing.FOR_EVER
    elif until is None:
        standing = Standing.NOT_RUNNING
    elif on < until:
        standing = Standing.KEPT
    else:
        standing = Standing.HELD if holding_it or cases else Standing.DUE
    return HowItStands(standing, started_on, until, holding_it, cases)
