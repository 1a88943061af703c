"""What this province asks of national courses, and what the centre answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
)
from zikao.stages.programmes import commands, policies, queries
from zikao.stages.programmes.forms.actions import ChangeForm, PermissionForm
from zikao.stages.programmes.models import Permission
from zikao.stages.programmes.states import PermissionKind, PermissionState

TONES = {"requested": "due", "approved": "done", "refused": "danger"}
tell(
    **{
        "programmes.permission-requested": "申请统考课程专项批准",
        "programmes.permission-answered": "收到教育部考试中心答复",
        "programmes.paper-change-recorded": "登记试题修改",
    }
)


def _state(row: Permission) -> Pill:
    return Pill.of(row.state, PermissionState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.VIEWERS)
def permission_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All requests of this province."""
    table = Table(
        queries.permissions(),
        (
            Column("requested_at", "申请时间", "datetime", sortable=True),
            Column("sitting_code", "考次", "code"),
            Column("course", "课程", value=lambda row: str(row.course)),
            Column("kind", "事项", value=lambda row: row.get_kind_display()),
            Column("state", "状态", "pill", value=_state),
            Column("number", "批准文号"),
        ),
        filters=(
            Filter("sitting_code", "考次"),
            Filter("kind", "事项", kind="choice", choices=PermissionKind.choices),
            Filter("state", "状态", kind="choice", choices=PermissionState.choices),
        ),
        link=lambda row: reverse("programmes:permission", args=[row.pk]),
        order="-requested_at",
        empty="没有申请过。统考课程另行安排考试、自行命题、修改试题，都要先经教育部考试中心批准。",
    )
    asking = Action("申请", "programmes:request-permission", posts=policies.TIMETABLE_FILERS)
    return table_page(request, title="统考课程专项申请", table=table, actions=[asking])


@staff_page(posts=policies.VIEWERS)
def permission_page(request: HttpRequest, actor: Actor, permission_id: int) -> HttpResponse:
    """One request, its answer, and the changes made on the strength of it."""
    found = queries.permission(permission_id)
    path = ["requested", "refused" if found.state == PermissionState.REFUSED else "approved"]
    changes = [Fact(f"修改 {n}", each.what) for n, each in enumerate(found.changes.all(), 1)]
    recording = Action(
        "登记试题修改",
        "programmes:record-paper-change",
        {"permission_id": found.pk},
        "把经批准的试题修改登记在案。",
        clause="EA-22.2",
        posts=policies.TIMETABLE_FILERS,
    ).open_if(found.kind == PermissionKind.CHANGE_PAPER, "这份申请不是修改试题。", "EA-22.2")
    return object_page(
        request,
        kicker="统考课程专项申请",
        title=str(found.course),
        pill=_state(found),
        facts=_facts(found, changes),
        steps=steps_of(PermissionState, found.state, path=path),
        actions=[recording.open_if(found.state == PermissionState.APPROVED, "教育部考试中心还没有批准。", "EA-22.2")],
        history=f"programmes.permission:{found.pk}",
        back=Link("统考课程专项申请", reverse("programmes:permissions")),
    )


def _facts(found: Permission, changes: list[Fact]) -> list[Fact]:
    return [
        Fact("事项", found.get_kind_display(), clause="EA-22.2"),
        Fact("考次", found.sitting_code, "code"),
        Fact("拟安排单元", f"第{found.unit_number}单元" if found.unit_number else "—"),
        Fact("理由", found.reason),
        Fact("批准文号", found.number or "—"),
        Fact("答复", found.answer or "—"),
        *changes,
    ]


request_permission = action(
    commands.request_permission,
    PermissionForm,
    title="申请统考课程专项批准",
    what="把申请签名发送给教育部考试中心；收到批准文号之后，才能另行安排、自行命题或修改试题。",
    clause="EA-22.2",
    button="申请",
    done="申请已发出，等待教育部考试中心答复。",
    back=lambda receipt: reverse("programmes:permission", args=[receipt.value.pk]),
)
record_paper_change = action(
    commands.record_paper_change,
    ChangeForm,
    title="登记试题修改",
    what="把经批准的试题修改登记在案；没有批准文号的不予登记。",
    clause="EA-22.2",
    button="登记",
    done="已登记。",
    back="programmes:permission",
)
