"""Corrections as pages and the document show them, and what a corrected score touches in later stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.approvals.models import Signature
from zikao.foundation.clock import LOCAL
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import clause
from zikao.stages.agencies.models import Agency
from zikao.stages.results.models import Correction, Score
from zikao.stages.results.states import Standing


@dataclass(frozen=True)
class Consequence:
    """What rests on a score that is corrected, and what must be done about it."""

    what: str
    sentence: str
    clause: str


Search = Callable[[Score], Iterable[Consequence]]
_searches: list[Search] = []


def consequence(search: Search) -> Search:
    """Let a later stage say what of its own rests on a score."""
    if search not in _searches:
        _searches.append(search)
    return search


def consequences_of(score: Score) -> list[Consequence]:
    """Everything that rests on this score."""
    return [found for search in _searches for found in search(score)]


def corrections(actor: Actor) -> QuerySet[Correction]:
    """The corrections of the actor's subtree."""
    rows = Correction.objects.select_related("score__candidate", "score__course", "list")
    return scoped(rows, actor).order_by("-id")


def correction(actor: Actor, correction_id: int) -> Correction:
    """One correction of the actor's subtree. Raises NotFound."""
    return access(
        Correction.objects.select_related("score__candidate", "score__course", "list"), actor, pk=correction_id
    )


def corrected_as(found: Correction) -> str:
    """The corrected score as people read it."""
    if found.standing != Standing.VALID:
        return "成绩取消" if found.standing == Standing.VOID else "缺考"
    return str(found.value) if found.value is not None else found.grade


def document_of(actor: Actor, correction_id: int, on: date) -> dict[str, object]:
    """What the correction's form is made of."""
    found = correction(actor, correction_id)
    agency = Agency.objects.filter(code=found.agency_code[:2]).values_list("name", flat=True).first() or ""
    rows = Signature.objects.filter(approval_id=found.approval_id or 0).select_related("step").order_by("id")
    return {
        "agency": agency,
        "number": str(found.pk),
        "admission_number": found.score.candidate.admission_number,
        "name": found.score.candidate.name,
        "course": str(found.score.course),
        "sitting": found.score.sitting_label,
        "before": f"{found.score.shown}（第 {found.score.version} 版）",
        "after": f"{corrected_as(found)}（第 {found.score.version + 1} 版）",
        "crosses": "是" if found.crosses_pass else "否",
        "reason": found.reason,
        "evidence": found.evidence,
        "digest": bytes(found.list.root).hex(),
        "state": found.get_state_display(),
        "signatures": [_signature(row) for row in rows],
        "issued_on": on,
        "clauses": [clause(name).chip for name in ("SR-A1.8", "EA-41.5")],
    }


def _signature(row: Signature) -> dict[str, str]:
    return {
        "step": row.step.name,
        "who": f"{row.name}（{row.get_post_display()}）",
        "verdict": row.get_verdict_display() + (f"　【{row.seal}】" if row.seal else ""),
        "at": f"{row.signed_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
    }
