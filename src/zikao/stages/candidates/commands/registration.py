"""One person registers in person at the counter of a county."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import IntegrityError

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import indexes_of
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.regulation import Decision
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.commands.account import hashed
from zikao.stages.candidates.commands.counter import CounterFacts, Place, read_facts, write_candidate
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.portraits import media_type
from zikao.stages.candidates.rules import FIRST_SITTING, REGISTRATION_PERIOD
from zikao.stages.candidates.states import Applicant
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Sitting


@command(
    writes="candidates.registered",
    clauses=("EA-12.1", "EA-12.2", "EA-12.3", "EA-13.1", "EA-14", "EA-A1.1"),
    posts=policies.REGISTRARS,
)
def register_candidate(
    *,
    applicant: Applicant,
    county_code: str,
    sitting_code: str,
    rules_accepted: bool,
    candidate_password: str | None = None,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Candidate]:
    """Register a person who is here for the first time, give the admission number and open the account.

    The account's user name is the admission number; without a password it cannot be used until one is set.

    Source:  EA-12.1, EA-12.2, EA-12.3, EA-13.1, EA-14, EA-A1.1
    Writes:  candidates.registered
    Raises:  NotPermitted, NotFound (county), BadInput (by field), Refused, Conflict (registered already)
    """
    password = hashed(candidate_password) if candidate_password else ""
    candidate = enrol(
        replace(applicant, password_hash=password),
        county_code=county_code, sitting_code=sitting_code, rules_accepted=rules_accepted, by=by, at=at,
    )  # fmt: skip
    facts = {"number": candidate.admission_number, "county": county_code, "major": applicant.major_code}
    return Outcome(candidate, facts={**facts, "sitting": sitting_code, "fee_fen": candidate.fee_fen})


def enrol(
    applicant: Applicant,
    *,
    county_code: str,
    sitting_code: str,
    rules_accepted: bool,
    rules_accepted_at: datetime | None = None,
    asked_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Candidate:
    """Inside a command: everything that a first registration asks, then the number; also after a pre-registration.

    Who handed in a pre-registration within the period (`asked_at`) is in time, though they come after its end.

    Raises:  NotFound (county), BadInput (by field), Refused, Conflict (registered already)
    """
    day = local_day(at)
    policies.check_may_register_in(by, county_code)
    applicant = replace(applicant, id_number=queries.normal_id_number(applicant.id_number), name=applicant.name.strip())
    indexes = indexes_of(applicant.id_number)
    known = read_facts(county_code, sitting_code, applicant, indexes, day)
    major_id, sitting = _check_choices(known, county_code, applicant.major_code, sitting_code)
    first_sitting = FIRST_SITTING(on=day, over_on=known.sitting_over_on)
    picture = checks.portrait(applicant.portrait, day, known.portrait)
    require_fields(checks.identity(applicant, day), picture, first_sitting)
    _check_new_person(by, known)
    period = {"opens_at": known.opens_at, "closes_at": known.closes_at}
    REGISTRATION_PERIOD(on=day, **period, at=asked_at or at).require()
    until = known.suspended_until
    plan = programmes.entry_plans(day, [applicant.major_code]).get(applicant.major_code) if known.major_asks else None
    checks.eligibility(applicant, rules_accepted=rules_accepted, suspended_until=until, plan=plan, on=day).require()
    password = applicant.password_hash or f"!{token_hex(20)}"
    portrait, file = _kept(applicant, at)
    place = Place(known.new_id, county_code, major_id, sitting, portrait, file, password, rules_accepted_at)
    return _written(applicant, indexes[0], place, at)  # last: the county's counter is held from here on


def require_fields(*decisions: Decision) -> None:
    """Raise BadInput with the sentence of every failed finding beside its field."""
    failed = [finding for decision in decisions for finding in decision.refusals]
    if not failed:
        return
    errors: dict[str, str] = {}
    for finding in failed:
        field = checks.field_of(finding.code)
        errors[field] = errors.get(field, "") + finding.message + finding.remedy
    first = failed[0]
    raise BadInput(
        first.code,
        field_errors=errors,
        facts={"codes": [finding.code for finding in failed]},
        message=first.message,
        remedy=first.remedy,
        clause=first.clause,
    )


def _check_choices(known: CounterFacts, county: str, major: str, sitting: str) -> tuple[int, Sitting]:
    errors = {}
    if not known.county_exists:
        errors["county_code"] = f"没有代码为 {county} 的县（区）。请从列表中选择。"
    if known.major_id is None:
        errors["major_code"] = f"没有代码为 {major} 的专业。请从列表中选择。"
    if known.sitting is None:
        errors["sitting_code"] = f"没有 {sitting} 这个考次。请从列表中选择。"
    if errors or known.major_id is None or known.sitting is None:
        raise BadInput("unknown-choice", field_errors=errors, message="".join(errors.values()))
    return known.major_id, known.sitting


def _check_new_person(by: Actor, known: CounterFacts) -> None:
    if known.known_agency is None:
        return
    if by.covers(known.known_agency):
        message = f"此人已经注册，准考证号为 {known.known_number}。"
        remedy = "请沿用原准考证号报考；准考证遗失的，在考生页面补发。"
    else:
        message = "此人已在本省其他县（区）注册。"
        remedy = "请考生查找原准考证号；遗失的，到原报名县（区）或由省级教育考试机构查询补发。"
    raise Conflict("person-registered", message=message, remedy=remedy, clause="EA-14")


def _kept(applicant: Applicant, at: datetime) -> tuple[str, dict[str, Any]]:
    picture = applicant.portrait or b""
    return storage.put_with(picture, media_type=media_type(picture), at=at)


def _written(applicant: Applicant, index: bytes, place: Place, at: datetime) -> Candidate:
    try:
        return write_candidate(applicant, index, place, at)
    except IntegrityError as error:
        if "id_number_index" not in str(error):
            raise
        raise Conflict(
            "person-registered",
            message="此人刚刚在另一窗口注册。",
            remedy="请用身份证件号码查询已有的准考证号。",
            clause="EA-14",
        ) from error
