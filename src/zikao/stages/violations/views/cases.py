"""The cases and the page of one: facts, the steps of the procedure, what can be done."""

from __future__ import annotations

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import EXAM_AFFAIRS, Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import scoped
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.foundation.regulation import violation_codes
from zikao.stages.agencies.queries import agency_name
from zikao.stages.entries.models import Entry
from zikao.stages.violations import policies, queries, rules
from zikao.stages.violations.models import Case
from zikao.stages.violations.states import DECIDED, TOLD, CaseState, Scope

TONES = {"recorded": "due", "notified": "due", "decided": "info", "delivered": "done"}
WAITING = frozenset({CaseState.RECORDED, CaseState.NOTIFIED})
PATH = [CaseState.RECORDED, CaseState.NOTIFIED, CaseState.DECIDED, CaseState.DELIVERED]


def pill_of(case: Case) -> Pill:
    """The state of a case."""
    return Pill.of(case.state, CaseState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.READERS)
def case_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The cases of the actor's subtree."""
    table = Table(
        queries.cases(actor),
        (
            Column("candidate.name", "考生"),
            Column("candidate.admission_number", "准考证号", "code"),
            Column("entry.paper.course.name", "课程"),
            Column("code", "违规代码", "code"),
            Column("found_in", "发现环节", value=lambda case: case.get_found_in_display()),
            Column("recorded_at", "记录时间", "datetime", sortable=True),
            Column("state", "状态", "pill", value=pill_of),
            Column("decision_number", "决定文号", "code"),
        ),
        filters=(
            Filter("admission_number", "准考证号", lookup="candidate__admission_number"),
            Filter("state", "状态", "choice", CaseState.choices),
            Filter("sitting", "考次", lookup="entry__sitting__code", placeholder="2026-10"),
            Filter("code", "违规代码", lookup="code__startswith"),
        ),
        link=lambda case: reverse("violations:case", args=[case.pk]),
        order="-recorded_at",
        empty="没有违规案件。",
    )
    record = Action("记录违规", "violations:find", posts=policies.RECORDERS)
    return table_page(request, title="违规案件", table=table, actions=[record])


@staff_page(posts=policies.RECORDERS)
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find the entry of which a violation is to be recorded: by admission number."""
    number = request.GET.get("admission_number", "").strip()
    rows = queries.entries_to_record(actor) if number else Entry.objects.none()
    table = Table(
        rows,
        (
            Column("candidate.name", "考生"),
            Column("candidate.admission_number", "准考证号", "code"),
            Column("sitting.code", "考次", "code"),
            Column("paper.unit", "单元", value=lambda entry: str(entry.paper.unit)),
            Column("paper.course.name", "课程"),
        ),
        filters=(Filter("admission_number", "准考证号", lookup="candidate__admission_number"),),
        link=lambda entry: reverse("violations:record", args=[entry.pk]),
        empty="没有这名考生在本机构的报考。" if number else "请输入考生的准考证号，再选择科目。",
    )
    back = Link("违规案件", reverse("violations:cases"))
    return table_page(request, title="记录违规：先找到考生和科目", table=table, back=back)


@staff_page(posts=policies.READERS)
def case_page(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """One case: who, what, by whom it was recorded, what the candidate said, what was decided."""
    case = queries.case(actor, case_id)
    return object_page(
        request,
        kicker="违规案件",
        title=f"{case.candidate.name}　{case.entry.paper.course.name}",
        pill=pill_of(case),
        facts=facts_of(case),
        steps=steps(case),
        actions=_actions(case, actor),
        history=f"violations.case:{case.pk}",
        back=Link("违规案件", reverse("violations:cases")),
    )


def facts_of(case: Case) -> dict[str, list[Fact]]:
    """A case as facts by heading: what was seen, what was said, what was decided."""
    code = violation_codes()[case.code]
    seat = queries.seat_of(case.entry)
    where = f"{seat.room.site.name} 第 {seat.room.number} 考场 {seat.number:02d} 座" if seat else "—"
    seen = [
        Fact("准考证号", case.candidate.admission_number, "code"),
        Fact("考次与单元", f"{case.entry.sitting.code} {case.entry.paper.unit}"),
        Fact("考场座位", where),
        Fact("违规行为", f"{code.behaviour}", note=f"{code.code}　{code.category_text}　{code.article}"),
        Fact("发现环节", case.get_found_in_display()),
        Fact("事实经过", case.account_of_facts, clause="EA-A6.13"),
        Fact("记录人", f"{case.first_recorder.name}、{case.second_recorder.name}", clause="EA-A1.10"),
        Fact("记录内容已告知考生", case.told_candidate, clause="EA-A1.10"),
    ]
    said = [Fact("陈述和申辩", case.statement or "考生还没有陈述"), Fact("陈述时间", case.stated_at, "datetime")]
    groups = {"事实": seen, "考生的陈述": said}
    if case.state in DECIDED:
        groups["处理决定"] = _decision(case)
    if case.state == CaseState.DISMISSED:
        groups["结论"] = [Fact("不予处理的理由", case.dismissal_reason), *_decider(case)]
    return groups


def _decision(case: Case) -> list[Fact]:
    return [
        Fact("决定文号", case.decision_number, "code"),
        Fact("处理", Scope(case.scope).label, clause="EA-A1.10"),
        Fact("成绩无效的科目", _voided(case)),
        *_decider(case),
        Fact("送达时间", case.delivered_at, "datetime", note="申请复核的期限从送达之日起算"),
    ]


def _decider(case: Case) -> list[Fact]:
    return [
        Fact("决定机构", agency_name(case.decided_agency_code)),
        Fact("决定时间", case.decided_at, "datetime"),
    ]


def _voided(case: Case) -> str:
    names = case.voided.order_by("entry__paper__course__code").values_list("entry__paper__course__name", flat=True)
    return "、".join(names) or "—"


def steps(case: Case) -> tuple[Step, ...]:
    """The steps of the procedure with their times."""
    times = {
        CaseState.RECORDED: case.recorded_at,
        CaseState.NOTIFIED: case.notified_at,
        CaseState.DECIDED: case.decided_at,
        CaseState.DELIVERED: case.delivered_at,
        CaseState.DISMISSED: case.decided_at,
    }
    reached = {str(state): at for state, at in times.items() if at is not None}
    return steps_of(CaseState, case.state, reached=reached, path=PATH)


def _actions(case: Case, actor: Actor) -> list[Action]:
    on, state = {"case_id": case.pk}, CaseState(case.state)
    over = f"案件{state.label}。"
    return [
        Action("告知考生", "violations:notify", on, "把事实、理由、依据和陈述申辩的权利告知考生。", clause="EA-A1.10",
               posts=policies.NOTIFIERS).open_if(state == CaseState.RECORDED, f"已经告知，{over}"),
        *_decisions(case, actor),
        Action("登记送达", "violations:deliver", on, "申请复核的期限从送达之日起算。", clause="EA-A1.10",
               posts=policies.DELIVERERS)
        .open_if(state == CaseState.DECIDED, "已经送达。" if state == CaseState.DELIVERED else "还没有作出决定。"),
        Action("打印违规处理告知书", "violations:notice", on).open_if(state in TOLD, "还没有告知考生。"),
        Action("打印违规处理决定书", "violations:decision", on).open_if(state in DECIDED, "还没有作出决定。"),
    ]  # fmt: skip


def _decisions(case: Case, actor: Actor) -> list[Action]:
    on, day = {"case_id": case.pk}, clock.today()
    notified_on = local_day(case.notified_at) if case.notified_at else None
    stated, province = case.stated_at is not None, case.agency_code[:2] or None
    heard = rules.HEARD(on=day, notified_on=notified_on, stated=stated, province=province)
    decider = queries.decider(case, actor, day)
    waiting, over = case.state in WAITING, f"案件{CaseState(case.state).label}。"
    what = f"{rules.SCOPE(on=day, code=case.code).label}，记入诚信档案。"
    return [
        Action("作出处理决定", "violations:decide", on, what, clause="EA-A1.10", danger=True, posts=policies.DECIDERS)
        .open_if(waiting, over).given(decider).given(heard),
        Action("不予处理", "violations:dismiss", on, "事实不成立：成绩不受影响，不记入诚信档案。",
               posts=policies.DECIDERS).open_if(waiting, over).given(decider)
        .open_if(case.state == CaseState.NOTIFIED, "还没有告知考生。", "EA-A1.10"),
    ]  # fmt: skip


def _in(actor: Actor, state: CaseState, since: str) -> Asked:
    rows = scoped(Case.objects.filter(state=state), actor)
    yield rows
    told = rows.order_by().aggregate(count=Count("pk"), first=Min(since))
    return Waiting(told["count"], f"{reverse('violations:cases')}?state={state}", since=told["first"])


@waits_for({Post.PREFECTURE_CLERK, *EXAM_AFFAIRS}, "待告知考生的违规案件", "EA-A1.10", stage="violations")
def to_notify(actor: Actor) -> Asked:
    """Recorded cases."""
    return _in(actor, CaseState.RECORDED, "recorded_at")


@waits_for(policies.DECIDERS, "已告知、待决定的违规案件", "EA-A1.10", stage="violations")
def to_decide(actor: Actor) -> Asked:
    """Notified cases."""
    return _in(actor, CaseState.NOTIFIED, "notified_at")


@waits_for({Post.PREFECTURE_CLERK, *EXAM_AFFAIRS}, "待送达的处理决定", "EA-A1.10", stage="violations")
def to_deliver(actor: Actor) -> Asked:
    """Decided cases."""
    return _in(actor, CaseState.DECIDED, "decided_at")
