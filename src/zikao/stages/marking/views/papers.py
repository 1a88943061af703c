"""Papers in marking: the list with what is where, and one paper's page."""

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
    Step,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
)
from zikao.foundation.pages.parts import Kind
from zikao.stages.marking import commands, forms, policies, queries
from zikao.stages.marking.commands.keys import WrittenQuestion
from zikao.stages.marking.queries import PaperBalance
from zikao.stages.marking.states import KeyState
from zikao.stages.programmes.models import Paper
from zikao.stages.programmes.queries import sittings


def _progress(paper: Paper) -> Pill:
    expected, totals = getattr(paper, "expected", 0), getattr(paper, "totals", 0)
    if getattr(paper, "doubtful", 0) or getattr(paper, "set_aside", 0):
        return Pill("有待裁定", "due")
    if totals:
        return Pill("已合分", "done")
    return Pill("评卷中", "info") if expected and getattr(paper, "cards_read", 0) else Pill("未开始")


@staff_page(posts=policies.READERS)
def paper_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The papers of a sitting (the latest, or ?sitting=)."""
    codes = [sitting.code for sitting in sittings()]
    asked = request.GET.get("sitting", "")
    code = asked if asked in codes else (codes[0] if codes else "")
    table = Table(
        queries.marking_papers(code),
        (
            Column("course.code", "课程代码", "code", sortable=True),
            Column("course.name", "课程"),
            Column("unit.number", "单元", "number"),
            Column("expected", "应有", "number"),
            Column("cards_read", "已识读", "number"),
            Column("doubtful", "存疑", "number"),
            Column("set_aside", "搁置", "number"),
            Column("totals", "已合分", "number"),
            Column("state", "进度", "pill", value=_progress),
        ),
        filters=(
            Filter("sitting", "考次", "choice", choices=[(each, each) for each in codes], lookup="sitting__code"),
            Filter("course", "课程代码", lookup="course__code__startswith"),
        ),
        link=lambda paper: reverse("marking:paper", args=[paper.pk]),
        order="course.code",
        empty="这一考次还没有考试科目。",
    )
    links = [Action("存疑裁定", "marking:doubts", posts=policies.RULERS), Action("搁置答题卡", "marking:set-aside")]
    return table_page(request, title="评卷", table=table, actions=links)


@staff_page(posts=policies.READERS)
def paper_page(request: HttpRequest, actor: Actor, paper_id: int) -> HttpResponse:
    """One paper's marking."""
    paper = queries.paper_of(paper_id)
    balance = queries.paper_balance(paper)
    key = queries.key_of(paper)
    missing = queries.missing_cards(actor, paper)
    return object_page(
        request,
        kicker=f"评卷 · {paper.sitting}",
        title=str(paper.course),
        facts=_facts(paper, balance, key.get_state_display() if key else "尚未录入"),
        steps=_steps(paper, balance, key.state if key else ""),
        actions=_actions(paper, balance, key.pk if key else None, key.state if key else ""),
        history=f"programmes.paper:{paper.pk}",
        back=Link("评卷", reverse("marking:papers")),
        extra_template="marking/_paper.html",
        context={"batches": paper.scan_batches.all(), "missing": missing[:200], "paper": paper, "balance": balance},
    )


def _facts(paper: Paper, balance: PaperBalance, key: str) -> dict[str, list[Fact]]:
    count: Kind = "number"
    return {
        "座位": [
            Fact("应有", balance.expected, count, note="等于以下各项之和"),
            Fact("识读一致", balance.read, count, clause="EA-A9.2.1.4a"),
            Fact("存疑已裁定", balance.resolved, count, clause="EA-A9.2.1.5"),
            Fact("存疑", balance.doubtful, count),
            Fact("缺考", balance.absent, count),
            Fact("缺卡", balance.missing, count, clause="EA-41.1"),
        ],
        "扫描图像": [
            Fact("扫描", balance.scanned, count, note="等于以下各项之和"),
            Fact("已归座位", balance.placed, count),
            Fact("待识读", balance.unread, count),
            Fact("搁置", balance.set_aside, count),
            Fact("不计入", balance.dismissed, count),
        ],
        "评卷": [
            Fact("正确选项", key, clause="EA-A9.2.1.3"),
            Fact("试题", paper.questions.count(), count),
            Fact("答卷", paper.scripts.count(), count),
            Fact("已合分", paper.scripts.filter(total__isnull=False).count(), count, clause="EA-A9.2.2.3"),
        ],
    }


def _steps(paper: Paper, balance: PaperBalance, key_state: str) -> tuple[Step, ...]:
    scripts = paper.scripts.count()
    done = (
        ("登记试题", paper.questions.exists()),
        ("正确选项签字", key_state == KeyState.SIGNED),
        ("扫描识读", balance.placed > 0 and not balance.unread),
        ("裁定存疑", balance.placed > 0 and not balance.doubtful and not balance.set_aside and not balance.missing),
        ("评卷", scripts > 0),
        ("合分", scripts > 0 and paper.scripts.filter(total__isnull=True).count() == 0),
    )
    present = next((at for at, (_, reached) in enumerate(done) if not reached), len(done))
    return tuple(
        Step(label, "past" if at < present else "present" if at == present else "future")
        for at, (label, _) in enumerate(done)
    )


def _actions(paper: Paper, balance: PaperBalance, key_id: int | None, key_state: str) -> list[Action]:
    where = {"paper_id": paper.pk}
    registered, signed = paper.questions.exists(), key_state == KeyState.SIGNED
    return [
        Action(
            "登记试题",
            "marking:register-questions",
            where,
            "登记选择题题数和各题满分，答题卡版式由此确定。",
            posts=policies.QUESTION_KEEPERS,
        ).open_if(not registered, "本科目的试题已经登记。"),
        Action(
            "录入正确选项",
            "marking:enter-key",
            where,
            "逐题录入；未签字的旧版本作废。",
            clause="EA-A9.2.1.3",
            posts=policies.KEY_CLERKS,
        )
        .open_if(registered, "先登记试题。")
        .open_if(not signed, "正确选项已经签字，不能再改。", "EA-A9.2.1.3"),
        Action(
            "审核正确选项",
            "marking:key",
            {"key_id": key_id or 0},
            "查看录入的选项，核对后签字。",
            clause="EA-A9.2.1.3",
            posts=policies.KEY_REVIEWERS,
        ).open_if(key_id is not None, "正确选项还没有录入。", "EA-A9.2.1.3"),
        Action(
            "接收扫描图像",
            "marking:receive-scans",
            where,
            "每张图像都保存并编号；重复的搁置，不丢弃。",
            clause="EA-A9.2.1.2",
            posts=policies.READER_OPERATORS,
        ).open_if(registered, "先登记试题，才知道答题卡的版式。"),
        Action(
            "聘任评卷员",
            "marking:appoint-marker",
            where,
            "登记职称、保密教育和回避情况。",
            clause="EA-36.1",
            posts=policies.MARKER_APPOINTERS,
        ),
        Action(
            "答卷编密号待评",
            "marking:open-scripts",
            where,
            "给到考答卷编密号，交评卷员评阅。",
            clause="EA-38.1",
            posts=policies.READER_OPERATORS,
        ).open_if(balance.placed > 0, "还没有识读完成的答题卡。"),
        Action(
            "选择题评分",
            "marking:score-objective",
            where,
            "用签字的正确选项给已识读的答题卡评分。",
            clause="EA-A9.2.1.3",
            posts=policies.READER_OPERATORS,
        ).open_if(signed, "正确选项还没有完成审核签字。", "EA-A9.2.1.3"),
        Action(
            "合分",
            "marking:total",
            where,
            "各题得分相加，总分四舍五入。缺卡、存疑或漏评时不能合分。",
            clause="EA-A9.2.2.3",
            posts=policies.TOTALLERS,
        ),
    ]


def _questions(data: dict[str, object]) -> dict[str, object]:
    points, count, written = data["points"], data["objective"], data["written"]
    assert isinstance(count, int)
    assert isinstance(written, list)
    assert all(isinstance(each, WrittenQuestion) for each in written)
    return {"objective": [points] * count, "written": written}


register_questions = action(
    commands.register_questions,
    forms.QuestionsForm,
    title="登记试题",
    what="登记本科目的选择题和非选择题。各题满分合计应为课程满分。",
    clause="EA-A9.2.1.3",
    done="试题已登记。",
    back="marking:paper",
    arguments=_questions,
)
receive_scans = action(
    commands.receive_scans,
    forms.ScansForm,
    title="接收扫描图像",
    what="保存这一批答题卡的扫描图像，等待两台识读机识读。",
    clause="EA-A9.2.1.2",
    button="接收",
    done=lambda receipt: "扫描图像已接收。",
    back="marking:paper",
)
appoint_marker = action(
    commands.appoint_marker,
    forms.MarkerForm,
    title="聘任评卷员",
    what="聘任高校教师评阅本科目。有利害关系的必须回避。",
    clause="EA-36.1",
    done="评卷员已聘任。",
    back="marking:paper",
)
open_scripts = action(
    commands.open_scripts,
    title="答卷编密号待评",
    what="给本科目到考考生的答卷编随机密号；评卷员只见密号，不见姓名和准考证号。",
    clause="EA-38.1",
    done="答卷已编密号。",
    back="marking:paper",
)
score_objective = action(
    commands.score_objective,
    title="选择题评分",
    what="用签字的正确选项给已识读、已裁定的答题卡评分。",
    clause="EA-A9.2.1.3",
    done="选择题已评分。",
    back="marking:paper",
)
total = action(
    commands.total_scripts,
    title="合分",
    what="把选择题与非选择题得分相加，总分四舍五入。合分之后不能改动。",
    clause="EA-A9.2.2.3",
    button="合分",
    done="本科目已合分。",
    back="marking:paper",
)
