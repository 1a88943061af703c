"""What is kept about a candidate after registration: card, pledge, integrity file."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.models import (
    Candidate,
    IntegrityEntry,
    Pledge,
)
from zikao.stages.candidates.states import (
    TRANSITIONS,
    CandidateState,
    IntegrityKind,
    ReissueReason,
)
from zikao.stages.programmes import queries as programmes

LONGEST_CODE, LONGEST_TEXT = 20, 400


@command(writes="candidates.card-issued", clauses=("EA-13.1",), posts=policies.BULK_REGISTRARS)
def issue_card(*, candidate_id: int, by: Actor, at: datetime) -> Outcome[Candidate]:
    """Hand the admission card (准考证) to the candidate.

    Source:  EA-13.1
    Writes:  candidates.card-issued
    Raises:  NotPermitted, NotFound, WrongState
    """
    candidate = queries.access_candidate(by, candidate_id, lock=True)
    check_transition(TRANSITIONS, CandidateState(candidate.state), CandidateState.CARD_ISSUED)
    before = snapshot(candidate)
    candidate.state = CandidateState.CARD_ISSUED
    candidate.save(update_fields=["state"])
    return Outcome(candidate, before=before, facts={"number": candidate.admission_number})


@command(writes="candidates.card-reissued", clauses=("EA-13.1", "EA-14"), posts=policies.REGISTRARS)
def reissue_card(*, candidate_id: int, why: str, by: Actor, at: datetime) -> Outcome[Candidate]:
    """Hand out the card once more, to who shows the identity document; number and state stay.

    Source:  EA-13.1, EA-14
    Writes:  candidates.card-reissued
    Raises:  NotPermitted, NotFound, WrongState (no card was handed out yet), BadInput
    """
    candidate = queries.access_candidate(by, candidate_id, lock=True)
    if candidate.state != CandidateState.CARD_ISSUED:
        label = CandidateState(candidate.state).label
        raise WrongState(
            "card-not-issued",
            facts={"state": candidate.state},
            message=f"考生的状态是“{label}”，没有发放过准考证，或需要重新制发。",
            remedy="第一次领取的，请办理“发放准考证”。",
            clause="EA-13.1",
        )
    if why not in ReissueReason.values:
        raise BadInput("unknown-choice", field_errors={"why": "请选择补发的原因。"}, message="没有选择补发的原因。")
    return Outcome(candidate, facts={"number": candidate.admission_number, "why": why})


@command(writes="candidates.pledged", clauses=("EA-26.1",), posts=policies.PLEDGERS)
def accept_pledge(*, candidate_id: int, sitting_code: str, by: Actor, at: datetime) -> Outcome[Pledge]:
    """Sign the integrity pledge (诚信考试承诺书) for a sitting: the candidate online, or a clerk from the signed paper.

    Source:  EA-26.1
    Writes:  candidates.pledged
    Raises:  NotPermitted, NotFound, WrongState, Conflict
    """
    candidate = queries.access_candidate(by, candidate_id)
    policies.check_in_register(candidate)
    sitting = programmes.sitting(sitting_code)
    try:
        with transaction.atomic():
            pledge = Pledge.objects.create(
                candidate=candidate, sitting=sitting, text_digest=pledge_digest(at), accepted_at=at
            )
    except IntegrityError:
        raise Conflict("pledged-already", message="本次考试的承诺书已经签过。", clause="EA-26.1") from None
    return Outcome(pledge, facts={"candidate": candidate.pk, "sitting": sitting_code, "text": pledge.text_digest})


@command(writes="candidates.pledged-in-bulk", clauses=("EA-26.1",), posts=policies.BULK_REGISTRARS)
def accept_pledges(*, candidate_ids: list[int], sitting_code: str, by: Actor, at: datetime) -> Outcome[int]:
    """Record many signed pledges of a sitting at once; those recorded before stay as they are. Gives the number added.

    Source:  EA-26.1
    Writes:  candidates.pledged-in-bulk
    Raises:  NotPermitted, NotFound (any candidate outside the actor's subtree)
    """
    wanted = set(candidate_ids)
    seen = queries.candidates(by).filter(pk__in=wanted).count()
    if seen != len(wanted):
        raise NotFound("candidate-not-found", facts={"missing": len(wanted) - seen})
    sitting = programmes.sitting(sitting_code)
    held = set(Pledge.objects.filter(sitting=sitting, candidate_id__in=wanted).values_list("candidate_id", flat=True))
    digest = pledge_digest(at)
    new = [
        Pledge(candidate_id=each, sitting=sitting, text_digest=digest, accepted_at=at) for each in sorted(wanted - held)
    ]
    Pledge.objects.bulk_create(new, batch_size=5000)
    return Outcome(len(new), on=f"sitting:{sitting_code}", facts={"count": len(new), "text": digest})


def pledge_digest(at: datetime) -> str:
    """The SM3 digest (hex) of the pledge's text in force on the day."""
    return sm3(parameter("integrity-pledge").on(local_day(at)).encode()).hex()


@command(writes="candidates.integrity-recorded", clauses=("EA-26.1",), posts=policies.FILE_KEEPERS)
def record_integrity(
    *, candidate_id: int, kind: IntegrityKind, code: str, text: str, by: Actor, at: datetime
) -> Outcome[IntegrityEntry]:
    """Add a line to the candidate's integrity file; a mistake is mended by a further line (kind correction).

    Source:  EA-26.1
    Writes:  candidates.integrity-recorded
    Raises:  NotPermitted, NotFound, BadInput
    """
    candidate = queries.access_candidate(by, candidate_id)
    _check_entry(code.strip(), text.strip())
    entry = IntegrityEntry.objects.create(candidate=candidate, kind=kind, code=code.strip(), text=text.strip(), at=at)
    return Outcome(entry, facts={"candidate": candidate.pk, "kind": kind, "code": code})


def _check_entry(code: str, text: str) -> None:
    errors = {}
    if not text:
        errors["text"] = "请写明内容。"
    for name, value, longest in (("code", code, LONGEST_CODE), ("text", text, LONGEST_TEXT)):
        if len(value) > longest:
            errors[name] = f"最长 {longest} 个字。"
    if errors:
        raise BadInput("entry-malformed", field_errors=errors, message="".join(errors.values()), clause="EA-26.1")
