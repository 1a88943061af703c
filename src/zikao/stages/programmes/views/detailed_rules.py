"""The province's detailed rules: its own values, signed, filed, in force from their day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import subject_page
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
from zikao.foundation.regulation import clause
from zikao.stages.programmes import commands, policies, queries
from zikao.stages.programmes.forms.detailed_rules import DropForm, RulesForm, ValueForm, said
from zikao.stages.programmes.models import DetailedRules
from zikao.stages.programmes.states import RulesState

TONES = {"drafted": "plain", "proposed": "due", "approved": "info", "acknowledged": "done", "returned": "danger"}
PATH = ["drafted", "proposed", "approved", "acknowledged"]
tell(
    **{
        "programmes.detailed-rules-drafted": "拟定实施细则",
        "programmes.detailed-value-set": "设定细则取值",
        "programmes.detailed-value-dropped": "删去细则取值",
        "programmes.detailed-rules-proposed": "细则送审",
        "programmes.detailed-rules-answered": "收到备案答复",
    }
)
SHOWN = 24
"""So many characters of a value stand in a list."""
subject_page("programmes.detailedrules", lambda pk: reverse("programmes:detailed-rule", args=[pk]))


def _state(row: DetailedRules) -> Pill:
    return Pill.of(row.state, RulesState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.VIEWERS)
def rules_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All documents of detailed rules."""
    table = Table(
        queries.detailed_rules(),
        (
            Column("since", "施行日期", "date", sortable=True),
            Column("title", "名称"),
            Column("document", "文号"),
            Column("value_count", "取值", "number"),
            Column("state", "状态", "pill", value=_state),
            Column("number", "备案号"),
        ),
        filters=(Filter("state", "状态", kind="choice", choices=RulesState.choices),),
        link=lambda row: reverse("programmes:detailed-rule", args=[row.pk]),
        order="-since",
        empty="还没有制定实施细则：各项都按规定的统一取值办理。",
    )
    actions = [
        Action("拟定实施细则", "programmes:draft-detailed-rules", posts=policies.RULE_DRAFTERS),
        Action("现行取值", "programmes:settings", posts=policies.VIEWERS),
    ]
    return table_page(request, title="实施细则", table=table, actions=actions)


def _short(text: str) -> str:
    """A value as a list shows it: a pledge or a notice by how it begins."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}……（共 {len(text)} 字）"


@staff_page(posts=policies.VIEWERS)
def settings_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every item that the regulations leave to the province: their value, our own, since when."""
    table = Table(
        queries.settings_on(clock.today()),
        (
            Column("parameter.title", "事项", sortable=True),
            Column("clause", "依据", value=lambda row: clause(row.parameter.clause).chip),
            Column("national", "规定的取值", value=lambda row: _short(said(row.national))),
            Column("own", "本省的取值", value=lambda row: "同规定" if row.own is None else _short(said(row.own))),
            Column("since", "自", "date"),
            Column("document", "细则", value=lambda row: str(row.document or "—")),
            Column("range", "留给各省的范围"),
        ),
        filters=(Filter("title", "事项", lookup="title__contains"),),
        order="parameter.title",
        size=100,
    )
    back = Link("实施细则", reverse("programmes:detailed-rules"))
    return table_page(request, title="各项现行取值", table=table, back=back)


@staff_page(posts=policies.VIEWERS)
def rules_page(request: HttpRequest, actor: Actor, rules_id: int) -> HttpResponse:
    """One document: its values, its signing, its filing."""
    found = queries.rules_document(rules_id)
    path = [*PATH[:3], "returned"] if found.state == RulesState.RETURNED else PATH
    reached = {"drafted": found.drafted_at, "proposed": found.proposed_at, "approved": found.approved_at}
    return object_page(
        request,
        kicker="实施细则",
        title=found.title,
        pill=_state(found),
        facts=[
            Fact("文号", found.document),
            Fact("施行日期", found.since, "date", clause="EA-53"),
            Fact("备案号", found.number or "—", clause="SR-23"),
            Fact("备案答复", found.answer or "—"),
        ],
        steps=steps_of(RulesState, found.state, path=path, reached={k: v for k, v in reached.items() if v}),
        actions=_actions(found),
        history=f"programmes.detailedrules:{found.pk}",
        back=Link("实施细则", reverse("programmes:detailed-rules")),
        extra_template="programmes/_settings.html",
        context={"rows": [_value_row(name, value) for name, value in found.settings.values_list("name", "value")]},
    )


def _value_row(name: str, value: Any) -> dict[str, Any]:
    law = next(each for each in queries.settable() if each.name == name)
    return {"about": law, "national": said(law.values[-1].value), "value": said(value), "range": queries.range_of(name)}


def _actions(found: DetailedRules) -> list[Action]:
    place = {"rules_id": found.pk}
    is_draft, why = found.state == RulesState.DRAFTED, f"这份细则{found.get_state_display()}，不能再改。"
    setting = Action(
        "设定取值", "programmes:set-detailed-value", place, "设定一项；超出规定范围的不予接受。", clause="EA-53"
    )
    dropping = Action("删去取值", "programmes:drop-detailed-value", place, "从草稿中删去一项。")
    proposing = Action(
        "送审",
        "programmes:propose-detailed-rules",
        place,
        "交考务、考籍负责人会签，主要负责人批准；批准后自动报教育部考试中心备案。",
        clause="EA-53",
    )
    some = found.settings.exists()
    return [
        setting.open_if(is_draft, why),
        dropping.open_if(is_draft, why).open_if(some, "还没有设定任何一项。"),
        proposing.open_if(is_draft, why).open_if(some, "还没有设定任何一项。"),
    ]


draft = action(
    commands.draft_detailed_rules,
    RulesForm,
    title="拟定实施细则",
    what="建立一份草稿，再逐项设定；批准之后自施行日期起生效，并报教育部考试中心备案。",
    clause="EA-53",
    done="草稿已建立，请逐项设定。",
    back=lambda receipt: reverse("programmes:detailed-rule", args=[receipt.value.pk]),
)
set_value = action(
    commands.set_detailed_value,
    ValueForm,
    title="设定取值",
    what="选择一项，填写本省的取值；超出规定留给各省的范围的不予接受。",
    clause="EA-53",
    button="设定",
    done="已设定。",
    back="programmes:detailed-rule",
)
drop_value = action(
    commands.drop_detailed_value,
    DropForm,
    title="删去取值",
    what="删去之后，这一项按规定的取值办理。",
    button="删去",
    done="已删去。",
    form_options=lambda actor, rules_id: {"rules_id": rules_id},
    back="programmes:detailed-rule",
)
propose_rules = action(
    commands.propose_detailed_rules,
    title="细则送审",
    what="交考务、考籍负责人会签，主要负责人批准；送审之后不能再改。",
    clause="EA-53",
    button="送审",
    done="已送审。",
    back="programmes:detailed-rule",
)


@waits_for(policies.RULE_DRAFTERS, "待送审或被退回的实施细则", "EA-53", stage="programmes")
def rules_to_move(actor: Actor) -> Asked:
    """Drafts, and what the centre sent back."""
    rows = queries.rules_to_move()
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row), reverse("programmes:detailed-rule", args=[row.pk])) for row in first)
    return Waiting(count, url=reverse("programmes:detailed-rules"), items=items)
