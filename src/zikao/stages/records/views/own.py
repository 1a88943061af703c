"""What a candidate sees of their own record: progress in the plan, passed and missing courses, certificates."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import render as render_document
from zikao.foundation.pages import Task, candidate_page, candidate_task
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.records import queries
from zikao.stages.records.sections import sections_about
from zikao.stages.records.views.bar import bar_of
from zikao.stages.records.views.certificates import pdf_response


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My record and how far I am in my plan."""
    person = access_candidate(actor, actor.candidate_id or 0)
    record = queries.own_record(actor)
    today = clock.today()
    progress = queries.progress_of(person, today)
    context = {
        "person": person,
        "record": record,
        "progress": progress,
        "bar": bar_of(progress) if progress else None,
        "passage": queries.passage_of(person, progress, today) if progress else None,
        "stand_ins": queries.stand_ins(progress) if progress else [],
        "certificates": queries.certificates_of(record) if record else [],
        "sections": sections_about(person.pk),
    }
    return render(request, "records/mine.html", context)


@candidate_page
def my_certificate(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponse:
    """My certificate of a passed course as PDF."""
    found = queries.own_certificate(actor, certificate_id)
    return pdf_response(render_document("records/certificate.typ", *queries.certificate_of(found)), found.number)


@candidate_task("考籍与学分", order=70, clause="SR-8.1")
def progress_task(actor: Actor) -> Task | None:
    """How many credits are earned, once a record is open."""
    record = queries.own_record(actor)
    if record is None:
        return None
    progress = queries.progress_of(record.candidate, clock.today())
    url = reverse("records:mine")
    if progress is None:
        return Task("doing", url, "考籍档案已经建立")
    hint = f"已得 {progress.credits} 学分，计划要求 {progress.needed} 学分"
    return Task("done" if progress.complete else "doing", url, hint)
