"""One person registers in person at the counter of a county."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from zikao.foundation import storage
from zikao.foundation.access.models import Account
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import index_of, seal
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.regulation import Decision
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.commands.numbers import take_number
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.portraits import media_type
from zikao.stages.candidates.states import Applicant
from zikao.stages.programmes.models import Major, Sitting


@command(
    writes="candidates.registered",
    clauses=("EA-12.3", "EA-13.1", "EA-14", "EA-A1.1"),
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

    Source:  EA-12.3, EA-13.1, EA-14, EA-A1.1
    Writes:  candidates.registered
    Raises:  NotPermitted, NotFound (county), BadInput (by field), Refused, Conflict (registered already)
    """
    day = local_day(at)
    policies.check_may_register_in(by, county_code)
    applicant = replace(applicant, id_number=queries.normal_id_number(applicant.id_number), name=applicant.name.strip())
    major, sitting = _check_choices(county_code, applicant.major_code, sitting_code)
    require_fields(checks.identity(applicant, day), checks.portrait(applicant.portrait, day))
    index = index_of(applicant.id_number)
    check_new_person(by, index)
    checks.eligibility(
        applicant,
        rules_accepted=rules_accepted,
        suspended_until=queries.suspended_until(index, day),
        on=day,
    ).require()
    candidate = _create(applicant, index, major, sitting, county_code, day, at)
    _open_account(candidate, _hashed(candidate_password), at)
    facts = {"number": candidate.admission_number, "county": county_code, "major": major.code, "sitting": sitting.code}
    return Outcome(candidate, facts={**facts, "fee_fen": candidate.fee_fen})


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


def _check_choices(county_code: str, major_code: str, sitting_code: str) -> tuple[Major, Sitting]:
    errors = {}
    if not Agency.objects.filter(code=county_code, kind=AgencyKind.COUNTY).exists():
        errors["county_code"] = f"没有代码为 {county_code} 的县（区）。请从列表中选择。"
    major = Major.objects.filter(code=major_code).first()
    if major is None:
        errors["major_code"] = f"没有代码为 {major_code} 的专业。请从列表中选择。"
    sitting = Sitting.objects.filter(code=sitting_code).first()
    if sitting is None:
        errors["sitting_code"] = f"没有 {sitting_code} 这个考次。请从列表中选择。"
    if errors or major is None or sitting is None:
        raise BadInput("unknown-choice", field_errors=errors, message="".join(errors.values()))
    return major, sitting


def check_new_person(by: Actor, index: bytes) -> None:
    """Raise Conflict where the person has an admission number already, telling what to do."""
    known = Candidate.objects.filter(id_number_index=index).first()
    if known is None:
        return
    if by.covers(known.agency_code):
        message = f"此人已经注册，准考证号为 {known.admission_number}。"
        remedy = "请沿用原准考证号报考；准考证遗失的，在考生页面补发。"
    else:
        message = "此人已在本省其他县（区）注册。"
        remedy = "请考生查找原准考证号；遗失的，到原报名县（区）或由省级教育考试机构查询补发。"
    raise Conflict("person-registered", message=message, remedy=remedy, clause="EA-14")


def _create(
    applicant: Applicant, index: bytes, major: Major, sitting: Sitting, county: str, day: date, at: datetime
) -> Candidate:
    picture = applicant.portrait or b""
    digest = storage.put(picture, media_type=media_type(picture), at=at)
    try:
        return Candidate.objects.create(
            admission_number=take_number(county, sitting, day),
            name=applicant.name,
            sex=applicant.sex,
            born_on=applicant.born_on,
            ethnic=applicant.ethnic,
            id_number_sealed=seal(applicant.id_number),
            id_number_index=index,
            phone_sealed=seal(applicant.phone) if applicant.phone else None,
            address_sealed=seal(applicant.address) if applicant.address else None,
            portrait=digest,
            agency_code=county,
            major=major,
            first_sitting=sitting,
            rules_accepted_at=at,
            fee_fen=applicant.fee_fen,
            registered_at=at,
        )
    except IntegrityError as error:
        if "id_number_index" not in str(error):
            raise
        raise Conflict(
            "person-registered",
            message="此人刚刚在另一窗口注册。",
            remedy="请用身份证件号码查询已有的准考证号。",
            clause="EA-14",
        ) from error


def _hashed(password: str | None) -> str:
    if not password:
        return f"!{token_hex(20)}"
    try:
        validate_password(password)
    except ValidationError as error:
        text = " ".join(error.messages)
        raise BadInput("weak-password", field_errors={"candidate_password": text}, message=text) from None
    return make_password(password)


def _open_account(candidate: Candidate, password_hash: str, at: datetime) -> None:
    Account.objects.create(
        username=candidate.admission_number,
        name=candidate.name,
        kind=AccountKind.CANDIDATE,
        agency_code=candidate.agency_code,
        candidate_id=candidate.pk,
        password=password_hash,
        created_at=at,
    )
