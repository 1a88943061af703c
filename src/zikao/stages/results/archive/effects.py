"""What follows when a change list is filed: a later stage registers what it changes in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from zikao.stages.results.models import ChangeList
from zikao.stages.results.states import ListKind

Effect = Callable[[ChangeList, datetime], None]
_effects: dict[ListKind, list[Effect]] = {}


def when_filed(kind: ListKind) -> Callable[[Effect], Effect]:
    """Register what follows the filing of a list of this kind."""

    def keep(effect: Effect) -> Effect:
        held = _effects.setdefault(kind, [])
        if effect not in held:
            held.append(effect)
        return effect

    return keep


def follow_filing(filed: ChangeList, at: datetime) -> None:
    """Do what was registered for the list's kind."""
    for effect in _effects.get(ListKind(filed.kind), ()):
        effect(filed, at)
