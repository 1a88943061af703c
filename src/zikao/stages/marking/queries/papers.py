"""Papers being marked, their card layout, key and tasks."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access
from zikao.foundation.errors import NotFound
from zikao.stages.marking.cards.layout import CardLayout, card_layout
from zikao.stages.marking.models import AnswerKey, Question
from zikao.stages.marking.states import KeyState, QuestionKind
from zikao.stages.programmes.models import Paper
from zikao.stages.seating.models import Seat


def paper_of(paper_id: int, *, lock: bool = False) -> Paper:
    """The paper; NotFound where there is none. `lock` holds it until the transaction ends."""
    rows = Paper.objects.select_related("course", "sitting", "unit")
    paper = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=paper_id).first()
    if paper is None:
        raise NotFound("paper-not-found", facts={"paper": paper_id}, message="没有找到这一科目。")
    return paper


def marking_papers(sitting_code: str) -> QuerySet[Paper]:
    """The papers of a sitting, with how many seats, scripts and totals each has."""
    return (
        Paper.objects.filter(sitting__code=sitting_code)
        .select_related("course", "unit", "sitting")
        .annotate(
            expected=Count("seats", distinct=True),
            cards_read=Count("cards", filter=Q(cards__state__in=["read", "doubtful", "resolved"]), distinct=True),
            doubtful=Count("cards", filter=Q(cards__state="doubtful"), distinct=True),
            set_aside=Count("cards", filter=Q(cards__state="set-aside"), distinct=True),
            totals=Count("scripts__total", distinct=True),
        )
    )


def objective_count(paper: Paper) -> int:
    """How many objective items the paper's card has."""
    return Question.objects.filter(paper=paper, kind=QuestionKind.OBJECTIVE).count()


def layout_of(paper: Paper) -> CardLayout:
    """The paper's answer card, by its registered questions."""
    kinds = Question.objects.filter(paper=paper).values_list("kind", flat=True)
    counts = {kind: list(kinds).count(kind) for kind in QuestionKind}
    return card_layout(counts[QuestionKind.OBJECTIVE], written=counts[QuestionKind.SUBJECTIVE] > 0)


def key_of(paper: Paper) -> AnswerKey | None:
    """The paper's key in force or in review."""
    rows = AnswerKey.objects.filter(paper=paper).exclude(state=KeyState.REPLACED)
    return rows.prefetch_related("signatures").first()


def key_to_review(actor: Actor, key_id: int) -> AnswerKey:
    """One key; NotFound outside the actor's subtree."""
    return access(AnswerKey.objects.select_related("paper__course", "paper__sitting"), actor, pk=key_id)


def seat_id_of(actor: Actor, paper: Paper, admission_number: str) -> int:
    """The seat of a candidate in a paper; NotFound where there is none in the actor's subtree."""
    return access(Seat.objects.filter(paper=paper), actor, entry__candidate__admission_number=admission_number).pk
