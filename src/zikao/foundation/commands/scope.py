"""Reading with authority: another agency's object does not exist."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands.apart import check_apart
from zikao.foundation.errors import NotFound

M = TypeVar("M", bound=Model)


def scoped(queryset: QuerySet[M], actor: Actor, field: str = "agency_code") -> QuerySet[M]:
    """The rows whose agency code lies in the actor's subtree."""
    if not actor.agency_code:
        return queryset
    lo, hi = actor.scope
    return queryset.filter(**{f"{field}__gte": lo, f"{field}__lt": hi})


def access(queryset: QuerySet[M], actor: Actor, field: str = "agency_code", **lookup: Any) -> M:
    """The one row in the actor's subtree; NotFound where there is none, Refused where it is a relative's (EA-11.1)."""
    try:
        row = scoped(queryset, actor, field).get(**lookup)
    except ObjectDoesNotExist:
        raise NotFound("not-found", facts=lookup) from None
    check_apart(actor, row)
    return row
