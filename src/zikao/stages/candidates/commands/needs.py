"""Accommodations (EA-52): asked for with evidence, decided with reasons, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.secrecy import new_ids
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.models import NEED, Accommodation
from zikao.stages.candidates.rules import ACCOMMODATION_ASKED, ACCOMMODATION_GRANTED
from zikao.stages.candidates.states import ACCOMMODATION_TRANSITIONS, AccommodationState


@command(writes="candidates.accommodation-applied", clauses=("EA-52",), posts=policies.APPLICANTS)
def apply_accommodation(
    *,
    candidate_id: int,
    kinds: Sequence[str],
    need: str,
    from_on: date,
    until_on: date,
    evidence: bytes,
    evidence_type: str,
    by: Actor,
    at: datetime,
) -> Outcome[Accommodation]:
    """Ask for accommodations from a day until a day (exclusive), with evidence; what is wrong with somebody is sealed.

    Source:  EA-52
    Writes:  candidates.accommodation-applied
    Raises:  NotPermitted, NotFound, WrongState, BadInput, Refused, Conflict
    """
    candidate = queries.access_candidate(by, candidate_id, lock=True)
    policies.check_in_register(candidate)
    _check_period(from_on, until_on)
    if not need.strip():
        raise BadInput("need-missing", field_errors={"need": "请说明需要便利的情况。"}, message="没有说明情况。")
    facts = {"media_type": evidence_type, "size": len(evidence), "from_on": from_on, "until_on": until_on}
    ACCOMMODATION_ASKED(on=local_day(at), kinds=list(kinds), province=settings.ZIKAO_NODE_CODE, **facts).require()
    if candidate.accommodations.filter(state=AccommodationState.APPLIED).exists():
        raise Conflict(
            "accommodation-applied",
            message="已有一份申请等待决定。",
            remedy="请等待决定，或先撤回原申请。",
            clause="EA-52",
        )
    row_id = new_ids(Accommodation)[0]
    asked = Accommodation.objects.create(
        id=row_id, candidate=candidate, kinds=sorted(set(kinds)), need_sealed=NEED.seal(need.strip(), row_id),
        evidence=storage.put(evidence, media_type=evidence_type, at=at), evidence_type=evidence_type,
        from_on=from_on, until_on=until_on, applied_at=at, agency_code=candidate.agency_code,
    )  # fmt: skip
    return Outcome(asked, facts={"candidate": candidate.pk, "kinds": asked.kinds, "from": from_on, "until": until_on})


@command(writes="candidates.accommodation-decided", clauses=("EA-52",), posts=policies.NEEDS_DECIDERS)
def decide_accommodation(
    *,
    accommodation_id: int,
    granted: bool,
    kinds: Sequence[str],
    extra_percent: int,
    until_on: date,
    number: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> Outcome[Accommodation]:
    """Grant what of the application is granted, or refuse it, with the decision's number and its reasons.

    Source:  EA-52
    Writes:  candidates.accommodation-decided
    Raises:  NotPermitted, NotFound, WrongState, BadInput, Refused, Conflict
    """
    asked = queries.accommodation(by, accommodation_id, lock=True)
    to = AccommodationState.GRANTED if granted else AccommodationState.REFUSED
    check_transition(ACCOMMODATION_TRANSITIONS, AccommodationState(asked.state), to)
    _check_words(number, reason)
    _check_period(asked.from_on, until_on)
    given, percent = (sorted(set(kinds)), extra_percent) if granted else ([], 0)
    if granted:
        ACCOMMODATION_GRANTED(
            on=local_day(at), asked=asked.kinds, kinds=given, extra_percent=percent, from_on=asked.from_on,
            until_on=until_on, province=settings.ZIKAO_NODE_CODE,
        ).require()  # fmt: skip
    before = snapshot(asked)
    asked.state, asked.granted_kinds, asked.extra_percent, asked.until_on = to, given, percent, until_on
    asked.number, asked.reason, asked.decided_at, asked.decided_by = number.strip(), reason.strip(), at, by.agency_code
    asked.save()
    return Outcome(asked, before=before, facts={"granted": granted, "kinds": given, "extra_percent": percent})


@command(writes="candidates.accommodation-withdrawn", clauses=("EA-52",), posts=policies.APPLICANTS)
def withdraw_accommodation(*, accommodation_id: int, by: Actor, at: datetime) -> Outcome[Accommodation]:
    """Take back an application, or do without what was granted.

    Source:  EA-52
    Writes:  candidates.accommodation-withdrawn
    Raises:  NotPermitted, NotFound, WrongState
    """
    asked = queries.accommodation(by, accommodation_id, lock=True)
    check_transition(ACCOMMODATION_TRANSITIONS, AccommodationState(asked.state), AccommodationState.WITHDRAWN)
    before = snapshot(asked)
    asked.state = AccommodationState.WITHDRAWN
    asked.save(update_fields=["state"])
    return Outcome(asked, before=before)


def _check_period(from_on: date, until_on: date) -> None:
    if until_on <= from_on:
        raise BadInput("ends-before-start", field_errors={"until_on": "止期应晚于起期。"}, message="止期应晚于起期。")


def _check_words(number: str, reason: str) -> None:
    errors = {}
    if not number.strip():
        errors["number"] = "请填写决定文号。"
    if not reason.strip():
        errors["reason"] = "请写明决定的理由，告知考生。"
    if errors:
        raise BadInput(
            "decision-without-reasons", field_errors=errors, message="".join(errors.values()), clause="EA-52"
        )
    if Accommodation.objects.filter(number=number.strip()).exists():
        raise Conflict("decision-number-used", message=f"文号“{number.strip()}”已经用于另一份决定。")
