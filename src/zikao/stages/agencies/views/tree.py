"""The tree of agencies, an agency's page, and the committee of an area."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import EXAM_AFFAIRS, Actor
from zikao.foundation.clock import LOCAL
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Step,
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
    }
)


@staff_page(posts=policies.TREE_VIEWERS)
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
            Column("closed_on", "状态", "pill", value=standing),
        ),
        filters=(
            Filter("code", "代码（含原代码）", lookup=by_code),
            Filter("name", "名称", lookup="name__contains"),
            Filter("kind", "类别", kind="choice", choices=AgencyKind.choices),
        ),
        size=200,
        link=lambda agency: reverse("agencies:agency", args=[agency.code]),
        order="code",
        empty="没有这样的机构。原代码可以查到承接机构。",
    )
    opening = Action("设立机构", "agencies:open-agency", posts=policies.AGENCY_OPENERS)
    return table_page(request, title="机构", table=table, actions=[opening])


def by_code(rows: object, code: str) -> object:
    """The rows whose code begins so; an old code leads to the agency that took over."""
    return rows.filter(code__startswith=queries.successor_of(code))  # type: ignore[attr-defined]


def standing(agency: Agency) -> Pill:
    """Open or closed."""
    return Pill("存续", "done") if agency.is_open else Pill(f"{agency.closed_on} 撤销", "plain")


@staff_page(posts=policies.TREE_VIEWERS)
def agency_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One agency; an area with its committee and what is missing in it."""
    agency = queries.agency(actor, queries.successor_of(code))
    today, is_area = clock.today(), agency.kind == AgencyKind.PREFECTURE and agency.is_open
    periods = list(queries.history_of_codes(agency))
    return object_page(
        request,
        kicker=agency.get_kind_display(),
        title=agency.name,
        pill=_completeness(agency) if is_area else standing(agency),
        facts=_facts(agency, actor),
        steps=_steps(agency),
        actions=_actions(agency),
        history=f"agencies.agency:{agency.pk}",
        back=Link("机构", reverse("agencies:tree")),
        extra_template="agencies/_agency.html",
        context={
            "is_area": is_area,
            "members": queries.committee_of(agency, today) if is_area else [],
            "missing": queries.committee_complete(agency, today).refusals if is_area else [],
            "secure_rooms": [(room, _acceptance(room)) for room in agency.secure_rooms.filter(ended_on=None)],
            "periods": periods,
            "successions": [
                (step, actor.covers(step.new_code)) for step in queries.successions_of([each.code for each in periods])
            ],
            "phones": agency.duty_phones.filter(until_on=None),
        },
    )


def _steps(agency: Agency) -> list[Step]:
    if agency.is_open:
        return [Step("设立", "past", agency.opened_at), Step("存续", "present"), Step("撤销", "future")]
    assert agency.closed_on is not None
    closed_at = datetime.combine(agency.closed_on, time(), LOCAL)
    return [Step("设立", "past", agency.opened_at), Step("存续", "past"), Step("撤销", "present", closed_at)]


def _actions(agency: Agency) -> list[Action]:
    is_area = agency.kind == AgencyKind.PREFECTURE
    keeping = [
        Action("登记考区委员会", "agencies:set-committee", {"area_code": agency.code},
               "登记主任、副主任和各部门委员；原名单自起始日期止。", clause="EA-23", posts=policies.COMMITTEE_SETTERS)
        .open_if(is_area, "只有考区设委员会。", "EA-23"),
        Action("登记值班电话", "agencies:set-duty-phone", {"agency_code": agency.code},
               "考试期间昼夜值守，上下级机构都能看到。", clause="EA-30.1", posts=policies.DUTY_PHONE_KEEPERS),
        Action("登记保密室", "agencies:register-secure-room", {}, "登记保密部门验收合格的试卷保密室。",
               clause="EA-18.2", posts=policies.SECURE_ROOM_REGISTRARS),
    ]  # fmt: skip
    over = "机构已经撤销，不能再变更。"
    return [each.open_if(agency.is_open, over, "EA-5.1") for each in (*keeping, *_changes(agency))]


def _changes(agency: Agency) -> list[Action]:
    today, here, below = clock.today(), {"code": agency.code}, agency.parent_id is not None
    merging = queries.may_close(agency, today, has_successor=True)
    return [
        Action("标明政府所在地", "agencies:mark-seat", here, "本县区是否为地级人民政府所在地。", clause="EA-24.1")
        .open_if(agency.kind == AgencyKind.COUNTY, "只用于县区。", "EA-24.1"),
        Action("更名", "agencies:rename-agency", here, "自今天起用新名称，原名称留在沿革中。", clause="EA-5.1"),
        Action("改用代码或划转", "agencies:recode-agency", here, "换代码、换上级；人员、考生、考点随新代码划转。",
               clause="EA-5.1").open_if(below, "节点的最高机构不改用代码。", "EA-5.1").given(merging),
        Action("并入其他机构", "agencies:merge-agency", here, "本机构今天撤销，人员、考生、考点由承接机构接收。",
               clause="EA-5.1", danger=True).open_if(below, "节点的最高机构不并入。", "EA-5.1").given(merging),
        Action("分设", "agencies:split-agency", here, "设立新机构；原机构保留，或由其一承接。", clause="EA-5.1")
        .open_if(below, "节点的最高机构不分设。", "EA-5.1"),
        Action("撤销", "agencies:close-agency", here, "没有人员、考生、考点和下级机构的，今天撤销。", clause="EA-5.1",
               danger=True).given(queries.may_close(agency, today, has_successor=False)),
    ]  # fmt: skip


def _linked(label: str, text: str, code: str, actor: Actor) -> Fact:
    """Another agency, with a link where the actor may open its page."""
    if not actor.covers(code):
        return Fact(label, text)
    return Fact(label, text, "link", href=reverse("agencies:agency", args=[code]))


def _counted(label: str, count: int, name: str, agency: Agency) -> Fact:
    """How many lie below, with the list of them; a county has neither agencies nor sites of its own."""
    if not count or agency.kind == AgencyKind.COUNTY:
        return Fact(label, count, "number")
    return Fact(label, f"{count} 个", "link", href=f"{reverse(name)}?code={agency.code}")


def _facts(agency: Agency, actor: Actor) -> Mapping[str, list[Fact]]:
    seat = [Fact("地级人民政府所在地", "是" if agency.is_seat else "不是", clause="EA-24.1")]
    facts = [
        Fact("代码", agency.code, "code", clause="EA-5.1"),
        *(seat if agency.kind == AgencyKind.COUNTY else []),
        Fact("类别", agency.get_kind_display()),
        Fact("设立时间", agency.opened_at, "datetime"),
    ]
    if agency.closed_on is not None:
        heir = queries.successor_of(agency.code)
        facts.append(Fact("撤销日期", agency.closed_on, "date"))
        if heir != agency.code:
            facts.append(_linked("承接机构", f"{heir} {queries.agency_name(heir)}", heir, actor))
    if agency.parent is not None:
        facts.append(_linked("上级机构", agency.parent.name, agency.parent.code, actor))
    hanging = queries.what_hangs_on(agency, clock.today())
    below = [
        _counted("下级机构", hanging["children"], "agencies:tree", agency),
        _counted("考点", hanging["sites"], "agencies:sites", agency),
        Fact("在岗人员与在籍考生", hanging["people"], "number"),
        Fact("进行中的工作", "、".join(hanging["rounds"]) or "没有"),
    ]
    return {"基本情况": facts, "所辖": below}


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
    form_options=lambda actor: {"parents": queries.agency_choices(actor, *(set(AgencyKind) - {AgencyKind.COUNTY}))},
    arguments=lambda data: {**data, "kind": AgencyKind(data["kind"]), "parent_code": data["parent_code"] or None},
    back=lambda receipt: reverse("agencies:agency", args=[receipt.value.code]),
)


def _present_seats(actor: Actor, area_code: str) -> Mapping[str, str]:
    """The names that stand now, by the form's fields."""
    standing_now = queries.committee_of(queries.agency(actor, area_code), clock.today())
    names = {(member.role, member.department): member.name for member in standing_now}
    seats = forms.CommitteeForm().seats
    return {
        key: names[(str(role), department)] for key, (role, department) in seats.items() if (role, department) in names
    }


set_committee = action(
    commands.set_committee,
    forms.CommitteeForm,
    title="登记考区委员会",
    what="登记新的委员会名单；不齐全的也会保存，并在考前提醒补齐。",
    clause="EA-23",
    done="考区委员会已登记。",
    initial=_present_seats,
    back=lambda receipt, area_code: reverse("agencies:agency", args=[area_code]),
    about=lambda actor, area_code: str(queries.agency(actor, area_code)),
)


@waits_for(EXAM_AFFAIRS | policies.AREA_POSTS, "考区委员会不全", "EA-23", stage="agencies")
def incomplete_areas(actor: Actor) -> Waiting:
    """Areas whose committee lacks somebody; due before the next session."""
    today = clock.today()
    lacking = queries.areas_lacking(actor, today)
    due = session_begins(today)
    items = tuple(Item(area.name, reverse("agencies:agency", args=[area.code]), due=due) for area in lacking[:5])
    return Waiting(len(lacking), url=reverse("agencies:tree") + "?kind=prefecture", due=due, items=items)


def session_begins(today: object) -> datetime:
    """The first instant of the month of the next session: what is missing is to be there before."""
    year, _, month = queries.next_session(today).partition("-")  # type: ignore[arg-type]
    return datetime(int(year), int(month), 1, tzinfo=LOCAL)
