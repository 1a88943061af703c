"""What follows when the last has signed, or when a proposal came to nothing; and where its subject has its page.

The stages fill this in: an approval knows its subject by name only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from zikao.foundation.actors import Actor

if TYPE_CHECKING:
    from zikao.foundation.approvals.models import Approval

Effect = Callable[["Approval", Actor, datetime], None]

_approved: dict[str, list[Effect]] = {}
_refused: dict[str, list[Effect]] = {}
_pages: dict[str, Callable[[int], str]] = {}


def when_approved(chain: str) -> Callable[[Effect], Effect]:
    """Register what a stage changes in the same transaction as the last signature of this chain."""
    return _registered(_approved, chain)


def when_refused(chain: str) -> Callable[[Effect], Effect]:
    """Register what a stage changes when a proposal is refused, withdrawn or expires (see `approval.state`)."""
    return _registered(_refused, chain)


def subject_page(kind: str, url: Callable[[int], str]) -> None:
    """Name the page of a kind of subject: `subject_page("results.correction", lambda pk: reverse(...))`."""
    _pages[kind] = url


def url_of(subject: str) -> str:
    """The page of a subject like "results.correction:12"; empty where its stage named none."""
    kind, _, number = subject.partition(":")
    return _pages[kind](int(number)) if kind in _pages and number.isdigit() else ""


def follow_approval(approval: Approval, by: Actor, at: datetime) -> None:
    """Do what was registered for a chain whose last step is signed."""
    for effect in _approved.get(approval.chain, ()):
        effect(approval, by, at)


def follow_refusal(approval: Approval, by: Actor, at: datetime) -> None:
    """Do what was registered for a proposal that came to nothing."""
    for effect in _refused.get(approval.chain, ()):
        effect(approval, by, at)


def _registered(table: dict[str, list[Effect]], chain: str) -> Callable[[Effect], Effect]:
    def keep(effect: Effect) -> Effect:
        table.setdefault(chain, []).append(effect)
        return effect

    return keep
