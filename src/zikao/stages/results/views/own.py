"""What a candidate reads of their results, in plain words; nothing of a sitting before its publication."""

from __future__ import annotations

import logging
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.pages import Task, candidate_page, candidate_task
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.results import queries
from zikao.stages.results.models import Score
from zikao.stages.results.states import Standing

log = logging.getLogger(__name__)


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My scores by sitting."""
    person = access_candidate(actor, actor.candidate_id or 0)
    scores = list(queries.published_scores(person.pk))
    sittings = [_told(label, list(rows)) for label, rows in groupby(scores, key=lambda row: row.sitting_label)]
    scores = [row for each in sittings for row in each["rows"]]
    context = {
        "person": person,
        "sittings": sittings,
        "passed": len({row.course_id for row in scores if row.passed}),
        "absent": any(row.standing == Standing.ABSENT for row in scores),
        "void": any(row.standing == Standing.VOID for row in scores),
        "awaited": queries.awaited_sittings(person.pk),
    }
    return render(request, "results/mine.html", context)


def _told(label: str, rows: list[Score]) -> dict[str, Any]:
    here = next((row.sitting for row in rows if row.sitting is not None), None)
    check = queries.check_shown(rows)
    refused = check.decision(clock.today()).refusals
    if refused:
        log.error("scores not shown, they differ from the record: %s, windows %s", check.differing, check.unproven)
        rows = []
    return {
        "label": f"{label[:4]}年{int(label[5:7])}月",
        "code": here.code if here and rows else "",
        "receipt": check.code,
        "refused": refused,
        "rows": rows,
        "count": len(rows),
        "passed": sum(row.passed for row in rows),
    }


@candidate_page
def my_statement(request: HttpRequest, actor: Actor, sitting: str) -> HttpResponse:
    """My result statement as PDF."""
    person = access_candidate(actor, actor.candidate_id or 0)
    pdf = render_document("results/statement.typ", *queries.statement_of(person, sitting, clock.today()))
    headers = {"Content-Disposition": f'inline; filename="{person.admission_number}-{sitting}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


@candidate_task("查看成绩", order=60, clause="SR-13.1")
def results_task(actor: Actor) -> Task | None:
    """The newest published sitting of this candidate, or the one that is awaited."""
    awaited = queries.awaited_sittings(actor.candidate_id or 0)
    if awaited:
        return Task("later", hint=f"{awaited[0]}考试的成绩还没有公布，公布后在这里查看")
    newest = queries.published_scores(actor.candidate_id or 0).filter(sitting__isnull=False).first()
    if newest is None:
        return None
    return Task("done", reverse("results:mine"), f"{newest.sitting}考试的成绩已经公布")
