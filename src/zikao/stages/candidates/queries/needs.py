"""Accommodations of candidates with disabilities, as later stages ask for them and as pages show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, all_rows, scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import clause, parameter
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates.models import Accommodation
from zikao.stages.candidates.states import AccommodationState, Granted


def accommodation_of(candidate_id: int, on: date) -> Granted | None:
    """What the candidate has been granted for a day; None where nothing (EA-52)."""
    return accommodations_of([candidate_id], on).get(candidate_id)


def accommodations_of(candidate_ids: Collection[int], on: date) -> dict[int, Granted]:
    """What many candidates have been granted for a day, by candidate, in one look."""
    with all_rows("EA-52：便利随考生带入报考、编排、试卷和实施"):
        rows = list(running(on).filter(candidate_id__in=candidate_ids))
    return _joined(rows)


def accommodations_on(on: date) -> dict[int, Granted]:
    """Every candidate of the node who has been granted something for a day."""
    with all_rows("EA-52：便利随考生带入报考、编排、试卷和实施"):
        rows = list(running(on))
    return _joined(rows)


def running(on: date) -> QuerySet[Accommodation]:
    """The decisions in force on a day."""
    return Accommodation.objects.filter(state=AccommodationState.GRANTED, from_on__lte=on, until_on__gt=on).order_by(
        "decided_at", "id"
    )


def _joined(rows: Iterable[Accommodation]) -> dict[int, Granted]:
    """A candidate with two decisions has what either grants."""
    found: dict[int, Granted] = {}
    for row in rows:
        had = found.get(row.candidate_id)
        kinds = frozenset(row.granted_kinds) | (had.kinds if had else frozenset())
        percent = max(row.extra_percent, had.extra_percent if had else 0)
        found[row.candidate_id] = Granted(kinds, percent, row.number)
    return found


def accommodations(actor: Actor) -> QuerySet[Accommodation]:
    """The applications of the actor's subtree, or the candidate's own."""
    rows = Accommodation.objects.select_related("candidate")
    if actor.post == Post.CANDIDATE:
        return rows.filter(candidate_id=actor.candidate_id or 0)
    return scoped(rows, actor)


def accommodation(actor: Actor, accommodation_id: int, *, lock: bool = False) -> Accommodation:
    """One application with authority. Raises NotFound."""
    rows = Accommodation.objects.select_for_update(of=("self",)) if lock else Accommodation.objects.all()
    if actor.post != Post.CANDIDATE:
        return access(rows.select_related("candidate"), actor, pk=accommodation_id)
    found = rows.select_related("candidate").filter(pk=accommodation_id, candidate_id=actor.candidate_id or 0).first()
    if found is None:
        raise NotFound("accommodation-not-found", message="没有这份便利申请。")
    return found


def kind_names(codes: Collection[str], on: date) -> str:
    """Codes of accommodations as people read them."""
    names = parameter("accommodation-kinds").on(on)
    return "、".join(str(names.get(code, code)) for code in codes)


def accommodation_paper(found: Accommodation) -> dict[str, object]:
    """What the decision (candidates/accommodation.typ) is made of."""
    on = local_day(found.decided_at or found.applied_at)
    names = dict(Agency.objects.filter(code__in=[found.decided_by]).values_list("code", "name"))
    candidate = found.candidate
    return {
        "agency": names.get(found.decided_by, found.decided_by),
        "number": found.number,
        "name": candidate.name,
        "admission_number": candidate.admission_number,
        "granted": found.state == AccommodationState.GRANTED,
        "withdrawn": found.state == AccommodationState.WITHDRAWN,
        "asked": kind_names(found.kinds, on),
        "kinds": [kind_names([code], on) for code in found.granted_kinds],
        "extra_percent": found.extra_percent,
        "from_on": found.from_on,
        "until_on": found.until_on,
        "reason": found.reason,
        "decided_on": on,
        "clauses": [clause("EA-52").chip],
    }
