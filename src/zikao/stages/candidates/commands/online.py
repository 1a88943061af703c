"""Pre-registration: what a person answers before they come; every page handed in is a command of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from secrets import randbelow
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, all_rows, check_transition, command, snapshot
from zikao.foundation.crypto import index_of, indexes_of
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.regulation import parameter
from zikao.foundation.secrecy import new_ids
from zikao.stages.agencies.models import Agency, TutoringInstitution
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.commands.account import hashed
from zikao.stages.candidates.commands.file import pledge_digest
from zikao.stages.candidates.commands.places import check_period
from zikao.stages.candidates.commands.portraits import check_portrait
from zikao.stages.candidates.commands.registration import require_fields
from zikao.stages.candidates.commands.stopping import end
from zikao.stages.candidates.models import ANSWERS, APPLICANT_NUMBER, Candidate, PreRegistration
from zikao.stages.candidates.portraits import media_type
from zikao.stages.candidates.queries.queue import answers_of, by_code, draft, lapsing, missing_of, registered_meanwhile
from zikao.stages.candidates.rules import COMPLETE, FIRST_SITTING, IDENTITY_DOCUMENT, IDENTITY_NUMBER, SUSPENSION
from zikao.stages.candidates.states import QUEUE_TRANSITIONS, Applicant, QueueState
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Major, Plan, Sitting, Unit

CODE_DIGITS = 10


@command(writes="candidates.preregistration-begun", clauses=("EA-13.1", "EA-12.3"), posts=policies.ONLINE)
def begin_preregistration(
    *, document_kind: str, id_number: str, phone: str, by: Actor, at: datetime
) -> Outcome[PreRegistration]:
    """Begin with document and phone: who is registered already or suspended is told so at once.

    Source:  EA-13.1, EA-12.3
    Writes:  candidates.preregistration-begun
    Raises:  NotPermitted, BadInput (by field), Refused, Conflict (registered already)
    """
    number, day = queries.normal_id_number(id_number), local_day(at)
    decisions = [IDENTITY_DOCUMENT(on=day, kind=document_kind, id_number=number, province=settings.ZIKAO_NODE_CODE)]
    if document_kind in checks.SAYS_BIRTH_AND_SEX:
        decisions.insert(0, IDENTITY_NUMBER(on=day, id_number=number))
    require_fields(*decisions)
    check_may_come(number, day)
    row_id = new_ids(PreRegistration)[0]
    answers = {"document_kind": document_kind, "phone": phone}
    begun = PreRegistration.objects.create(
        id=row_id,
        code=f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}",
        id_number_sealed=APPLICANT_NUMBER.seal(number, row_id),
        id_number_index=index_of(number),
        answers_sealed=ANSWERS.seal(json.dumps(answers, ensure_ascii=False), row_id),
        begun_at=at,
        changed_at=at,
    )
    return Outcome(begun, facts={"document": document_kind})


def check_may_come(number: str, day: date) -> None:
    """A person who is registered here keeps their number; one who is suspended waits. Raises Conflict, Refused."""
    with all_rows("EA-14：一人一号，在何县（区）注册过都算"):
        known = Candidate.objects.filter(id_number_index__in=indexes_of(number)).exists()
    if known:
        raise Conflict(
            "person-registered",
            message="用这个证件号码已经注册过，不必再报名。",
            remedy="请用准考证号登录；忘记准考证号的，请本人带身份证到报名点查询。",
            clause="EA-14",
        )
    until = queries.suspensions_running({b"": indexes_of(number)}, day).get(b"")
    SUSPENSION(on=day, suspended_until=until).require()


@command(writes="candidates.preregistration-resumed", clauses=("EA-13.1", "EA-47"), posts=policies.ONLINE)
def resume_preregistration(*, code: str, id_number: str, by: Actor, at: datetime) -> Outcome[PreRegistration | None]:
    """Come back with code and ID number; a wrong number is counted, and too many close the draft to this door.

    The value is None where they do not fit: the count must stay, so nothing is raised.

    Source:  EA-13.1, EA-47
    Writes:  candidates.preregistration-resumed
    Raises:  NotPermitted
    """
    found = by_code(code.strip())
    if found is None:
        return Outcome(None, on="preregistration", facts={"found": False})
    tries = parameter("preregistration-tries").on(local_day(at))
    fits = bytes(found.id_number_index) in indexes_of(queries.normal_id_number(id_number))
    if fits and found.wrong_tries < tries:
        return Outcome(found, facts={"found": True})
    found.wrong_tries = min(found.wrong_tries + 1, tries)
    found.save(update_fields=["wrong_tries"])
    return Outcome(None, on=found, facts={"found": False, "tries": found.wrong_tries})


@command(writes="candidates.preregistration-answered", clauses=("EA-13.1", "EA-12.1"), posts=policies.ONLINE)
def answer_preregistration(
    *, draft_id: int, section: str, answers: Mapping[str, Any], by: Actor, at: datetime
) -> Outcome[PreRegistration]:
    """Keep the answers of one page: of the person, the place, the major, or how to reach them.

    Source:  EA-13.1, EA-12.1
    Writes:  candidates.preregistration-answered
    Raises:  NotPermitted, NotFound, WrongState, BadInput (by field), Refused
    """
    asked = draft(draft_id, lock=True)
    policies.check_open_to_answers(asked)
    told = {**answers_of(asked), **{name: _plain(value) for name, value in answers.items()}}
    _CHECKS[section](asked, told, local_day(at))
    if section == "place" and asked.sitting is not None:
        check_period(asked.sitting, at)
    if password := told.pop("candidate_password", ""):
        told["password_hash"] = hashed(password)
    asked.answers_sealed = ANSWERS.seal(json.dumps(told, ensure_ascii=False), asked.pk)
    return _answered(asked, section, at)


@command(writes="candidates.preregistration-portrait", clauses=("EA-13.1",), posts=policies.ONLINE)
def attach_portrait(*, draft_id: int, picture: bytes, by: Actor, at: datetime) -> Outcome[PreRegistration]:
    """Check the portrait at once and keep it; what is wrong with it is told with what to do.

    Source:  EA-13.1
    Writes:  candidates.preregistration-portrait
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    asked = draft(draft_id, lock=True)
    policies.check_open_to_answers(asked)
    require_fields(check_portrait(picture=picture, at=at))
    asked.portrait = storage.put(picture, media_type=media_type(picture), at=at)
    return _answered(asked, "portrait", at)


@command(writes="candidates.preregistration-terms", clauses=("EA-A1.1", "EA-13.1", "EA-26.1"), posts=policies.ONLINE)
def accept_terms(*, draft_id: int, section: str, name: str = "", by: Actor, at: datetime) -> Outcome[PreRegistration]:
    """Accept the exam-room rules and Decree 33 (`rules`), or sign the commitment with one's own name (`pledge`).

    Source:  EA-A1.1, EA-13.1, EA-26.1
    Writes:  candidates.preregistration-terms
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    asked = draft(draft_id, lock=True)
    policies.check_open_to_answers(asked)
    if section == "rules":
        asked.rules_accepted_at = at
        return _answered(asked, section, at)
    own = str(answers_of(asked).get("name", ""))
    if not own or name.strip() != own:
        text = "请输入您本人的姓名，与前面填写的一致。"
        raise BadInput("pledge-name-differs", field_errors={"name": text}, message=text, clause="EA-26.1")
    asked.pledged_at, asked.pledge_digest = at, pledge_digest(at)
    return _answered(asked, section, at, text=asked.pledge_digest)


@command(writes="candidates.preregistration-submitted", clauses=("EA-13.1", "EA-A1.1"), posts=policies.ONLINE)
def submit_preregistration(*, draft_id: int, by: Actor, at: datetime) -> Outcome[PreRegistration]:
    """Hand in what is complete: the person stands in their county's queue and comes in person.

    Source:  EA-13.1, EA-A1.1
    Writes:  candidates.preregistration-submitted
    Raises:  NotPermitted, NotFound, WrongState, Refused, BadInput, Conflict
    """
    asked = draft(draft_id, lock=True)
    day = local_day(at)
    check_transition(QUEUE_TRANSITIONS, QueueState(asked.state), QueueState.QUEUED)
    COMPLETE(on=day, missing=missing_of(asked)).require()
    assert asked.sitting is not None
    check_period(asked.sitting, at)
    number = APPLICANT_NUMBER.text(asked)
    check_may_come(number, day)
    applicant = applicant_of(asked, b"", 0)
    require_fields(checks.identity(applicant, day))
    checks.major(_plan_of(applicant.major_code, day), applicant.shown, day).require()
    before = snapshot(asked)
    asked.state, asked.submitted_at, asked.changed_at, asked.why = QueueState.QUEUED, at, at, ""
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError:
        raise Conflict(
            "person-queued",
            message="用这个证件号码已有一份预报名在排队。",
            remedy="请直接到现场办理；要改动的，凭那一份的预约号续填。",
            clause="EA-13.1",
        ) from None
    return Outcome(asked, before=before, facts={"county": asked.agency_code, "sitting": asked.sitting_id})


@command(writes="candidates.preregistration-withdrawn", clauses=("EA-13.1",), posts=policies.ONLINE)
def withdraw_preregistration(*, draft_id: int, by: Actor, at: datetime) -> Outcome[PreRegistration]:
    """Give the pre-registration up: what was answered is erased.

    Source:  EA-13.1
    Writes:  candidates.preregistration-withdrawn
    Raises:  NotPermitted, NotFound, WrongState
    """
    asked = draft(draft_id, lock=True)
    check_transition(QUEUE_TRANSITIONS, QueueState(asked.state), QueueState.WITHDRAWN)
    end(asked, QueueState.WITHDRAWN, at)
    return Outcome(asked)


@command(writes="candidates.preregistrations-lapsed", clauses=("EA-47",), posts=policies.ONLINE)
def lapse_preregistrations(*, by: Actor, at: datetime, limit: int = 500) -> Outcome[int]:
    """End drafts and queued ones whose time is over, or who were registered otherwise, and erase what they hold.

    Source:  EA-47
    Writes:  candidates.preregistrations-lapsed
    Raises:  NotPermitted
    """
    rows = list(lapsing().select_for_update(skip_locked=True)[:limit])
    for row in rows:
        end(row, QueueState.LAPSED, at, why="逾期没有提交或没有到现场确认。")
    there = list(registered_meanwhile().select_for_update(of=("self",), skip_locked=True)[:limit])
    for row in there:
        end(row, QueueState.STOPPED, at, why="本人已在窗口注册，凭准考证号登录。")
    rows += there
    return Outcome(len(rows), on="preregistrations", facts={"count": len(rows)})


def applicant_of(asked: PreRegistration, picture: bytes, fee_fen: int) -> Applicant:
    """The answers as the counter takes them; the portrait is read by who needs it."""
    told = answers_of(asked)
    major = asked.major
    assert major is not None
    return Applicant(
        name=str(told["name"]),
        sex=str(told["sex"]),
        born_on=date.fromisoformat(str(told["born_on"])),
        id_number=APPLICANT_NUMBER.text(asked),
        major_code=major.code,
        ethnic=str(told["ethnic"]),
        phone=str(told["phone"]),
        address=str(told.get("address", "")),
        portrait=picture or None,
        fee_fen=fee_fen,
        is_military=bool(told.get("is_military")),
        password_hash=str(told.get("password_hash", "")),
        document_kind=str(told["document_kind"]),
        shown=str(told.get("shown") or ""),
    )


def _answered(asked: PreRegistration, section: str, at: datetime, **facts: object) -> Outcome[PreRegistration]:
    asked.answered = [*(each for each in asked.answered if each != section), section]
    asked.changed_at = at
    asked.save()
    return Outcome(asked, facts={"section": section, **facts})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _check_person(asked: PreRegistration, told: dict[str, Any], day: date) -> None:
    person = Applicant(
        name=str(told["name"]).strip(),
        sex=str(told["sex"]),
        born_on=date.fromisoformat(str(told["born_on"])),
        id_number=APPLICANT_NUMBER.text(asked),
        major_code="",
        document_kind=str(told["document_kind"]),
    )
    told["name"] = person.name
    require_fields(checks.identity(person, day))
    asked.answered = [each for each in asked.answered if each != "pledge"]  # signed with the name that stood there


def _check_place(asked: PreRegistration, told: dict[str, Any], day: date) -> None:
    county, code = told.pop("county_code"), told.pop("sitting_code")
    sitting = Sitting.objects.filter(code=code).first()
    errors = {}
    if not Agency.objects.filter(code=county, kind=AgencyKind.COUNTY).exists():
        errors["county_code"] = "没有这个县（市、区）。请从列表中选择。"
    if sitting is None:
        errors["sitting_code"] = "没有这个考次。请从列表中选择。"
    if errors:
        raise BadInput("unknown-choice", field_errors=errors, message="".join(errors.values()))
    ends_at = Unit.objects.filter(sitting=sitting).aggregate(last=Max("ends_at"))["last"]
    require_fields(FIRST_SITTING(on=day, over_on=local_day(ends_at) if ends_at else None))
    asked.agency_code, asked.sitting = county, sitting


def _check_major(asked: PreRegistration, told: dict[str, Any], day: date) -> None:
    major = Major.objects.filter(code=told.pop("major_code")).first()
    if major is None:
        text = "没有这个专业。请从列表中选择。"
        raise BadInput("unknown-choice", field_errors={"major_code": text}, message=text)
    require_fields(checks.major(_plan_of(major.code, day), str(told.get("shown") or ""), day))
    asked.major = major


def _plan_of(major_code: str, day: date) -> Plan | None:
    return programmes.entry_plans(day, [major_code]).get(major_code)


def _check_contact(asked: PreRegistration, told: dict[str, Any], day: date) -> None:
    code = told.get("tutoring_code")
    if code and not TutoringInstitution.objects.filter(code=code).exists():
        text = "没有这所助学机构。请从列表中选择，没有参加助学的不必选。"
        raise BadInput("unknown-choice", field_errors={"tutoring_code": text}, message=text)


_CHECKS = {"person": _check_person, "place": _check_place, "major": _check_major, "contact": _check_contact}
