"""What a report may choose from: kinds, places in the actor's sight, units of the sitting that is on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models.functions import Length

from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Agency, Site
from zikao.stages.agencies.states import SiteState
from zikao.stages.programmes.models import Unit

NEAR = timedelta(days=7)
FEW = 12


def kind_choices(on: date) -> list[tuple[str, str]]:
    """The kinds, the grave ones first, as the law lists them on that day."""
    return list(parameter("incident-kinds").on(on).items())


def kind_name(kind: str, on: date) -> str:
    """A kind as the law called it on that day."""
    return str(parameter("incident-kinds").on(on).get(kind, kind))


def places(actor: Actor) -> list[tuple[str, str]]:
    """Where an incident may have happened: "site:3" or "agency:3201", the sites first."""
    sites = scoped(Site.objects.exclude(state=SiteState.PROPOSED).filter(closed_on__isnull=True), actor)
    whole = scoped(Agency.objects.filter(closed_on__isnull=True), actor, "code").order_by(Length("code"), "code")
    return [
        *((f"site:{pk}", f"{code} {name}") for pk, code, name in sites.values_list("pk", "code", "name")),
        *((f"agency:{code}", f"{name}（整个辖区）") for code, name in whole.values_list("code", "name")),
    ]


def units(at: datetime) -> list[Unit]:
    """The units some days around now, which a report may name."""
    rows = Unit.objects.select_related("sitting").filter(starts_at__gt=at - NEAR, starts_at__lt=at + NEAR)
    return list(rows.order_by("starts_at")[:FEW])


def present_unit(found: list[Unit], at: datetime) -> Unit | None:
    """The unit that is on, or the next one of the day."""
    return next((unit for unit in found if unit.ends_at >= at and unit.starts_at < at + timedelta(hours=12)), None)
