"""Papers in marking: the list with what is where, and one paper's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
)
from zikao.stages.marking import commands, forms, policies, queries
from zikao.stages.marking.commands.keys import WrittenQuestion
from zikao.stages.marking.models import Marker
from zikao.stages.marking.queries.persons import marker_of, markers_of, to_appoint
from zikao.stages.marking.views.parts import actions_of, facts_of, steps_of_paper
from zikao.stages.programmes.models import Paper
from zikao.stages.programmes.queries import sittings


def _progress(paper: Paper) -> Pill:
    expected, totals = getattr(paper, "expected", 0), getattr(paper, "totals", 0)
    if getattr(paper, "doubtful", 0) or getattr(paper, "set_aside", 0):
        return Pill("有待裁定", "due")
    if totals:
        return Pill("已合分", "done")
    return Pill("评卷中", "info") if expected and getattr(paper, "cards_read", 0) else Pill("未开始")


COLUMNS = (
    Column("course.code", "课程代码", "code", sortable=True),
    Column("course.name", "课程"),
    Column("unit.number", "单元", "number"),
    Column("expected", "应有", "number"),
    Column("cards_read", "已识读", "number"),
    Column("doubtful", "存疑", "number"),
    Column("set_aside", "搁置", "number"),
    Column("totals", "已合分", "number"),
    Column("state", "进度", "pill", value=_progress),
)


@staff_page(posts=policies.READERS)
def paper_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The papers of a sitting (the latest, or ?sitting=)."""
    codes = [sitting.code for sitting in sittings()]
    asked = request.GET.get("sitting", "")
    code = asked if asked in codes else (codes[0] if codes else "")
    table = Table(
        queries.marking_papers(code),
        COLUMNS,
        filters=(
            Filter("sitting", "考次", "choice", choices=[(each, each) for each in codes], lookup="sitting__code"),
            Filter("course", "课程代码", lookup="course__code__startswith"),
        ),
        link=lambda paper: reverse("marking:paper", args=[paper.pk]),
        order="course.code",
        empty="这一考次还没有考试科目。",
    )
    links = [Action("存疑裁定", "marking:doubts", posts=policies.RULERS), Action("搁置答题卡", "marking:set-aside")]
    links += [Action("非作答数据修改", "marking:data-corrections"), Action("工作记录", "marking:log")]
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
        facts=facts_of(paper, balance, key.get_state_display() if key else "尚未录入"),
        steps=steps_of_paper(paper, balance, key.state if key else ""),
        actions=actions_of(paper, balance, key.pk if key else None, key.state if key else "", actor),
        history=f"programmes.paper:{paper.pk}",
        back=Link("评卷", reverse("marking:papers")),
        extra_template="marking/_paper.html",
        context={
            "batches": paper.scan_batches.all(),
            "missing": missing[:200],
            "paper": paper,
            "balance": balance,
            "markers": markers_of(paper, clock.today()),
        },
    )


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
    what="聘任持评卷员有效上岗证的高校教师评阅本科目。有利害关系的必须回避。",
    clause="EA-36.1",
    form_options=lambda actor, paper_id: {"held": to_appoint(actor, clock.today())},
    done="评卷员已聘任。",
    back="marking:paper",
)
take_back_script = action(
    commands.take_back_script,
    forms.TakingBackForm,
    title="收回手中的答卷",
    what="评卷员应当回避、请假或者不再评卷的，收回其手中没有评完的答卷，放回待评，由其他评卷员领取；已经给出的分数不变。",
    clause="EA-36.4",
    button="收回",
    about=lambda actor, marker_id: marker_of(actor, marker_id).name,
    done="已收回，放回待评。",
    back=lambda receipt, **url: reverse(
        "marking:paper", args=[Marker.objects.values_list("paper_id", flat=True).get(pk=url["marker_id"])]
    ),
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
