"""Names beside codes: the agencies that forms offer and tables show."""

from __future__ import annotations

from collections.abc import Iterable

from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.stages.agencies.models import Agency


def agencies_offered(actor: Actor) -> list[Agency]:
    """The agencies of the actor's subtree, by code."""
    return list(scoped(Agency.objects.order_by("code"), actor, "code"))


def agency_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of agencies by code; the centre's is the empty code."""
    found = dict(Agency.objects.filter(code__in=set(codes)).values_list("code", "name"))
    return {"": "教育部考试中心", **found}
