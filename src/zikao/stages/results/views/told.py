"""Published results for agencies and schools (SR-A1.13): nothing before the publication; export as elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Table,
    exportable,
    object_page,
    staff_page,
    table_page,
)
from zikao.stages.results import policies, queries
from zikao.stages.results.views.scores import verdict


@staff_page(posts=policies.TOLD)
def told_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The published sittings, with how many results the reader sees."""
    table = Table(
        queries.told_sittings(),
        (
            Column("sitting.code", "考次", "code"),
            Column("name", "考试时间", value=lambda row: str(row.sitting)),
            Column("published_at", "公布时间", "datetime"),
            Column("count", "本单位条数", "number", value=lambda row: queries.told_counts(actor, row.sitting).count),
        ),
        link=lambda row: reverse("results:told", args=[row.sitting.code]),
        order="",
        empty="还没有公布过成绩。成绩经审核签字、归档并公布以后，出现在这里。",
    )
    return table_page(request, title="公布的成绩", intro=_whose(actor), table=table)


def _whose(actor: Actor) -> str:
    if actor.post is not Post.SCHOOL_CLERK:
        return "本机构辖区考生的成绩，公布之后可以查阅。"
    school = queries.school_of(actor)
    if school is None:
        return "您还没有登记为某一所主考学校的经办，看不到成绩。请联系省级考务部门在“机构”页面登记。"
    return f"{school} 担任主考学校的专业的考生成绩，公布之后可以查阅。"


@staff_page(posts=policies.TOLD)
def told(request: HttpRequest, actor: Actor, sitting: str) -> HttpResponse:
    """A published sitting's results in numbers, by course."""
    found = queries.told_sitting(sitting)
    counts = queries.told_counts(actor, found)
    facts = [
        Fact("成绩条数", counts.count, "number", clause="SR-A1.13"),
        Fact("考生人数", counts.candidates, "number"),
        Fact("有效", counts.valid, "number", note=f"其中合格 {counts.passed:,}"),
        Fact("缺考", counts.absent, "number"),
        Fact("成绩取消", counts.void, "number"),
    ]
    return object_page(
        request,
        kicker="公布的成绩",
        title=f"{found}考试成绩",
        facts={_whose(actor): facts},
        back=Link("公布的成绩", reverse("results:told-list")),
        actions=[
            Action("逐条查看和导出", "results:told-scores", {"sitting": sitting}, "查看每一条成绩，按规定申请导出。")
        ],
    )


@exportable("results.told", "公布的成绩", posts=policies.TOLD, marking=True)
def told_table(actor: Actor, sitting: str) -> Table:
    """The published scores of a sitting that this actor may see."""
    return Table(
        queries.told_scores(actor, queries.told_sitting(sitting)),
        (
            Column("candidate.admission_number", "准考证号", "code", personal=True),
            Column("candidate.name", "姓名", personal=True),
            Column("candidate.major", "专业", value=lambda row: str(row.candidate.major)),
            Column("course.code", "课程代码", "code"),
            Column("course.name", "课程"),
            Column("shown", "成绩", personal=True),
            Column("passed", "结论", "pill", value=verdict),
        ),
        filters=(
            Filter("number", "准考证号", lookup="candidate__admission_number"),
            Filter("course", "课程代码", lookup="course__code__startswith"),
        ),
        order="candidate.admission_number",
        empty="没有属于本单位的成绩。",
    )


@staff_page(posts=policies.TOLD)
def told_scores(request: HttpRequest, actor: Actor, sitting: str) -> HttpResponse:
    """The published scores one by one."""
    found = queries.told_sitting(sitting)
    return table_page(
        request,
        kicker="公布的成绩",
        title=f"{found}考试成绩",
        intro=_whose(actor),
        table=told_table(actor, sitting=sitting),
        back=Link("成绩汇总", reverse("results:told", args=[sitting])),
    )
