"""Clashes of a draft by major, and the units that the solver proposes."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
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
from zikao.stages.programmes.forms.actions import SeedForm
from zikao.stages.programmes.models import TimetableProposal
from zikao.stages.programmes.states import ProposalState, TimetableState

TONES = {"offered": "due", "accepted": "done", "dropped": "plain"}
tell(
    **{
        "programmes.proposal-ordered": "生成考试安排建议",
        "programmes.proposal-made": "算出考试安排建议",
        "programmes.proposal-accepted": "采用考试安排建议",
        "programmes.proposal-dropped": "不采用考试安排建议",
        "programmes.demand-ordered": "统计冲突涉及人次",
        "programmes.demand-counted": "统计出冲突涉及人次",
    }
)


def _where(row: queries.MajorClashes) -> str:
    return "；".join(f"第{each.unit}单元 {'、'.join(each.courses)}{_counted(each.candidates)}" for each in row.units)


def _counted(candidates: int | None) -> str:
    return "" if candidates is None else f"（{candidates} 人次）"


INTRO = "同一专业的两门课程排在同一单元，没有合格这两门的考生本次只能报考其中一门。人次按在籍考生、扣除已合格的计算，"
COLUMNS = (
    Column("major.code", "专业代码", "code", sortable=True),
    Column("major.name", "专业"),
    Column("registered", "在籍考生", "number", sortable=True),
    Column("pairs", "冲突（对）", "number", sortable=True),
    Column("unavoidable", "其中无法避免", "number"),
    Column("candidates", "涉及人次", "number", sortable=True),
    Column("units", "冲突之处", value=_where),
)


@staff_page(posts=policies.VIEWERS)
def clash_list(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The clashes of a timetable by major, with the candidates concerned; and the proposals."""
    sitting = queries.sitting(sitting_code)
    timetable = queries.drafted_timetable(sitting)
    clashes, counted_at = queries.clashes_seen(sitting, actor.agency_code)
    table = Table(
        clashes,
        COLUMNS,
        filters=(Filter("code", "专业代码", lookup="code__startswith"),),
        order="-candidates" if counted_at else "-pairs",
        empty="没有冲突：每个专业在每个单元至多一门课程。",
    )
    drafted = timetable is not None and timetable.state == TimetableState.DRAFTED
    proposing = Action(
        "生成建议", "programmes:order-proposal", {"sitting_code": sitting_code}, posts=policies.TIMETABLE_DRAFTERS
    )
    return table_page(
        request,
        title=f"{sitting} 时间冲突",
        intro=f"{INTRO}{_when(counted_at)}",
        table=table,
        actions=[proposing.open_if(drafted, "考试安排已报备案，不能再改。", "EA-22.5"), *_counting(sitting_code)],
        back=Link(str(sitting), reverse("programmes:sitting", args=[sitting_code])),
        extra_template="programmes/_clashes.html",
        context={
            "days": queries.unit_grid(sitting),
            "proposals": queries.proposals_of(sitting)[:10],
            "strange": queries.offered_outside_plans(sitting),
        },
    )


def _when(counted_at: datetime | None) -> str:
    if counted_at is None:
        return "考生较多，人次还没有统计，请按“统计涉及人次”，由后台统计。"
    return f"{counted_at.astimezone(clock.LOCAL):%m月%d日 %H:%M} 统计。"


def _counting(sitting_code: str) -> list[Action]:
    """Offered where nobody counts while the reader waits."""
    if not queries.counts_in_the_queue():
        return []
    what = "由后台统计，完成后在本页显示，并注明统计时间。"
    return [Action("统计涉及人次", "programmes:order-demand", {"sitting_code": sitting_code}, what)]


@staff_page(posts=policies.VIEWERS)
def proposal_page(request: HttpRequest, actor: Actor, proposal_id: int) -> HttpResponse:
    """One proposal as a grid of days and units."""
    found = queries.proposal(proposal_id)
    place = {"proposal_id": found.pk}
    waiting, why = found.state == ProposalState.OFFERED, f"这份建议{found.get_state_display()}。"
    path = ["offered", "dropped" if found.state == ProposalState.DROPPED else "accepted"]
    return object_page(
        request,
        kicker="考试安排建议",
        title=str(found),
        pill=_state(found),
        facts=_facts(found),
        steps=steps_of(ProposalState, found.state, path=path),
        actions=[
            Action(
                "采用",
                "programmes:accept-proposal",
                place,
                "省级课程改到建议的单元；仍是草稿，可以再改。",
                clause="EA-22.1",
            ).open_if(waiting, why),
            Action("不采用", "programmes:drop-proposal", place, "草稿不变。").open_if(waiting, why),
        ],
        history=f"programmes.timetableproposal:{found.pk}",
        back=Link("时间冲突", reverse("programmes:clashes", args=[found.sitting.code])),
        extra_template="programmes/_proposal.html",
        context={"days": queries.unit_grid(found.sitting, found.units)},
    )


def _facts(found: TimetableProposal) -> list[Fact]:
    return [
        Fact("原冲突人次", found.before, "number"),
        Fact("建议冲突人次", found.after, "number"),
        Fact("无法避免", found.least, "number", note="每个专业单独排到最好也有这么多"),
        Fact("改动课程", found.moved, "number", note="统考课程不动"),
        Fact("种子", found.seed, "number", note="同一草稿、同一种子，结果相同"),
        Fact("计算", "到时限停止，结果可能还能改进" if found.stopped else "按定额步数算完"),
    ]


def _state(row: TimetableProposal) -> Pill:
    return Pill.of(row.state, ProposalState, TONES)  # type: ignore[arg-type]


order_demand = action(
    commands.order_demand,
    title="统计涉及人次",
    what="统计本机构范围内的在籍考生中，有多少人需要排在同一单元的课程；由后台统计，完成后显示在“时间冲突”页。",
    clause="EA-22.1",
    button="统计",
    done="已开始统计，完成后显示在本页。",
    back="programmes:clashes",
)
order_proposal = action(
    commands.order_proposal,
    SeedForm,
    title="生成考试安排建议",
    what="全国统考课程不动，为省级课程找冲突最少的单元；在“我的 · 长时间任务”里看进度，算好后在“时间冲突”页查看。",
    clause="EA-22.1",
    button="生成",
    done="已开始计算，稍后在本页下方查看建议。",
    back="programmes:clashes",
)
accept_proposal = action(
    commands.accept_proposal,
    title="采用考试安排建议",
    what="省级课程改到建议的单元；考试安排仍是草稿，可以再改。",
    clause="EA-22.1",
    button="采用",
    done="已采用，草稿已更新。",
    back="programmes:proposal",
)
drop_proposal = action(
    commands.drop_proposal,
    title="不采用考试安排建议",
    what="草稿不变。",
    button="不采用",
    done="已记下。",
    back="programmes:proposal",
)
