"""Provinces' detailed rules at the centre: filed, or sent back with reasons."""

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
from zikao.national.commands.detailed_rules import answer_rules_filing
from zikao.national.forms.permissions import RulesAnswerForm
from zikao.national.models import RulesFiling
from zikao.national.queries import detailed_rules as queries
from zikao.national.states import RulesFilingState

TONES = {"received": "due", "acknowledged": "done", "returned": "danger"}
tell(**{"national.rules-filing-recorded": "收到省级实施细则", "national.rules-filing-answered": "答复实施细则备案"})


def _state(row: RulesFiling) -> Pill:
    return Pill.of(row.state, RulesFilingState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.READERS)
def filing_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The detailed rules that provinces have filed."""
    table = Table(
        queries.filings(),
        (
            Column("received_at", "收到时间", "datetime", sortable=True),
            Column("province", "省份", "code"),
            Column("title", "名称"),
            Column("document", "文号"),
            Column("since", "施行日期", "date"),
            Column("state", "状态", "pill", value=_state),
            Column("number", "备案号"),
        ),
        filters=(
            Filter("province", "省份"),
            Filter("title", "名称", lookup="title__contains"),
            Filter("state", "状态", kind="choice", choices=RulesFilingState.choices),
        ),
        link=lambda row: reverse("national:rules-filing", args=[row.pk]),
        order="-received_at",
        empty="还没有省份报备实施细则。",
    )
    return table_page(request, title="实施细则备案", table=table)


@staff_page(posts=policies.READERS)
def filing_page(request: HttpRequest, actor: Actor, filing_id: int) -> HttpResponse:
    """One document: its values beside the regulations', and the answer."""
    found = queries.filing(filing_id)
    path = ["received", "returned" if found.state == RulesFilingState.RETURNED else "acknowledged"]
    answering = Action(
        "答复",
        "national:answer-rules-filing",
        {"filing_id": found.pk},
        "备案的编发备案号；退回的说明理由，退回之后这些取值在该省不再有效。",
        clause="EA-53",
        posts=policies.OFFICERS,
    )
    return object_page(
        request,
        kicker="实施细则备案",
        title=found.title,
        pill=_state(found),
        facts=_facts(found),
        steps=steps_of(RulesFilingState, found.state, path=path),
        actions=[
            answering.open_if(found.state == RulesFilingState.RECEIVED, f"{found.get_state_display()}。", "EA-53")
        ],
        history=f"national.rulesfiling:{found.pk}",
        back=Link("实施细则备案", reverse("national:rules-filings")),
        extra_template="national/_rules.html",
        context={"rows": queries.values_of(found)},
    )


def _facts(found: RulesFiling) -> list[Fact]:
    return [
        Fact("省份", found.province, "code"),
        Fact("文号", found.document),
        Fact("施行日期", found.since, "date"),
        Fact("收到时间", found.received_at, "datetime"),
        Fact("备案号", found.number or "—", clause="EA-53"),
        Fact("退回原因", found.reason or "—"),
    ]


answer = action(
    answer_rules_filing,
    RulesAnswerForm,
    title="答复实施细则备案",
    what="备案的编发备案号，退回的说明理由；答复签名发回该省。",
    clause="EA-53",
    button="答复",
    done="已答复，并已发回该省。",
    arguments=lambda data: {"acknowledged": data["acknowledged"] == "yes", "reason": data["reason"]},
    back="national:rules-filing",
)


@waits_for(policies.OFFICERS, "待答复的实施细则备案", "EA-53", stage="national")
def filings_waiting(actor: Actor) -> Asked:
    """Detailed rules without an answer."""
    rows = queries.waiting()
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row), reverse("national:rules-filing", args=[row.pk]), row.received_at) for row in first)
    since = items[0].since if items else None
    return Waiting(count, url=reverse("national:rules-filings"), since=since, items=items)
