"""All scores of one candidate, for record staff."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Column, Link, Pill, Table, exportable, staff_page, table_page
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.results import policies, queries
from zikao.stages.results.models import Score


@exportable("results.candidate", "考生成绩", posts=policies.READERS, marking=True)
def score_table(actor: Actor, candidate_id: int) -> Table:
    """Every version of every score of a candidate, with source and evidence."""
    person = access_candidate(actor, int(candidate_id))
    hidden = set(queries.unpublished_sittings())
    return Table(
        list(queries.all_scores(actor, person.pk)),
        (
            Column("sitting_label", "取得考次", "code"),
            Column("course", "课程", value=lambda row: str(row.course)),
            Column("shown", "成绩", personal=True),
            Column("passed", "结论", "pill", value=verdict),
            Column("how", "取得方式", value=lambda row: row.get_how_display()),
            Column("source", "来源说明"),
            Column("recorded_at", "归档时间", "datetime"),
            Column("version", "版本", "number"),
            Column("told", "公布", "pill", value=lambda row: _told(row, hidden)),
        ),
        link=(lambda row: reverse("results:propose-correction", args=[row.pk]))
        if actor.post in policies.CORRECTORS
        else None,
        empty="这名考生还没有成绩。",
    )


@staff_page(posts=policies.READERS)
def candidate_scores(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """Every version of every score, with source and evidence."""
    person = access_candidate(actor, candidate_id)
    return table_page(
        request,
        kicker=f"准考证号 {person.admission_number}",
        title=f"{person.name} 的全部成绩",
        intro="成绩以考籍档案为准，未经批准不得查阅和使用。考籍管理员点开一条成绩，可以提出更正。",
        table=score_table(actor, candidate_id=candidate_id),
        back=Link("成绩", reverse("results:list")),
    )


def verdict(row: Score) -> Pill:
    """A score's meaning as a word."""
    if hasattr(row, "superseded_by"):
        return Pill("已被更正")
    if row.standing != "valid":
        return Pill(row.get_standing_display(), "danger" if row.standing == "void" else "plain")
    return Pill("合格", "done") if row.passed else Pill("不合格")


def _told(row: Score, hidden: set[int]) -> Pill:
    return Pill("未公布", "due") if row.sitting_id in hidden else Pill("已公布", "done")
