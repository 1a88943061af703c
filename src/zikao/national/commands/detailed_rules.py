"""Provinces' detailed rules: taken in, held against the regulations, filed under a number or sent back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, NotFound
from zikao.foundation.exchange import send
from zikao.foundation.regulation import Decision, UnknownParameter, all_of
from zikao.national import policies
from zikao.national.models import RulesFiling
from zikao.national.states import RULES_FILING_TRANSITIONS, RulesFilingState
from zikao.stages.programmes import rules

ANSWER = "programmes.detailed-rules-answered"
CLAUSES = ("EA-53", "SR-23")


@command(writes="national.rules-filing-recorded", clauses=CLAUSES, posts=policies.INBOX)
def record_rules_filing(*, province: str, body: Mapping[str, Any], by: Actor, at: datetime) -> Outcome[RulesFiling]:
    """Take a province's detailed rules in; what lies outside the regulations goes back at once with the reasons.

    Source:  EA-53, SR-23
    Writes:  national.rules-filing-recorded
    Raises:  NotPermitted, BadInput
    """
    said = _read(body)
    found, made = RulesFiling.objects.get_or_create(
        province=province, reference=int(body["reference"]), defaults={**said, "received_at": at}
    )
    decision = _examined(found, at)
    if made and not decision.granted:
        reason = " ".join(finding.message for finding in decision.refusals)[:500]
        _answer(found, RulesFilingState.RETURNED, reason, at)
    return Outcome(found, facts={"province": province, "values": len(found.values), "state": found.state})


def _read(body: Mapping[str, Any]) -> dict[str, Any]:
    try:
        int(body["reference"])
        values = [{"name": str(each["name"]), "value": each["value"]} for each in body["values"]]
        return {
            "title": str(body["title"])[:80],
            "document": str(body["document"])[:60],
            "since": date.fromisoformat(body["since"]),
            "values": values,
        }
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("rules-malformed", facts={"fault": repr(error)}, message="细则的数据格式有误。") from error


def _examined(filing: RulesFiling, at: datetime) -> Decision:
    try:
        return all_of(
            *(rules.DETAILED_VALUE(on=local_day(at), name=row["name"], value=row["value"]) for row in filing.values)
        )
    except UnknownParameter as error:
        raise BadInput("parameter-unknown", message=f"没有“{error.name}”这一项。") from error


@command(writes="national.rules-filing-answered", clauses=CLAUSES, posts=policies.OFFICERS)
def answer_rules_filing(
    *, filing_id: int, acknowledged: bool, reason: str, by: Actor, at: datetime
) -> Outcome[RulesFiling]:
    """File a province's detailed rules under a number, or send them back with the reason.

    Source:  EA-53, SR-23
    Writes:  national.rules-filing-answered
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    found = RulesFiling.objects.select_for_update().filter(pk=filing_id).first()
    if found is None:
        raise NotFound("rules-filing-not-found", facts={"filing": filing_id})
    if not acknowledged and not reason.strip():
        raise BadInput("return-without-reason", field_errors={"reason": "退回的，请说明理由。"})
    before = snapshot(found)
    to = RulesFilingState.ACKNOWLEDGED if acknowledged else RulesFilingState.RETURNED
    _answer(found, to, "" if acknowledged else reason.strip()[:500], at)
    return Outcome(found, before=before, facts={"province": found.province, "state": to, "number": found.number})


def _answer(filing: RulesFiling, to: RulesFilingState, reason: str, at: datetime) -> None:
    check_transition(RULES_FILING_TRANSITIONS, RulesFilingState(filing.state), to)
    acknowledged = to is RulesFilingState.ACKNOWLEDGED
    filing.number = f"细则备〔{at.year}〕{filing.province}{filing.reference:04d}号" if acknowledged else ""
    filing.state, filing.reason, filing.answered_at = to, reason, at
    filing.save(update_fields=["state", "number", "reason", "answered_at"])
    body = {
        "reference": filing.reference,
        "acknowledged": acknowledged,
        "number": filing.number,
        "reason": filing.reason,
    }
    send(to=f"province:{filing.province}", kind=ANSWER, body=body, at=at)
