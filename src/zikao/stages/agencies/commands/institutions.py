"""Examining schools, tutoring institutions, and the schools that support the examination."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, scoped, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.foundation.secrecy import new_ids
from zikao.stages.agencies import policies
from zikao.stages.agencies.models import (
    SCHOOL_PHONE,
    Agency,
    School,
    SchoolClerk,
    SupportingSchool,
    TutoringInstitution,
)
from zikao.stages.agencies.states import Supply

Body = TypeVar("Body", School, TutoringInstitution)


@command(writes="agencies.school-registered", posts=policies.INSTITUTION_REGISTRARS)
def register_school(*, code: str, name: str, agency_code: str, by: Actor, at: datetime) -> Outcome[School]:
    """Put an examining school (主考学校) on record.

    Writes:  agencies.school-registered
    Raises:  NotPermitted, NotFound, Conflict
    """
    policies.check_covers(by, agency_code)
    if School.objects.filter(code=code).exists() or School.objects.filter(name=name).exists():
        raise Conflict("school-registered", facts={"code": code}, message=f"主考学校 {code} {name} 已登记。")
    school = School.objects.create(code=code, name=name, agency_code=agency_code)
    return Outcome(school, facts={"code": code})


@command(writes="agencies.school-renamed", posts=policies.INSTITUTION_REGISTRARS)
def rename_school(*, code: str, name: str, document_number: str, by: Actor, at: datetime) -> Outcome[School]:
    """Give an examining school its new name; what it was called stays in its history.

    Writes:  agencies.school-renamed
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    school = access(School.objects.select_for_update(), by, code=code)
    if School.objects.filter(name=name.strip()).exclude(pk=school.pk).exists():
        raise Conflict("school-registered", message=f"已有名为“{name.strip()}”的主考学校。")
    return _renamed(school, name, document_number)


@command(writes="agencies.tutoring-institution-renamed", clauses=("EA-24.3",), posts=policies.INSTITUTION_REGISTRARS)
def rename_tutoring_institution(
    *, code: str, name: str, document_number: str, by: Actor, at: datetime
) -> Outcome[TutoringInstitution]:
    """Give a tutoring institution its new name; what it was called stays in its history.

    Source:  EA-24.3
    Writes:  agencies.tutoring-institution-renamed
    Raises:  NotPermitted, NotFound, BadInput
    """
    return _renamed(access(TutoringInstitution.objects.select_for_update(), by, code=code), name, document_number)


def _renamed(institution: Body, name: str, document_number: str) -> Outcome[Body]:
    if not name.strip() or name.strip() == institution.name:
        raise BadInput("same-name", field_errors={"name": "请填写与现在不同的名称。"})
    if not document_number.strip():
        raise BadInput("document-number-missing", field_errors={"document_number": "请填写依据文号。"})
    before = snapshot(institution)
    former, institution.name = institution.name, name.strip()
    institution.save(update_fields=["name"])
    facts = {"code": institution.code, "former": former, "name": institution.name, "document": document_number.strip()}
    return Outcome(institution, before=before, facts=facts)


@command(writes="agencies.school-clerk-named", clauses=("SR-A1.13",), posts=policies.INSTITUTION_REGISTRARS)
def name_school_clerk(*, school_code: str, username: str, by: Actor, at: datetime) -> Outcome[SchoolClerk]:
    """Say for which examining school an account acts; what it acted for before ends.

    Source:  SR-A1.13
    Writes:  agencies.school-clerk-named
    Raises:  NotPermitted, NotFound, BadInput (no such account in this post)
    """
    school = access(School.objects.all(), by, code=school_code)
    account = _clerk_account(username, by, at)
    SchoolClerk.objects.filter(account_id=account.pk, ended_at__isnull=True).update(ended_at=at)
    made = SchoolClerk.objects.create(school=school, account_id=account.pk, name=account.name, since_at=at)
    return Outcome(made, on=school, facts={"school": school.code, "account": account.pk})


def _clerk_account(username: str, by: Actor, at: datetime) -> Account:
    held = scoped(Appointment.objects.filter(account__username=username, post=Post.SCHOOL_CLERK), by)
    held = held.filter(since_on__lte=local_day(at)).exclude(until_on__lte=local_day(at))
    appointment = held.select_related("account").first()
    if appointment is None:
        raise BadInput(
            "no-school-clerk",
            field_errors={"username": "没有这个账号，或者它现在没有“主考学校经办”的岗位。"},
            message="没有找到在岗的主考学校经办。",
            remedy="请先由安全管理员任命岗位，再登记所属学校。",
        )
    return appointment.account


@command(
    writes="agencies.tutoring-institution-registered",
    clauses=("EA-24.3",),
    posts=policies.INSTITUTION_REGISTRARS,
)
def register_tutoring_institution(
    *, code: str, name: str, agency_code: str, by: Actor, at: datetime
) -> Outcome[TutoringInstitution]:
    """Put a tutoring institution (助学机构) on record, so that sites and invigilators can be held apart from it.

    Source:  EA-24.3
    Writes:  agencies.tutoring-institution-registered
    Raises:  NotPermitted, NotFound, Conflict
    """
    policies.check_covers(by, agency_code)
    if TutoringInstitution.objects.filter(code=code).exists():
        raise Conflict("institution-registered", facts={"code": code}, message=f"助学机构 {code} 已登记。")
    institution = TutoringInstitution.objects.create(code=code, name=name, agency_code=agency_code)
    return Outcome(institution, facts={"code": code})


@command(writes="agencies.supporting-school-registered", clauses=("EA-7.1",), posts=policies.SUPPORT_REGISTRARS)
def register_supporting_school(
    *, code: str, name: str, area_code: str, supply: Supply, contact: str, phone: str, by: Actor, at: datetime
) -> Outcome[SupportingSchool]:
    """Put a school that supports the examination on record, with what it can supply.

    Source:  EA-7.1
    Writes:  agencies.supporting-school-registered
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    area = access(Agency.objects.filter(closed_on__isnull=True), by, "code", code=area_code)
    _check_supply(supply, phone)
    if SupportingSchool.objects.filter(code=code, until_on__isnull=True).exists():
        raise Conflict("supporting-school-registered", message=f"学校 {code} 已登记。")
    (pk,) = new_ids(SupportingSchool, 1)
    school = SupportingSchool.objects.create(
        id=pk,
        code=code,
        name=name,
        area=area,
        agency_code=area.code,
        contact=contact,
        phone_sealed=SCHOOL_PHONE.seal(phone.strip(), pk),
        since_on=local_day(at),
        **asdict(supply),
    )
    return Outcome(school, facts={"code": code, "agency": area.code, **asdict(supply)})


@command(writes="agencies.supporting-school-changed", clauses=("EA-7.1",), posts=policies.SUPPORT_REGISTRARS)
def change_supporting_school(
    *, school_id: int, supply: Supply, contact: str, phone: str, by: Actor, at: datetime
) -> Outcome[SupportingSchool]:
    """Change what a school supplies and whom to call there.

    Source:  EA-7.1
    Writes:  agencies.supporting-school-changed
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    school = _standing_school(by, school_id)
    _check_supply(supply, phone)
    before = snapshot(school)
    school.rooms, school.invigilators = supply.rooms, supply.invigilators
    school.markers, school.question_setters = supply.markers, supply.question_setters
    school.contact, school.phone_sealed = contact, SCHOOL_PHONE.seal(phone.strip(), school.pk)
    school.save()
    return Outcome(school, before=before, facts={"code": school.code, **asdict(supply)})


@command(writes="agencies.supporting-school-ended", clauses=("EA-7.1",), posts=policies.SUPPORT_REGISTRARS)
def end_supporting_school(*, school_id: int, by: Actor, at: datetime) -> Outcome[SupportingSchool]:
    """Note that a school supports the examination no longer.

    Source:  EA-7.1
    Writes:  agencies.supporting-school-ended
    Raises:  NotPermitted, NotFound, WrongState
    """
    school = _standing_school(by, school_id)
    before = snapshot(school)
    school.until_on = local_day(at)
    school.save(update_fields=["until_on"])
    return Outcome(school, before=before, facts={"code": school.code})


def _standing_school(by: Actor, school_id: int) -> SupportingSchool:
    school = access(SupportingSchool.objects.select_for_update(of=("self",)), by, pk=school_id)
    if school.until_on is not None:
        raise WrongState("supporting-school-over", message="该校的支持已经结束；重新承担的请另行登记。")
    return school


def _check_supply(supply: Supply, phone: str) -> None:
    if not any(asdict(supply).values()):
        raise BadInput(
            "supplies-nothing",
            field_errors={"rooms": "至少填写一项：考场、监考员、评卷员或命（译）题教师。"},
            message="没有填写学校能提供什么。",
            clause="EA-7.1",
        )
    if not phone.strip():
        raise BadInput("phone-missing", field_errors={"phone": "请填写联系电话。"})
