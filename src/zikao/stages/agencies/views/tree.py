"""The tree of agencies, the areas with their committees, secure rooms and institutions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import EXAM_AFFAIRS, Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Item,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
    waits_for,
)
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.models import Agency, SecureRoom
from zikao.stages.agencies.states import AgencyKind

INDENT = {AgencyKind.PREFECTURE: "　", AgencyKind.COUNTY: "　　"}

tell(
    **{
        "agencies.agency-opened": "设立机构",
        "agencies.committee-set": "登记考区委员会",
        "agencies.school-registered": "登记主考学校",
        "agencies.school-clerk-named": "登记主考学校经办",
        "agencies.tutoring-institution-registered": "登记助学机构",
        "agencies.secure-room-registered": "登记保密室",
    }
)


@staff_page(posts=policies.VIEWERS)
def tree(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The agencies of the actor's subtree, as a tree."""
    table = Table(
        queries.agency_tree(actor),
        (
            Column("code", "代码", "code", sortable=True),
            Column("name", "机构", value=lambda a: INDENT.get(AgencyKind(a.kind), "") + a.name),
            Column("kind", "类别", value=lambda a: a.get_kind_display()),
            Column("is_seat", "地级人民政府所在地", value=lambda a: "是" if a.is_seat else ""),
            Column("site_count", "考点", "number"),
        ),
        size=200,
        link=lambda agency: reverse("agencies:agency", args=[agency.code]),
        order="code",
        empty="还没有机构。",
    )
    opening = Action("设立机构", "agencies:open-agency", posts=policies.AGENCY_OPENERS)
    clerk = Action("登记主考学校经办", "agencies:name-school-clerk", posts=policies.INSTITUTION_REGISTRARS)
    return table_page(request, title="机构", table=table, actions=[opening, clerk])


@staff_page(posts=policies.VIEWERS)
def agency_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One agency; an area with its committee and what is missing in it."""
    agency = queries.agency(actor, code)
    today = clock.today()
    is_area = agency.kind == AgencyKind.PREFECTURE
    return object_page(
        request,
        kicker=agency.get_kind_display(),
        title=agency.name,
        pill=_completeness(agency) if is_area else None,
        facts=_facts(agency),
        actions=_actions(agency),
        history=f"agencies.agency:{agency.pk}",
        back=Link("机构", reverse("agencies:tree")),
        extra_template="agencies/_agency.html",
        context={
            "is_area": is_area,
            "members": queries.committee_of(agency, today) if is_area else [],
            "missing": queries.committee_complete(agency, today).refusals if is_area else [],
            "secure_rooms": [(room, _acceptance(room)) for room in agency.secure_rooms.all()],
        },
    )


def _actions(agency: Agency) -> list[Action]:
    committee = Action(
        "登记考区委员会",
        "agencies:set-committee",
        {"area_code": agency.code},
        "登记主任、副主任和各部门委员；原名单自起始日期止。",
        clause="EA-23",
        posts=policies.COMMITTEE_SETTERS,
    )
    secure_room = Action(
        "登记保密室",
        "agencies:register-secure-room",
        {},
        "登记保密部门验收合格的试卷保密室。",
        clause="EA-18.2",
        posts=policies.SECURE_ROOM_REGISTRARS,
    )
    is_area = agency.kind == AgencyKind.PREFECTURE
    return [committee.open_if(is_area, "只有考区设委员会。", "EA-23"), secure_room]


def _facts(agency: Agency) -> list[Fact]:
    facts = [
        Fact("代码", agency.code, "code", clause="EA-5.1"),
        Fact("类别", agency.get_kind_display()),
        Fact("设立时间", agency.opened_at, "datetime"),
    ]
    if agency.parent is not None:
        facts.append(
            Fact("上级机构", agency.parent.name, "link", href=reverse("agencies:agency", args=[agency.parent.code]))
        )
    return facts


def _completeness(area: Agency) -> Pill:
    complete = queries.committee_complete(area, clock.today()).granted
    return Pill("考区委员会齐全", "done") if complete else Pill("考区委员会不全", "danger")


def _acceptance(room: SecureRoom) -> Pill:
    valid = room.accepted_on <= clock.today() < room.accepted_until
    return Pill("验收有效", "done") if valid else Pill("验收已过期", "danger")


open_agency = action(
    commands.open_agency,
    forms.AgencyForm,
    title="设立机构",
    what="在机构树中增加一个机构，各级机构只看到、只办理本级以下的事项。",
    clause="EA-5.1",
    done="机构已设立。",
    arguments=lambda data: {**data, "kind": AgencyKind(data["kind"]), "parent_code": data["parent_code"] or None},
    back=lambda receipt: reverse("agencies:agency", args=[receipt.value.code]),
)
set_committee = action(
    commands.set_committee,
    forms.CommitteeForm,
    title="登记考区委员会",
    what="登记新的委员会名单；不齐全的也会保存，并在考前提醒补齐。",
    clause="EA-23",
    done="考区委员会已登记。",
    back=lambda receipt, area_code: reverse("agencies:agency", args=[area_code]),
)
register_secure_room = action(
    commands.register_secure_room,
    forms.SecureRoomForm,
    title="登记保密室",
    what="登记保密部门验收合格、摄像头齐备的试卷保密室。",
    clause="EA-18.2",
    done="保密室已登记。",
    back=lambda receipt: reverse("agencies:agency", args=[receipt.value.agency_code]),
)
register_school = action(
    commands.register_school,
    forms.InstitutionForm,
    title="登记主考学校",
    what="登记一所主考学校，专业考试计划可以引用它。",
    done="主考学校已登记。",
    back="agencies:tree",
)
name_school_clerk = action(
    commands.name_school_clerk,
    forms.SchoolClerkForm,
    title="登记主考学校经办",
    what="这个账号从此代表所填学校，只能看到该校担任主考的专业已公布的成绩；原来代表的学校同时结束。",
    clause="SR-A1.13",
    done="经办已登记。",
    back="agencies:tree",
)
register_tutoring_institution = action(
    commands.register_tutoring_institution,
    forms.InstitutionForm,
    title="登记助学机构",
    what="登记后，设在它的场地的考点须经省级批准，它的教师不得监考。",
    clause="EA-24.3",
    done="助学机构已登记。",
    back="agencies:tree",
)


@waits_for(EXAM_AFFAIRS | policies.AREA_POSTS, "考区委员会不全", "EA-23", stage="agencies")
def incomplete_areas(actor: Actor) -> Waiting:
    """Areas whose committee lacks somebody."""
    today = clock.today()
    lacking = [area for area in queries.areas(actor) if not queries.committee_complete(area, today).granted]
    items = tuple(Item(area.name, reverse("agencies:agency", args=[area.code])) for area in lacking[:5])
    return Waiting(len(lacking), url=reverse("agencies:tree"), items=items)
