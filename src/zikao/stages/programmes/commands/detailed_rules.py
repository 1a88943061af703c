"""Detailed rules: drafted value by value, signed, filed with the centre, in force from their day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.approvals import Approval, propose, when_approved, when_refused
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.foundation.exchange import send
from zikao.foundation.regulation import parameter
from zikao.foundation.regulation.own_values import forget
from zikao.stages.programmes import policies, rules
from zikao.stages.programmes.models import DetailedRules, DetailedSetting
from zikao.stages.programmes.states import RULES_TRANSITIONS, RulesState

CHAIN, FILING = "detailed-rules", "programmes.detailed-rules"
CLAUSES = ("EA-53", "SR-23")
Value = int | bool | str


@command(writes="programmes.detailed-rules-drafted", clauses=CLAUSES, posts=policies.RULE_DRAFTERS)
def draft_detailed_rules(*, title: str, document: str, since: date, by: Actor, at: datetime) -> Outcome[DetailedRules]:
    """Begin a document of detailed rules that is to be in force from a day.

    Source:  EA-53, SR-23
    Writes:  programmes.detailed-rules-drafted
    Raises:  NotPermitted, Conflict, Refused
    """
    rules.DETAILED_SINCE(on=local_day(at), since=since).require()
    if DetailedRules.objects.filter(document=document).exists():
        raise Conflict("document-used", message=f"文号 {document} 已经用过。")
    made = DetailedRules.objects.create(title=title, document=document, since=since, drafted_at=at)
    return Outcome(made, facts={"since": since})


@command(writes="programmes.detailed-value-set", clauses=CLAUSES, posts=policies.RULE_DRAFTERS)
def set_detailed_value(*, rules_id: int, name: str, value: Value, by: Actor, at: datetime) -> Outcome[DetailedSetting]:
    """Set a parameter in a draft; refused outside what the regulation leaves to the province, by its own clause.

    Source:  EA-53, SR-23
    Writes:  programmes.detailed-value-set
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    document = _draft(rules_id)
    rules.DETAILED_VALUE(on=local_day(at), name=name, value=value).require()
    made, _ = DetailedSetting.objects.update_or_create(rules=document, name=name, defaults={"value": value})
    return Outcome(made, on=document, facts={"name": name, "value": str(value)}, clauses=(parameter(name).clause,))


@command(writes="programmes.detailed-value-dropped", clauses=CLAUSES, posts=policies.RULE_DRAFTERS)
def drop_detailed_value(*, rules_id: int, name: str, by: Actor, at: datetime) -> Outcome[None]:
    """Take a parameter out of a draft.

    Source:  EA-53, SR-23
    Writes:  programmes.detailed-value-dropped
    Raises:  NotPermitted, NotFound, WrongState
    """
    document = _draft(rules_id)
    if not document.settings.filter(name=name).delete()[0]:
        raise NotFound("value-not-set", message="这份细则没有设定这一项。")
    return Outcome(None, on=document, facts={"name": name})


@command(writes="programmes.detailed-rules-proposed", clauses=CLAUSES, posts=policies.RULE_DRAFTERS)
def propose_detailed_rules(*, rules_id: int, by: Actor, at: datetime) -> Outcome[DetailedRules]:
    """Put a draft before its signers; each value is held against the law once more.

    Source:  EA-53, SR-23
    Writes:  programmes.detailed-rules-proposed
    Raises:  NotPermitted, NotFound, WrongState, BadInput, Refused
    """
    document = _draft(rules_id)
    before = snapshot(document)
    values = _values(document)
    if not values:
        raise BadInput("detailed-rules-empty", message="细则里还没有设定任何一项。", remedy="请先设定至少一项。")
    _check(document, values, local_day(at))
    approval = propose(
        chain=CHAIN,
        subject=f"programmes.detailedrules:{document.pk}",
        digest=_digest(document),
        title=f"制定实施细则：{document}",
        reason=f"{len(values)} 项，自 {document.since.isoformat()} 起施行",
        shown={parameter(name).title: _said(value) for name, value in values},
        agency_code=by.agency_code,
        by=by,
        at=at,
    )
    document.state, document.approval_id, document.proposed_at = RulesState.PROPOSED, approval.pk, at
    document.save(update_fields=["state", "approval_id", "proposed_at"])
    return Outcome(document, before=before, facts={"values": len(values), **approval.facts})


@when_approved(CHAIN)
def file_with_the_centre(approval: Approval, by: Actor, at: datetime) -> None:
    """Signed by all: filed with the centre, in force from its day; one whose day has come in the meantime waits one."""
    document = _of(approval)
    _move(document, RulesState.APPROVED)
    if bytes(approval.digest) != _digest(document):
        raise WrongState("detailed-rules-changed", message="细则在送审之后有改动。")
    _check(document, _values(document), local_day(at))
    document.approved_at = at
    document.save(update_fields=["state", "approved_at"])
    send(to="national", kind=FILING, body=_body(document), at=at)
    forget()


@when_refused(CHAIN)
def back_to_draft(approval: Approval, by: Actor, at: datetime) -> None:
    """Refused, withdrawn, or not signed in time."""
    document = _of(approval)
    _move(document, RulesState.DRAFTED)
    document.save(update_fields=["state"])


@command(writes="programmes.detailed-rules-answered", clauses=CLAUSES, posts=policies.INBOX)
def record_rules_answer(
    *, reference: int, acknowledged: bool, number: str, reason: str, by: Actor, at: datetime
) -> Outcome[DetailedRules]:
    """Keep the centre's answer: a filing number, or the reasons for which the rules no longer bind.

    Source:  EA-53, SR-23
    Writes:  programmes.detailed-rules-answered
    Raises:  NotPermitted, NotFound, WrongState
    """
    document = _locked(reference)
    before = snapshot(document)
    _move(document, RulesState.ACKNOWLEDGED if acknowledged else RulesState.RETURNED)
    document.number, document.answer, document.answered_at = number[:40], reason[:500], at
    document.save(update_fields=["state", "number", "answer", "answered_at"])
    forget()
    return Outcome(document, before=before, facts={"state": document.state, "number": number})


def _locked(rules_id: int) -> DetailedRules:
    found = DetailedRules.objects.select_for_update().filter(pk=rules_id).first()
    if found is None:
        raise NotFound("detailed-rules-not-found", facts={"rules": rules_id})
    return found


def _draft(rules_id: int) -> DetailedRules:
    found = _locked(rules_id)
    if found.state != RulesState.DRAFTED:
        raise WrongState("detailed-rules-not-draft", message=f"这份细则{found.get_state_display()}，不能再改。")
    return found


def _of(approval: Approval) -> DetailedRules:
    return _locked(int(approval.subject.rpartition(":")[2]))


def _move(document: DetailedRules, to: RulesState) -> None:
    check_transition(RULES_TRANSITIONS, RulesState(document.state), to)
    document.state = to


def _values(document: DetailedRules) -> Sequence[tuple[str, Any]]:
    return list(document.settings.order_by("name").values_list("name", "value"))


def _check(document: DetailedRules, values: Sequence[tuple[str, Any]], on: date) -> None:
    rules.DETAILED_SINCE(on=on, since=document.since).require()
    for name, value in values:
        rules.DETAILED_VALUE(on=on, name=name, value=value).require()


def _body(document: DetailedRules) -> dict[str, Any]:
    return {
        "reference": document.pk,
        "title": document.title,
        "document": document.document,
        "since": document.since.isoformat(),
        "values": [{"name": name, "value": value} for name, value in _values(document)],
    }


def _digest(document: DetailedRules) -> bytes:
    return sm3(canonical(_body(document)))


def _said(value: Value) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
