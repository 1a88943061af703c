"""Provinces' requests for national courses, and their answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    waits_for,
)
from zikao.national import policies
from zikao.national.commands.permissions import answer_permission
from zikao.national.forms.permissions import AnswerForm
from zikao.national.models import PermissionRequest
from zikao.national.queries import permissions as queries
from zikao.stages.programmes.states import PermissionKind, PermissionState

TONES = {"requested": "due", "approved": "done", "refused": "danger"}
tell(**{"national.permission-request-recorded": "收到统考课程专项申请", "national.permission-answered": "答复专项申请"})


def _state(row: PermissionRequest) -> Pill:
    return Pill.of(row.state, PermissionState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.READERS)
def request_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What provinces ask of national courses."""
    table = Table(
        queries.requests(),
        (
            Column("received_at", "收到时间", "datetime", sortable=True),
            Column("province", "省份", "code"),
            Column("sitting_code", "考次", "code"),
            Column("course_name", "课程", value=lambda row: f"{row.course_code} {row.course_name}"),
            Column("kind", "事项", value=lambda row: row.get_kind_display()),
            Column("state", "状态", "pill", value=_state),
            Column("number", "批准文号"),
        ),
        filters=(
            Filter("province", "省份"),
            Filter("sitting_code", "考次"),
            Filter("kind", "事项", kind="choice", choices=PermissionKind.choices),
            Filter("state", "状态", kind="choice", choices=PermissionState.choices),
        ),
        link=lambda row: reverse("national:permission", args=[row.pk]),
        order="-received_at",
        empty="还没有省份申请。",
    )
    return table_page(request, title="统考课程专项申请", table=table)


@staff_page(posts=policies.READERS)
def request_page(request: HttpRequest, actor: Actor, request_id: int) -> HttpResponse:
    """One request with its answer."""
    found = queries.request(request_id)
    unit = f"第{found.unit_number}单元" if found.unit_number else "—"
    path = ["requested", "refused" if found.state == PermissionState.REFUSED else "approved"]
    return object_page(
        request,
        kicker="统考课程专项申请",
        title=f"{found.course_code} {found.course_name}",
        pill=_state(found),
        facts=_facts(found, unit),
        steps=steps_of(PermissionState, found.state, path=path),
        actions=[
            Action(
                "答复",
                "national:answer-permission",
                {"request_id": found.pk},
                "批准的编发批准文号，不批准的说明理由；答复签名发回该省。",
                clause="EA-22.2",
                posts=policies.OFFICERS,
            ).open_if(found.state == PermissionState.REQUESTED, f"这份申请{found.get_state_display()}。", "EA-22.2")
        ],
        history=f"national.permissionrequest:{found.pk}",
        back=Link("统考课程专项申请", reverse("national:permissions")),
    )


def _facts(found: PermissionRequest, unit: str) -> list[Fact]:
    return [
        Fact("省份", found.province, "code"),
        Fact("事项", found.get_kind_display(), clause="EA-22.2"),
        Fact("考次", found.sitting_code, "code"),
        Fact("拟安排单元", unit),
        Fact("理由", found.reason),
        Fact("批准文号", found.number or "—"),
        Fact("答复", found.answer or "—"),
    ]


answer = action(
    answer_permission,
    AnswerForm,
    title="答复专项申请",
    what="批准之后，该省可以照申请的课程、考次和单元办理，备案时按批准内容核对。",
    clause="EA-22.2",
    button="答复",
    done="已答复，并已发回该省。",
    arguments=lambda data: {"approved": data["approved"] == "yes", "answer": data["answer"]},
    back="national:permission",
)


@waits_for(policies.OFFICERS, "待答复的统考课程专项申请", "EA-22.2", stage="national")
def requests_waiting(actor: Actor) -> Asked:
    """Requests of provinces without an answer."""
    rows = queries.waiting()
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row), reverse("national:permission", args=[row.pk]), row.received_at) for row in first)
    since = items[0].since if items else None
    return Waiting(count, url=reverse("national:permissions"), since=since, items=items)
