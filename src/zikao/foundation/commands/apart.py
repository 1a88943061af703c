"""Whose matters somebody keeps out of: their own as a candidate, and their relatives' (EA-11.1).

@keeps_apart
def no_relative(actor: Actor, candidate_id: int) -> None: ...   # raises Refused

`access` asks before it hands over a row that is a candidate's, so no page and no command has to think of it. The way
from a row to its candidate is read from the models: the candidate, a `candidate`, or what hangs on one, two steps far.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from zikao.foundation.actors import Actor, Post

KeepsApart = Callable[[Actor, int], None]

_FAR = 2
_CANDIDATE = "candidates.candidate"
_SUBJECT = re.compile(r"([a-z]+\.[a-z]+):([0-9]{1,18})")
_checks: list[KeepsApart] = []


def keeps_apart(check: KeepsApart) -> KeepsApart:
    """Register who knows which candidates an actor keeps away from."""
    _checks.append(check)
    return check


def check_apart(actor: Actor, row: Model) -> None:
    """Raise Refused where the row is a candidate's from whom the person behind the account keeps away."""
    if actor.account_id is None or actor.post is Post.CANDIDATE or not _checks:
        return
    candidate = candidate_of(row)
    if candidate is not None:
        for check in _checks:
            check(actor, candidate)


def check_apart_named(actor: Actor, named: Mapping[str, object], module: str) -> None:
    """Raise Refused where an address names a row from whose candidate the actor keeps away: `case_id` of an app's case.

    `module` is the command's: its own app's models come before those of others.
    """
    if actor.account_id is None or actor.post is Post.CANDIDATE or not _checks:
        return
    config = apps.get_containing_app_config(module)
    for name, key in named.items():
        model = _model_named(name.removesuffix("_id"), config.label if config else "")
        if name.endswith("_id") and model is not None and isinstance(key, int):
            row = model._default_manager.filter(pk=key).first()
            if row is not None:
                check_apart(actor, row)


@cache
def _model_named(name: str, label: str) -> Any:
    """The model that an address means: the app's own of this name, or ending in it, else the only other one; or None.

    Models whose rows are nobody's are passed over.
    """
    somebodys = [model for model in apps.get_models() if _way(model) is not None]
    own = [model for model in somebodys if model._meta.app_label == label]
    for found in (
        [model for model in own if model._meta.model_name == name],
        [model for model in own if str(model._meta.model_name).endswith(name)],
        [model for model in somebodys if model._meta.model_name == name],
    ):
        if len(found) == 1:
            return found[0]
    return None


def candidate_of(row: Model) -> int | None:
    """The id of the candidate whose row this is; an approval is of what it is about; None: nobody's."""
    way = _way(row._meta.model)
    if way is None:
        about = _SUBJECT.fullmatch(str(getattr(row, "subject", "")))
        found = _named(*about.groups()) if about else None
        return candidate_of(found) if found is not None else None
    here: Any = row
    for name in way:
        if here is None:
            return None
        here = getattr(here, name)
    return here if isinstance(here, int) else None


def _named(label: str, key: str) -> Model | None:
    try:
        model: Any = apps.get_model(label)
    except LookupError:
        return None
    found: Model | None = model._default_manager.filter(pk=int(key)).first() if _way(model) is not None else None
    return found


@cache
def _way(model: Any) -> tuple[str, ...] | None:
    """The attributes that lead from a row of the model to the id of its candidate, the shortest way."""
    waiting: deque[tuple[Any, tuple[str, ...]]] = deque([(model, ())])
    while waiting:
        here, way = waiting.popleft()
        if here._meta.label_lower == _CANDIDATE:
            return (*way, "pk")
        fields = here._meta.concrete_fields
        if any(field.attname == "candidate_id" for field in fields):
            return (*way, "candidate_id")
        if len(way) < _FAR:
            waiting += [(field.related_model, (*way, field.name)) for field in fields if _leads_on(field)]
    return None


def _leads_on(field: Any) -> bool:
    return isinstance(field, ForeignKey) and field.related_model._meta.app_label != "access"
