"""Conduct records."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Column, Filter, Pill, Table, action, staff_page, table_page
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.models import ConductRecord, Person
from zikao.stages.personnel.states import ConductKind
from zikao.stages.personnel.views import naming


def pill_of(record: ConductRecord) -> Pill:
    """What a record says, and whether it stands."""
    if record.annuls_id is not None:
        return Pill("撤销", "info")
    if hasattr(record, "annulled_by"):
        return Pill("已撤销", "info")
    if record.kind == ConductKind.COMMENDATION:
        return Pill("表扬", "done")
    return Pill("情节严重", "danger") if record.serious else Pill("违纪", "due")


@staff_page(posts=policies.VIEWERS)
def conduct_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The conduct records of the subtree."""
    table = Table(
        queries.conduct_records(actor),
        (
            Column("happened_on", "日期", "date"),
            Column("sitting_code", "考次", "code"),
            Column("person.name", "姓名"),
            Column("person.unit", "工作单位"),
            Column("text", "事实"),
            Column("recorded_by", "登记人", value=lambda row: f"{row.recorded_by}（{row.recorded_post}）"),
            Column("kind", "类别", "pill", value=pill_of),
        ),
        filters=(
            Filter("sitting_code", "考次", placeholder="2026-10"),
            Filter("kind", "类别", kind="choice", choices=ConductKind.choices),
        ),
        link=lambda row: reverse("personnel:person", args=[row.person_id]),
        order="-pk",
        row_actions=lambda row: (
            [] if row.annuls_id or hasattr(row, "annulled_by") else
            [Action("撤销", "personnel:annul-conduct", {"record_id": row.pk})]
        ),
        empty="还没有履职记录。",
    )  # fmt: skip
    intro = "违反工作纪律和表扬的记录，供所在单位年度评优评先、晋职晋级参考；记录不能修改，有误的另行撤销。"
    return table_page(request, title="履职记录", table=table, intro=intro)


def _options(actor: Actor, **_: Any) -> dict[str, Any]:
    return {"breaches": queries.breaches(clock.today()), "sittings": queries.sittings()}


record = action(
    commands.record_conduct, forms.ConductForm,
    about=naming.of_another(naming.person, policies.OWN_CONDUCT, person_id=Person),
    title="登记履职记录", clause="EA-A5.8", button="登记",
    what="登记违反工作纪律或者表扬；情节严重的，本考次没有履行的职责随即停止。", done="已登记。",
    back="personnel:person", form_options=_options, arguments=forms.conduct_arguments,
)  # fmt: skip
annul = action(
    commands.annul_conduct, forms.ReasonForm,
    about=naming.of_another(naming.record, policies.OWN_ANNULMENT, record_id=ConductRecord),
    title="撤销履职记录", clause="EA-A5.8", button="撤销", danger=True,
    what="新增一行撤销，原来的记录保留；已经停止的职责可以另行聘任。", done="已撤销。", back="personnel:conduct",
)  # fmt: skip
