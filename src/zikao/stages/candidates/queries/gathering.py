"""Base record information that the centre gathers (SR-5.2): who has not been reported, and whose passes changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from zikao.stages.candidates.models import ID_NUMBER, Candidate, GatheredBatch
from zikao.stages.candidates.states import AccountState

Counts = Callable[[Collection[int]], Mapping[int, int]]
_counts: list[Counts] = []


def answer_pass_counts(counts: Counts) -> Counts:
    """A later stage says how many courses candidates have passed: candidate ids -> number by candidate."""
    _counts[:] = [counts]
    return counts


def pass_counts(candidate_ids: Collection[int]) -> dict[int, int]:
    """How many courses each of the candidates has passed; those without one are left out."""
    return dict(_counts[0](candidate_ids)) if _counts else {}


def not_reported() -> QuerySet[Candidate]:
    """Who has not been told to the centre, or has changed since."""
    return Candidate.objects.filter(account_state=AccountState.AWAITING).order_by("id")


def on_record() -> int:
    """How many candidates the register holds."""
    return Candidate.objects.count()


def record_of(candidate: Candidate) -> dict[str, Any]:
    """What the centre is told of a candidate, without what names the person."""
    return {
        "ref": candidate.pk,
        "number": candidate.admission_number,
        "county": candidate.agency_code,
        "major": candidate.major.code,
        "sitting": candidate.first_sitting.code,
        "state": candidate.state,
        "registered": candidate.registered_at.isoformat(),
    }


def person_of(candidate: Candidate) -> dict[str, str]:
    """Who the candidate is; travels sealed to the centre."""
    return {
        "id_number": ID_NUMBER.text(candidate),
        "name": candidate.name,
        "sex": candidate.sex,
        "born": candidate.born_on.isoformat(),
    }


def batches() -> QuerySet[GatheredBatch]:
    """What was reported, the latest first."""
    return GatheredBatch.objects.all()
