"""Lists of scores handed in: read, checked row by row, filed whole or not at all; a dry run files nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import ZikaoError
from zikao.foundation.pages import Link, actor_of, form_page, staff_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.stages.candidates.states import RowProblem
from zikao.stages.collecting.queries import place_for
from zikao.stages.collecting.states import Work
from zikao.stages.results import commands, policies, queries
from zikao.stages.results.forms import SAMPLE, ScoresForm, parse_scores_csv
from zikao.stages.results.states import ScoreRow

SHOWN = 500


@dataclass(frozen=True)
class Kind:
    """What is handed in: the command that files it, and how the page calls it."""

    command: Callable[..., Any]
    title: str
    what: str
    clause: str


TAKEN_OVER = Kind(
    commands.take_over_scores,
    "登记原系统移交的成绩",
    "省内原考籍系统的成绩一次移交：逐行核对，有一行不合格，全部不登记。",
    "SR-A1.6",
)
ASSESSED = Kind(
    commands.record_assessments,
    "登记实践与论文成绩",
    "主考学校考核的实践性环节和毕业论文（设计）成绩：逐行核对，有一行不合格，全部不登记。",
    "SR-A1.6",
)


@staff_page(posts=policies.TAKERS_OVER)
def take_over(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Scores of an earlier system."""
    return _answer(request, actor, TAKEN_OVER)


@staff_page(posts=policies.ASSESSORS)
def assessments(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Practical parts and theses."""
    return _answer(request, actor, ASSESSED)


@staff_page(posts=policies.TAKERS_OVER | policies.ASSESSORS)
def sample(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sample file."""
    headers = {"Content-Disposition": 'attachment; filename="scores-sample.csv"'}
    return HttpResponse(SAMPLE.encode(), content_type="text/csv; charset=utf-8", headers=headers)


def _answer(request: HttpRequest, actor: Actor, kind: Kind) -> HttpResponse:
    form = speak_plainly(ScoresForm(request.POST or None, request.FILES or None))
    if request.method != "POST" or not form.is_valid():
        return _page(request, kind, form, [], None)
    data = form.cleaned_data["rows"].read()
    rows, problems = parse_scores_csv(data)
    if problems:
        return _page(request, kind, form, problems, None)
    if form.cleaned_data["only_check"]:
        known, today = queries.known_of(rows, actor), clock.today()
        found = list(queries.row_problems(rows, known, today))
        found += queries.order_problems(rows, known, today) if kind is ASSESSED else []
        return _page(request, kind, form, found, None, checked=len(rows))
    return _file(request, actor, kind, form, rows, sm3(data).hex())


def _file(
    request: HttpRequest, actor: Actor, kind: Kind, form: ScoresForm, rows: list[ScoreRow], evidence: str
) -> HttpResponse:
    source = form.cleaned_data["source"]
    try:
        done = kind.command(rows=rows, source=source, evidence=evidence, by=actor, at=clock.now())
    except commands.ScoreRowsRefused as refusal:
        return _page(request, kind, form, refusal.problems, None)
    except ZikaoError as refusal:
        return _page(request, kind, form, [], refusal)
    messages.success(request, f"已登记 {done.value.count:,} 条成绩，等待审核签字和归档，回执 {done.line_id}。")
    return HttpResponseRedirect(reverse("results:change-list", args=[done.value.pk]))


def _page(
    request: HttpRequest,
    kind: Kind,
    form: ScoresForm,
    problems: Sequence[RowProblem],
    error: ZikaoError | None,
    *,
    checked: int = 0,
) -> HttpResponse:
    actor = actor_of(request)
    assert actor is not None
    context = {
        "problems": problems[:SHOWN],
        "more": max(0, len(problems) - SHOWN),
        "bad_lines": len({problem.line for problem in problems}),
        "checked": checked,
        "place": place_for(Work.HAND_IN, actor, clock.now()),
    }
    return form_page(
        request, title=kind.title, form=form, what=kind.what, clause=kind.clause, button="核对清单", error=error,
        back=Link("成绩", reverse("results:list")), extra_template="results/_import.html", context=context,
        status=422 if problems or error or form.errors else 200,
    )  # fmt: skip
