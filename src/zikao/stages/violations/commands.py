"""A violation's way: recorded, told, answered, decided, delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, all_rows, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import violation_codes
from zikao.stages.candidates.models import IntegrityEntry
from zikao.stages.candidates.states import IntegrityKind
from zikao.stages.entries.models import Entry
from zikao.stages.entries.states import EntryState
from zikao.stages.personnel.models import Person
from zikao.stages.violations import policies, queries, rules
from zikao.stages.violations.models import Case, VoidedEntry
from zikao.stages.violations.states import TRANSITIONS, CaseState, FoundIn, Scope


@command(writes="violations.recorded", clauses=("EA-A5.5", "EA-A6.13", "EA-A1.7"), posts=policies.RECORDERS)
def record_violation(
    *,
    entry_id: int,
    code: str,
    account_of_facts: str,
    recorders: tuple[int, ...],
    told_candidate: bool,
    found_in: FoundIn = FoundIn.ROOM,
    by: Actor,
    at: datetime,
) -> Outcome[Case]:
    """Record a violation: what was seen, by which two persons, and that the candidate was told.

    Source:  EA-A5.5, EA-A6.13, EA-A1.7; Decree 33
    Writes:  violations.recorded
    Raises:  NotPermitted, NotFound, Conflict, Refused, BadInput
    """
    entry = _entry(entry_id, by)
    rules.RECORDING(
        on=local_day(at), code=code, recorders=frozenset(recorders), told_candidate=told_candidate
    ).require()
    if not account_of_facts.strip():
        raise BadInput("facts-missing", field_errors={"account_of_facts": "请如实填写事实经过。"})
    _check_recorders(entry, recorders, found_in)
    if Case.objects.filter(entry=entry, code=code).exists():
        raise Conflict("case-exists", message="这名考生本科目的同一违规行为已经记录。")
    case = Case.objects.create(
        candidate=entry.candidate,
        entry=entry,
        code=code,
        found_in=found_in,
        account_of_facts=account_of_facts,
        first_recorder_id=recorders[0],
        second_recorder_id=recorders[1],
        told_candidate=told_candidate,
        recorded_at=at,
        agency_code=queries.place_of(entry),
    )
    return Outcome(case, facts={"entry": entry.pk, "code": code, "recorders": list(recorders)})


@command(writes="violations.notified", clauses=("EA-A1.10",), posts=policies.NOTIFIERS)
def notify_case(*, case_id: int, by: Actor, at: datetime) -> Outcome[Case]:
    """Tell the candidate facts, reasons and basis, and that they may state their case.

    Source:  EA-A1.10; Decree 33
    Writes:  violations.notified
    Raises:  NotPermitted, NotFound, WrongState
    """
    case, before = _case(case_id, by, CaseState.NOTIFIED)
    case.state, case.notified_at = CaseState.NOTIFIED, at
    case.save(update_fields=["state", "notified_at"])
    return Outcome(case, before=before)


@command(writes="violations.stated", clauses=("EA-A1.10",), posts=policies.STATERS)
def state_case(*, case_id: int, statement: str, by: Actor, at: datetime) -> Outcome[Case]:
    """Take the candidate's own statement and defence.

    Source:  EA-A1.10; Decree 33
    Writes:  violations.stated
    Raises:  NotPermitted, NotFound, Conflict, BadInput
    """
    case = Case.objects.select_for_update().filter(pk=case_id, candidate_id=by.candidate_id or 0).first()
    if case is None or case.state != CaseState.NOTIFIED:
        raise NotFound("case-not-open", message="没有等待您陈述的违规案件。")
    if case.stated_at is not None:
        raise Conflict(
            "case-stated", message="您已经提交过陈述和申辩，不能更改。", remedy="如需补充，请联系作出告知的机构。"
        )
    if not statement.strip():
        raise BadInput("statement-empty", field_errors={"statement": "请填写陈述和申辩的内容。"})
    before = snapshot(case)
    case.statement, case.stated_at = statement, at
    case.save(update_fields=["statement", "stated_at"])
    return Outcome(case, before=before)


@command(writes="violations.decided", clauses=("EA-A1.10", "EA-40.1"), posts=policies.DECIDERS)
def decide_case(*, case_id: int, decision_number: str, by: Actor, at: datetime) -> Outcome[Case]:
    """Decide: the scores in the scope of the code are void, and the integrity file says so for ever.

    Source:  EA-A1.10, EA-40.1; Decree 33
    Writes:  violations.decided
    Raises:  NotPermitted, NotFound, WrongState, Refused, BadInput, Conflict
    """
    case, before = _case(case_id, by, CaseState.DECIDED)
    day = local_day(at)
    queries.decider(case, by, day).require()
    notified_on = local_day(case.notified_at) if case.notified_at else None
    stated, province = case.stated_at is not None, case.agency_code[:2] or None
    rules.HEARD(on=day, notified_on=notified_on, stated=stated, province=province).require()
    _check_number(decision_number)
    scope = rules.SCOPE(on=day, code=case.code)
    case.state, case.scope, case.decision_number = CaseState.DECIDED, scope, decision_number
    _sign(case, by, at)
    case.save()
    voided = _void(case, scope)
    _file(case, at)
    return Outcome(case, before=before, facts={"code": case.code, "scope": scope, "voided": voided})


@command(writes="violations.dismissed", clauses=("EA-A1.10",), posts=policies.DECIDERS)
def dismiss_case(*, case_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Case]:
    """Decide that the facts do not hold: nothing is void, nothing goes into the integrity file.

    Source:  EA-A1.10; Decree 33
    Writes:  violations.dismissed
    Raises:  NotPermitted, NotFound, WrongState, Refused, BadInput
    """
    case, before = _case(case_id, by, CaseState.DISMISSED)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请说明不予处理的理由。"})
    queries.decider(case, by, local_day(at)).require()
    case.state, case.dismissal_reason = CaseState.DISMISSED, reason
    _sign(case, by, at)
    case.save()
    return Outcome(case, before=before)


@command(writes="violations.delivered", clauses=("EA-A1.10",), posts=policies.DELIVERERS)
def deliver_decision(*, case_id: int, by: Actor, at: datetime) -> Outcome[Case]:
    """Record that the decision reached the candidate: the time for asking a review runs from here.

    Source:  EA-A1.10; Decree 33
    Writes:  violations.delivered
    Raises:  NotPermitted, NotFound, WrongState
    """
    case, before = _case(case_id, by, CaseState.DELIVERED)
    case.state, case.delivered_at = CaseState.DELIVERED, at
    case.save(update_fields=["state", "delivered_at"])
    return Outcome(case, before=before)


def _entry(entry_id: int, by: Actor) -> Entry:
    entry = Entry.objects.select_related("candidate", "sitting").filter(pk=entry_id).first()
    if entry is None or not (by.covers(entry.area_code) or by.covers(queries.place_of(entry))):
        raise NotFound("entry-not-found", message="没有这条报考记录。")
    return entry


def _check_recorders(entry: Entry, recorders: Sequence[int], found_in: FoundIn) -> None:
    """In a room its own staff on duty record; later, whoever is on the register."""
    if found_in == FoundIn.ROOM:
        known = set(queries.staff_present(entry).values_list("person_id", flat=True))
    else:
        known = set(Person.objects.filter(pk__in=recorders).values_list("id", flat=True))
    if not set(recorders) <= known:
        raise BadInput("recorders-unknown", field_errors={"recorders": "记录人须是本考点本单元当班的工作人员。"})


def _sign(case: Case, by: Actor, at: datetime) -> None:
    case.decided_at, case.decided_by, case.decided_agency_code = at, by.account_id, by.agency_code


def _case(case_id: int, by: Actor, to: CaseState) -> tuple[Case, dict[str, object]]:
    case = access(Case.objects.select_for_update(), by, pk=case_id)
    check_transition(TRANSITIONS, CaseState(case.state), to)
    return case, snapshot(case)


def _check_number(number: str) -> None:
    if not number.strip():
        raise BadInput("decision-number-missing", field_errors={"decision_number": "请填写决定文号。"})
    if Case.objects.filter(decision_number=number).exists():
        raise Conflict("decision-number-used", message=f"文号“{number}”已经用于另一份决定。")


def _void(case: Case, scope: Scope) -> int:
    entries = Entry.objects.filter(candidate_id=case.candidate_id, sitting_id=case.entry.sitting_id)
    if scope == Scope.SUBJECT:
        entries = entries.filter(pk=case.entry_id)
    with all_rows("33号令：取消的是本次考试的全部成绩，不论在何考区应试"):
        made = VoidedEntry.objects.bulk_create(
            VoidedEntry(case=case, entry=entry) for entry in entries.filter(state=EntryState.PAID)
        )
    return len(made)


def _file(case: Case, at: datetime) -> None:
    IntegrityEntry.objects.create(
        candidate_id=case.candidate_id,
        kind=IntegrityKind.VIOLATION,
        code=case.code,
        text=f"{violation_codes()[case.code].behaviour}；{Scope(case.scope).label}；{case.decision_number}",
        at=at,
    )
