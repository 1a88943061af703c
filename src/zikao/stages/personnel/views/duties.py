"""Who is on duty: chiefs, invigilators by lot, and those who must be replaced."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Filter,
    Item,
    Table,
    Waiting,
    action,
    few,
    staff_page,
    table_page,
    waits_for,
)
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.models import Duty
from zikao.stages.personnel.states import PostKind
from zikao.stages.personnel.views import naming
from zikao.stages.personnel.views.rosters import site_choices


@staff_page(posts=policies.VIEWERS)
def duty_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who is on duty, by sitting, site, unit and room."""
    table = Table(
        queries.all_duties_of(actor),
        (
            Column("sitting_code", "考次", "code"),
            Column("site.code", "考点", "code", value=lambda d: f"{d.site.code} {d.site.name}"),
            Column("unit_number", "单元", "number"),
            Column("room.number", "考场", "number", value=_room_number),
            Column("post_kind", "岗位", value=lambda d: d.get_post_kind_display()),
            Column("person.name", "姓名"),
            Column("person.unit", "工作单位"),
        ),
        filters=(
            Filter("sitting_code", "考次", placeholder="2026-10"),
            Filter("site", "考点代码", lookup="site__code"),
            Filter("unit_number", "单元"),
            Filter("post_kind", "岗位", kind="choice", choices=PostKind.choices),
        ),
        link=lambda duty: (
            reverse("personnel:person", args=[duty.person_id]) if actor.covers(duty.person.agency_code) else ""
        ),
        row_actions=lambda duty: [Action("换人", "personnel:hand-over", {"duty_id": duty.pk})],
        empty="还没有聘任。主考由考区主任聘任，监考员随机编排。",
    )
    drawing = Action("补排一个单元", "personnel:draw", posts=policies.INVIGILATOR_APPOINTERS)
    boards = Action("考点人员", "personnel:sites", posts=policies.VIEWERS)
    return table_page(request, title="考务聘任", table=table, actions=[boards, drawing])


def _room_number(duty: Duty) -> int | None:
    return duty.room.number if duty.room else None


appoint_chief = action(
    commands.appoint_chief,
    forms.ChiefForm,
    about=naming.person,
    title="聘任主考或副主考",
    what="由考区主任聘任；须持当日有效的上岗证。",
    clause="EA-24.4",
    done="已聘任。",
    form_options=site_choices,
    back="personnel:person",
)
draw = action(
    commands.assign_invigilators,
    forms.LotForm,
    title="补排一个单元的监考员",
    what="为一个考点在一个考试单元的全部考场随机编排监考员；无有效证件、助学机构教师、已申报回避的人员不在其中。",
    clause="EA-25.3",
    done="监考员已编排。",
    form_options=site_choices,
    back="personnel:duties",
)
assign_duty = action(
    commands.assign_duty,
    forms.DutyForm,
    about=naming.person,
    title="安排岗位",
    what="全程在一个考点担任考务员、试卷保管员或者巡考员；持当日有效的上岗证，没有回避事项。",
    clause="EA-A4.2",
    button="安排",
    done="已安排。",
    form_options=site_choices,
    back="personnel:person",
)


def _successors(actor: Actor, duty_id: int) -> dict[str, Any]:
    duty = queries.duty_of(actor, duty_id)
    found = queries.successors(actor, duty)
    units = sorted(unit.number for unit in queries.units_of(duty.sitting_code)) if duty.unit_number is None else []
    return {
        "people": [(person.pk, f"{person}　已排 {load} 场") for person, load in found],
        "units": [unit for unit in units[1:] if unit > (duty.since_unit or 0)],
    }


hand_over = action(
    commands.hand_over_duty,
    forms.HandOverForm,
    about=naming.duty,
    title="更换聘任人员",
    what="由另一名可以上岗的人员接替；主考、副主考由考区主任更换。全程岗位中途更换的，报酬按各自履职的单元计。",
    clause="EA-11.2",
    done="已更换。",
    back=lambda receipt, **url: reverse("personnel:site", args=[receipt.value.site_id, receipt.value.sitting_code]),
    form_options=_successors,
    initial=lambda actor, duty_id: {"on": queries.duty_of(actor, duty_id).held_on},
)


@waits_for(policies.INVIGILATOR_APPOINTERS, "须回避而仍有聘任的人员", "EA-11.2", stage="personnel")
def duties_to_hand_over(actor: Actor) -> Asked:
    """Duties held by people who declared an interest afterwards."""
    rows = queries.duties_to_hand_over(actor)
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row.person), reverse("personnel:hand-over", args=[row.pk])) for row in first)
    return Waiting(count, url=reverse("personnel:duties"), items=items)
