"""The counter's side of the queue: call somebody, look at document and face, register them or send them back."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.stages.agencies.models import TutoringInstitution
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.commands.online import applicant_of
from zikao.stages.candidates.commands.registration import enrol
from zikao.stages.candidates.models import ANSWERS, APPLICANT_NUMBER, Candidate, Pledge, PreRegistration
from zikao.stages.candidates.queries.queue import answers_of, queued, waiting
from zikao.stages.candidates.states import QUEUE_TRANSITIONS, QueueState

TAIL = 6
"""How many last characters of the document's number the clerk reads from the document itself."""


@command(writes="candidates.preregistration-called", clauses=("EA-13.1",), posts=policies.REGISTRARS)
def call_queued(*, queued_id: int | None = None, by: Actor, at: datetime) -> Outcome[PreRegistration]:
    """Call one of the queue, or who has waited longest; two clerks never call the same person.

    Source:  EA-13.1
    Writes:  candidates.preregistration-called
    Raises:  NotPermitted, NotFound (nobody waits), WrongState
    """
    if queued_id is not None:
        asked = queued(by, queued_id, lock=True)
        check_transition(QUEUE_TRANSITIONS, QueueState(asked.state), QueueState.CALLED)
    else:
        first = waiting(by).select_for_update(of=("self",), skip_locked=True).first()
        if first is None:
            raise NotFound("queue-empty", message="现在没有等待办理的预报名。", remedy="稍后再来，或办理现场报名。")
        asked = first
    before = snapshot(asked)
    asked.state, asked.called_at, asked.called_by = QueueState.CALLED, at, by.account_id
    asked.save(update_fields=["state", "called_at", "called_by"])
    return Outcome(asked, before=before)


@command(writes="candidates.preregistration-put-back", clauses=("EA-13.1",), posts=policies.REGISTRARS)
def put_back(*, queued_id: int, by: Actor, at: datetime) -> Outcome[PreRegistration]:
    """Put somebody who was called and is not here back into the queue.

    Source:  EA-13.1
    Writes:  candidates.preregistration-put-back
    Raises:  NotPermitted, NotFound, WrongState
    """
    asked = queued(by, queued_id, lock=True)
    check_transition(QUEUE_TRANSITIONS, QueueState(asked.state), QueueState.QUEUED)
    before = snapshot(asked)
    asked.state, asked.called_at, asked.called_by = QueueState.QUEUED, None, None
    asked.save(update_fields=["state", "called_at", "called_by"])
    return Outcome(asked, before=before)


@command(writes="candidates.preregistration-returned", clauses=("EA-13.1",), posts=policies.REGISTRARS)
def return_queued(*, queued_id: int, reason: str, by: Actor, at: datetime) -> Outcome[PreRegistration]:
    """Send a pre-registration back to its owner, with what has to be mended.

    Source:  EA-13.1
    Writes:  candidates.preregistration-returned
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    asked = queued(by, queued_id, lock=True)
    check_transition(QUEUE_TRANSITIONS, QueueState(asked.state), QueueState.RETURNED)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明哪里要改。"}, message="没有写明原因。")
    before = snapshot(asked)
    asked.state, asked.why, asked.called_by, asked.changed_at = QueueState.RETURNED, reason.strip(), None, at
    asked.save(update_fields=["state", "why", "called_by", "changed_at"])
    return Outcome(asked, before=before)


@command(
    writes="candidates.preregistration-confirmed",
    clauses=("EA-12.1", "EA-12.2", "EA-12.3", "EA-13.1", "EA-14", "EA-A1.1", "EA-26.1"),
    posts=policies.REGISTRARS,
)
def confirm_registration(
    *,
    queued_id: int,
    number_tail: str,
    same_person: bool,
    fee_fen: int,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Candidate]:
    """Register who stands here: document, face and portrait agree, the fee is paid, the admission number is given.

    `number_tail` are the last six characters read from the document itself, or all of them from a card reader.

    Source:  EA-12.1, EA-12.2, EA-12.3, EA-13.1, EA-14, EA-A1.1, EA-26.1
    Writes:  candidates.preregistration-confirmed
    Raises:  NotPermitted, NotFound, WrongState, BadInput, Refused, Conflict
    """
    asked = queued(by, queued_id, lock=True)
    check_transition(QUEUE_TRANSITIONS, QueueState(asked.state), QueueState.REGISTERED)
    if asked.called_by != by.account_id:
        raise WrongState(
            "called-by-other", message="这名考生由另一窗口叫号。", remedy="请由那一窗口办理，或先退回队列。"
        )
    _check_seen(asked, number_tail, same_person)
    candidate = _enrolled(asked, fee_fen, by, at)
    _carry_over(asked, candidate)
    before = snapshot(asked)
    asked.state, asked.ended_at, asked.candidate = QueueState.REGISTERED, at, candidate
    asked.answers_sealed = ANSWERS.seal("{}", asked.pk)  # they stand in the register now
    asked.save()
    facts = {"number": candidate.admission_number, "county": asked.agency_code, "preregistration": asked.pk}
    return Outcome(candidate, before=before, facts={**facts, "fee_fen": fee_fen})


def _enrolled(asked: PreRegistration, fee_fen: int, by: Actor, at: datetime) -> Candidate:
    assert asked.sitting is not None
    return enrol(
        applicant_of(asked, storage.get(asked.portrait), fee_fen),
        county_code=asked.agency_code,
        sitting_code=asked.sitting.code,
        rules_accepted=asked.rules_accepted_at is not None,
        rules_accepted_at=asked.rules_accepted_at,
        asked_at=asked.submitted_at,
        by=by,
        at=at,
    )


def _check_seen(asked: PreRegistration, number_tail: str, same_person: bool) -> None:
    errors = {}
    number = APPLICANT_NUMBER.text(asked)
    if queries.normal_id_number(number_tail) not in (number, number[-TAIL:]):
        errors["number_tail"] = f"与预报名的证件号码后 {TAIL} 位不符。请对照证件原件；号码填错的，请退回修改。"
    if not same_person:
        errors["same_person"] = "请核对证件、照片和本人一致之后勾选。"
    if errors:
        raise BadInput(
            "identity-not-confirmed", field_errors=errors, message="".join(errors.values()), clause="EA-13.1"
        )


def _carry_over(asked: PreRegistration, candidate: Candidate) -> None:
    """The commitment signed online, and the institution declared."""
    assert asked.pledged_at is not None
    assert asked.sitting_id is not None
    Pledge.objects.create(
        candidate=candidate, sitting_id=asked.sitting_id, text_digest=asked.pledge_digest, accepted_at=asked.pledged_at
    )
    code = answers_of(asked).get("tutoring_code")
    if code:
        candidate.tutoring_institution = TutoringInstitution.objects.filter(code=code).first()
        candidate.save(update_fields=["tutoring_institution"])
