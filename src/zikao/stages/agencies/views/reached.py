"""Whom to call: the leading groups for emergencies, and the duty phones of all agencies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import EXAM_AFFAIRS, Actor, Post
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Item,
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
from zikao.foundation.pages.revealing import revealing
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.models import DUTY_PHONE
from zikao.stages.agencies.states import EmergencyLevel
from zikao.stages.agencies.views.tree import session_begins

tell(
    **{
        "agencies.emergency-group-set": "登记应急处置工作领导小组",
        "agencies.duty-phone-set": "登记值班电话",
        "agencies.duty-phone-ended": "停用值班电话",
    }
)


@staff_page(posts=policies.REACHERS)
def emergency(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The leading groups of ministry and province: who is in them, what is missing, how they are reached."""
    today = clock.today()
    decisions = {level: queries.emergency_complete(level, today) for level in EmergencyLevel}
    whole = all(decision.granted for decision in decisions.values())
    found = {level: queries.emergency_group(today, level) for level in EmergencyLevel}
    facts = [Fact(f"{level.label}领导小组", f"{len(rows)} 人", clause="EA-5.2") for level, rows in found.items()]
    setting = Action(
        "登记领导小组名单", "agencies:set-emergency-group", {}, "登记教育部或省级领导小组；原名单自起始日期止。",
        clause="EA-5.2",
    )  # fmt: skip
    steps = [
        Step("登记名单", "past" if any(found.values()) else "present"),
        Step("齐全可联络", "present" if whole else "future"),
    ]
    return object_page(
        request,
        kicker="突发事件",
        title="考试类突发事件应急处置工作领导小组",
        pill=Pill("名单齐全", "done") if whole else Pill("名单不全", "danger"),
        facts=facts,
        steps=steps,
        actions=[setting],
        history=f"agencies.emergencygroup:{actor.agency_code[:2] or 'nation'}-"
        f"{EmergencyLevel.PROVINCE if actor.agency_code else EmergencyLevel.MINISTRY}",
        extra_template="agencies/_emergency.html",
        context={
            "bodies": [(level.label, rows, decisions[level].refusals) for level, rows in found.items()],
            "may_reveal": actor.post in policies.PHONE_REVEALERS,
        },
    )


@staff_page(posts=policies.REACHERS)
def emergency_member(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """A member's page is the group's."""
    queries.emergency_member(actor, member_id)
    return redirect("agencies:emergency")


reveal_emergency_phone = revealing(
    "agencies.emergency-phone",
    posts=policies.PHONE_REVEALERS,
    subject=lambda actor, member_id: queries.emergency_member(actor, member_id).name,
    back="agencies:emergency-member",
)
set_emergency_group = action(
    commands.set_emergency_group,
    forms.EmergencyForm,
    title="登记应急处置工作领导小组",
    what="登记教育部或本省的领导小组名单和联络渠道；突发事件按此报告。不齐全的也会保存，并提醒补齐。",
    clause="EA-5.2",
    done="名单已登记。",
    form_options=lambda actor: {
        "levels": [(level, level.label) for level in EmergencyLevel if actor.agency_code or level == "ministry"]
    },
    initial=lambda actor: {
        "level": EmergencyLevel.PROVINCE if actor.agency_code else EmergencyLevel.MINISTRY,
        "since_on": clock.today(),
        "members": queries.emergency_lines(actor, clock.today()),
    },
    arguments=lambda data: {**data, "level": EmergencyLevel(data["level"])},
    back="agencies:emergency",
)


@staff_page(posts=policies.REACHERS)
def phone_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The duty phones of the province: told to those above and below."""
    table = Table(
        queries.duty_phones(actor, clock.today()),
        (
            Column("agency_code", "机构代码", "code", sortable=True),
            Column("agency.name", "机构"),
            Column("place", "值班室"),
            Column("phone", "电话", "code", value=DUTY_PHONE.text),
            Column("is_day_and_night", "值守", value=lambda row: "昼夜" if row.is_day_and_night else "工作时间"),
            Column("since_on", "起", "date"),
        ),
        filters=(
            Filter("agency_code", "机构代码", lookup="agency_code__startswith"),
            Filter("name", "机构名称", lookup="agency__name__contains"),
        ),
        row_actions=_phone_actions(actor),
        order="agency_code",
        empty="还没有登记值班电话。在机构页登记。",
    )
    return table_page(
        request, title="值班电话", table=table,
        intro="考试期间昼夜有人接听；考前向上下级教育考试机构和相关部门通报。",
    )  # fmt: skip


def _phone_actions(actor: Actor) -> Any:
    def acts(row: Any) -> list[Action]:
        if not actor.covers(row.agency_code):
            return []
        return [
            Action("停用", "agencies:end-duty-phone", {"agency_code": row.agency.code, "phone_id": row.pk}, danger=True)
        ]

    return acts


set_duty_phone = action(
    commands.set_duty_phone, forms.DutyPhoneForm, title="登记值班电话", clause="EA-30.1",
    what="登记本机构的值班电话；同一值班室的原号码今天停用。", done="值班电话已登记。",
    back=lambda receipt, agency_code: reverse("agencies:agency", args=[agency_code]),
    about=lambda actor, agency_code: str(queries.agency(actor, agency_code)),
)  # fmt: skip
end_duty_phone = action(
    commands.end_duty_phone, title="停用值班电话", clause="EA-30.1", button="停用", danger=True,
    what="自今天起不再列出。", done="已停用。",
    back=lambda receipt, agency_code, phone_id: reverse("agencies:duty-phones"),
    about=lambda actor, agency_code, phone_id: str(queries.agency(actor, agency_code)),
)  # fmt: skip


@waits_for(
    EXAM_AFFAIRS | {Post.PROVINCE_HEAD, Post.NATIONAL_OFFICER},
    "应急处置工作领导小组名单不全",
    "EA-5.2",
    stage="agencies",
)
def incomplete_groups(actor: Actor) -> Waiting:
    """Levels whose group lacks somebody; due before the next session."""
    today = clock.today()
    levels = [EmergencyLevel.MINISTRY] if not actor.agency_code else list(EmergencyLevel)
    lacking = queries.emergency_lacking(levels, today)
    url, due = reverse("agencies:emergency"), session_begins(today)
    items = tuple(Item(f"{level.label}领导小组", url, due=due) for level in lacking)
    return Waiting(len(lacking), url=url, due=due, items=items)
