"""The record on the screen of a consultation: one approved part at a time, marked with who looks and when.

GET shows which parts may be seen and nothing of them; POST shows one and is a line in the ledger. Nothing here can be
downloaded, and the page does not print.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import Fact, Link, shell_of, staff_page
from zikao.foundation.pages.formats import moment_text
from zikao.stages.records import commands, policies, queries
from zikao.stages.records.models import Consultation
from zikao.stages.records.sections import sections_about
from zikao.stages.records.states import Part
from zikao.stages.records.views.staff import basics_of, conduct_of, sittings_of
from zikao.stages.results.queries import published_scores


@staff_page(posts=policies.CONSULTERS)
def read(request: HttpRequest, actor: Actor, consultation_id: int) -> HttpResponse:
    """The parts as buttons; after one was pressed, that part."""
    found = queries.consultation(actor, consultation_id)
    if not policies.may_read(actor, found):
        raise NotFound("consultation-not-found", message="没有这次查阅，或者您不是查阅人。")
    shown: dict[str, list[Fact]] = {}
    part = ""
    if request.method == "POST":
        part = request.POST.get("part", "")
        now = clock.now()
        receipt = commands.look_at_part(consultation_id=found.pk, part=part, by=actor, at=now)
        shown = _content(receipt.value, part)
    return render(request, "records/reading.html", _context(request, actor, found, part, shown))


def _content(found: Consultation, part: str) -> dict[str, list[Fact]]:
    record = found.record
    if part == Part.BASICS:
        return {"考生基本情况": basics_of(record)}
    if part == Part.EXAMS:
        return {"考试信息": sittings_of(record)}
    if part == Part.CONDUCT:
        return {"奖惩记录": conduct_of(record)}
    if part == Part.SCORES:
        return {"考试成绩": _scores(record.candidate_id)}
    return sections_about(record.candidate_id) or {"转考与毕业": [Fact("记录", "没有记录")]}


def _scores(candidate_id: int) -> list[Fact]:
    return [
        Fact(str(each.course), each.shown, note=f"{each.sitting_label}　{'合格' if each.passed else '不合格'}")
        for each in published_scores(candidate_id)
    ] or [Fact("成绩", "没有公布的成绩")]


def _context(
    request: HttpRequest, actor: Actor, found: Consultation, part: str, shown: dict[str, list[Fact]]
) -> dict[str, Any]:
    mark = f"{found.reader_name}　查阅第 {found.pk} 号　{moment_text(clock.now())}"
    return {
        "shell": shell_of(request),
        "title": "查阅档案",
        "kicker": f"查阅第 {found.pk} 号",
        "pill": None,
        "back": Link("返回查阅申请", reverse("records:consultation", args=[found.pk])),
        "actions": None,
        "consultation": found,
        "parts": [(value, Part(value).label, value == part) for value in found.parts],
        "groups": list(shown.items()),
        "mark": mark,
    }
