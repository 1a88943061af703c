"""A sitting's results: collected, approved, published; with numbers that add up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Item,
    Line,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    history_of,
    object_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.stages.collecting.queries import may_work_here
from zikao.stages.collecting.states import Work
from zikao.stages.programmes.models import Sitting
from zikao.stages.results import commands, policies, queries, rules
from zikao.stages.results.models import Publication
from zikao.stages.results.states import PublicationState

TONES: Mapping[str, Any] = {"collected": "info", "approved": "due", "filed": "due", "published": "done"}
EVENTS = {"采集成绩": "collected", "审核签字": "approved", "公布成绩": "published"}


def _pill(sitting: Sitting) -> Pill:
    publication = queries.publication_of(sitting)
    return Pill.of(publication.state, PublicationState, TONES) if publication else Pill("未采集")


def _held(sitting: Sitting, name: str) -> Any:
    return getattr(queries.publication_of(sitting), name, None)


@staff_page(posts=policies.READERS)
def sitting_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every sitting and how far its results are."""
    table = Table(
        queries.sittings(),
        (
            Column("code", "考次", "code", sortable=True),
            Column("name", "考试时间", value=str),
            Column("count", "成绩条数", "number", value=lambda row: _held(row, "count")),
            Column("told", "公布时间", "datetime", value=lambda row: _held(row, "published_at")),
            Column("state", "状态", "pill", value=_pill),
        ),
        link=lambda row: reverse("results:publication", args=[row.code]),
        order="-code",
        empty="还没有设立考次。",
    )
    acts = [
        Action("采集安排", "collecting:rounds"),
        Action("成绩归档", "results:archive", posts=policies.READERS),
        Action("登记实践与论文成绩", "results:assessments"),
        Action("登记原系统移交的成绩", "results:take-over"),
    ]
    return table_page(request, title="成绩", table=table, actions=acts)


@staff_page(posts=policies.READERS)
def publication(request: HttpRequest, actor: Actor, sitting: str) -> HttpResponse:
    """The results of one sitting."""
    found = queries.sitting(sitting)
    held = queries.publication_of(found)
    lines = history_of(f"results.publication:{held.pk}") if held else []
    return object_page(
        request,
        kicker="考试成绩",
        title=f"{found}考试成绩",
        pill=_pill(found),
        back=Link("成绩", reverse("results:list")),
        facts=_after(actor, found, held, lines) if held else _before(found),
        steps=_steps(held, lines),
        actions=_actions(found, held, actor),
        history=lines,
        extra_template="results/_courses.html" if held else None,
        context={"courses": queries.course_results(actor, found) if held else []},
    )


def _before(found: Sitting) -> dict[str, list[Fact]]:
    counts = queries.evidence_counts(found)
    return {
        "采集依据": [
            Fact("到考份数", counts["present"], "number", clause="EA-41.1"),
            Fact("已合分份数", counts["totals"], "number", clause="SR-A1.6"),
            Fact("缺考者的答卷", counts["strays"], "number", note="应为 0"),
            Fact("存疑答题卡", counts["doubtful_cards"], "number", clause="EA-A9.2.1.5", note="应为 0"),
            Fact("未决违规案件", counts["undecided_cases"], "number", clause="EA-40.1", note="应为 0"),
        ]
    }


def _after(actor: Actor, found: Sitting, held: Publication, lines: list[Line]) -> dict[str, list[Fact]]:
    counts = queries.sitting_results(actor, found)
    verdict = Pill("✓ 座位与成绩一一对应", "done") if counts.adds_up else Pill("✕ 两数不一致", "danger")
    return {
        "人数与成绩": [
            Fact("到考", counts.present, "number"),
            Fact("缺考", counts.absent, "number"),
            Fact("座位合计", counts.seats, "number"),
            Fact("有效成绩", counts.valid, "number", note=f"其中合格 {counts.passed:,}"),
            Fact("记为缺考", counts.missed, "number"),
            Fact("成绩取消", counts.void, "number", clause="EA-40.1"),
            Fact("成绩合计", counts.scores, "number"),
            Fact("核对", verdict, "pill"),
        ],
        "经办": [
            *(
                Fact(
                    line.what,
                    line.who if line.who == line.post else f"{line.who}（{line.post}）",
                    note=f"回执 {line.receipt}",
                )
                for line in reversed(lines)
            ),
            Fact("清单条数", held.count, "number"),
            Fact("清单摘要（SM3）", held.digest, "code", clause="SR-A1.14"),
        ],
    }


def _steps(held: Publication | None, lines: list[Line]) -> tuple[Step, ...]:
    reached: dict[str, datetime] = {EVENTS[line.what]: line.at for line in lines if line.what in EVENTS}
    order = list(PublicationState)
    here = order.index(PublicationState(held.state)) if held else -1
    first = Step("待采集", "past" if held else "present")

    def phase(place: int) -> Any:
        return "past" if place < here else "present" if place == here else "future"

    return (first, *(Step(str(s.label), phase(i), reached.get(s.value)) for i, s in enumerate(order)))


def _actions(found: Sitting, held: Publication | None, actor: Actor) -> list[Action]:
    here, state = {"sitting": found.code}, held.state if held else ""
    collect = Action(
        "采集成绩", "results:collect", here, "从合分、考场记录和违规决定采集每个座位的成绩。", clause="SR-A1.6"
    )
    approve = Action(
        "审核签字", "results:approve", here, "确认采集无误，等待三名掌管人开启窗口归档。", clause="SR-A1.6"
    )
    publish = Action("公布成绩", "results:publish", here, "所有考生从这一刻起看到自己的成绩。", clause="SR-A1.13")
    if held is None:
        collect = collect.given(rules.COLLECTION(on=clock.today(), **queries.evidence_counts(found)))
        collect = collect.given(may_work_here(Work.COLLECTING, actor, clock.now(), sitting_id=found.pk))
    else:
        own = rules.APPROVAL(on=clock.today(), collected_by=held.collected_by, approver=actor.account_id)
        approve = approve.open_if(state == PublicationState.COLLECTED, "这批成绩已经审核签字。", "SR-A1.6").given(own)
    return [
        collect.open_if(held is None, "这一考次的成绩已经采集。", "SR-A1.6"),
        approve.open_if(held is not None, "成绩还没有采集。", "SR-A1.6"),
        publish.open_if(state != PublicationState.PUBLISHED, "成绩已经公布。", "SR-A1.13")
        .open_if(state == PublicationState.FILED, "审核签字、写入成绩档案之后才能公布。", "SR-A1.13"),
        Action("采集安排", "collecting:rounds", {}, "规定时间、领导小组、工作人员和场所。", clause="SR-A1.3"),
        Action("归档清单", "results:change-list", {"list_id": queries.list_of(found).pk if held else 0},
               "三名掌管人出示密码段，写入成绩档案。", clause="SR-A1.10a", posts=policies.READERS)
        .open_if(held is not None, "成绩还没有采集。", "SR-A1.10a"),
        Action("核对清单摘要", "results:digest", here, "重新计算全部成绩的摘要，与采集时的比较。", clause="SR-A1.14",
               posts=policies.READERS)
        .open_if(held is not None, "成绩还没有采集。", "SR-A1.14"),
    ]  # fmt: skip


@staff_page(posts=policies.READERS)
def digest(request: HttpRequest, actor: Actor, sitting: str) -> HttpResponse:
    """Compute the digest of the sitting's scores again and say whether it is the collected one."""
    found = queries.sitting(sitting)
    held = queries.publication_of(found)
    now = queries.digest_of_scores(found)
    if held is not None and held.digest == now:
        messages.success(request, f"核对一致：{held.count:,} 条成绩的摘要与采集时相同。")
    else:
        messages.error(request, f"核对不一致：现在的摘要是 {now}。请立即停止使用这批成绩并报告负责人。")
    return HttpResponseRedirect(reverse("results:publication", args=[sitting]))


collect = action(
    commands.collect_scores, title="采集成绩", what="每个座位得到一条成绩：有效、缺考或取消。采集后不能改动。",
    clause="SR-A1.6", button="采集", back="results:publication",
    done=lambda receipt: f"已采集 {receipt.value.count:,} 条成绩，等待审核签字。" if receipt.value else "已采集。",
)  # fmt: skip
approve = action(
    commands.approve_scores, title="审核签字",
    what="您确认这批成绩采集无误。签字后申请归档窗口，三名掌管人到场写入成绩档案。",
    clause="SR-A1.6", button="确认无误，签字", back="results:publication",
    done="已签字，等待三名掌管人出示密码段归档。",
)  # fmt: skip
publish = action(
    commands.publish_results, title="公布成绩", what="所有考生从这一刻起看到自己的成绩。公布不能撤回。",
    clause="SR-13.1", button="公布", back="results:publication", done="成绩已公布。",
)  # fmt: skip


@waits_for(policies.COLLECTORS, "待采集成绩的考次", "SR-A1.6", stage="results")
def to_collect(actor: Actor) -> Asked:
    """Sittings that are over and have no publication."""
    asked = queries.sittings_over(clock.now())
    yield asked
    rows = list(asked)
    items = tuple(Item(str(row), reverse("results:publication", args=[row.code])) for row in rows[:5])
    return Waiting(len(rows), reverse("results:list"), items=items)


def _waiting(state: PublicationState) -> Waiting:
    rows = list(queries.awaiting(state))
    items = tuple(
        Item(str(row.sitting), reverse("results:publication", args=[row.sitting.code]), row.collected_at)
        for row in rows[:5]
    )
    return Waiting(len(rows), reverse("results:list"), rows[0].collected_at if rows else None, items=items)


@waits_for(policies.APPROVERS, "待审核签字的成绩", "SR-A1.6", stage="results")
def to_approve(actor: Actor) -> Waiting:
    """Publications that are collected."""
    return _waiting(PublicationState.COLLECTED)


@waits_for(frozenset({Post.PROVINCE_HEAD}), "待公布的成绩", "SR-A1.13", stage="results")
def to_publish(actor: Actor) -> Waiting:
    """Publications that are filed."""
    return _waiting(PublicationState.FILED)
