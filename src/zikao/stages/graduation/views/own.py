"""What a candidate sees: how far to graduation, and where the application is; and the record's section."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Fact, Task, candidate_page, candidate_task
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.graduation import queries
from zikao.stages.graduation.states import ApplicationState
from zikao.stages.graduation.views.applications import pill_of, steps_for
from zikao.stages.records.queries import own_record
from zikao.stages.records.sections import record_section


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My way to graduation."""
    person = access_candidate(actor, actor.candidate_id or 0)
    application = queries.own_application(person.pk)
    certificate = getattr(application, "certificate", None)
    context = {
        "person": person,
        "application": application,
        "certificate": certificate,
        "pill": pill_of(application) if application else None,
        "steps": steps_for(application, certificate) if application else (),
        "checklist": queries.checklist_of(person, clock.today()),
        "batches": queries.batches_ahead(clock.today(), 2),
    }
    return render(request, "graduation/mine.html", context)


@candidate_task("申请毕业", order=80, clause="SR-18.2")
def graduation_task(actor: Actor) -> Task | None:
    """The application's state, or that one may apply; nothing for those who are still far."""
    url = reverse("graduation:mine")
    application = queries.own_application(actor.candidate_id or 0)
    if application is not None and application.state != ApplicationState.RETURNED:
        done = application.state == ApplicationState.HANDED_OUT
        return Task("done" if done else "doing", url, application.get_state_display())
    record = own_record(actor)
    checklist = queries.checklist_of(record.candidate, clock.today()) if record else None
    if checklist is None or not checklist.granted:
        return None
    return Task("todo", url, "您已完成专业考试计划，可以带材料到地市教育考试机构申请毕业")


@record_section("毕业信息", order=60)
def graduation_facts(candidate_id: int) -> Sequence[Fact]:
    """The application and the certificate, on the record's page."""
    application = queries.own_application(candidate_id)
    if application is None:
        return []
    certificate = getattr(application, "certificate", None)
    facts = [
        Fact("毕业申请", application.get_state_display(), clause="SR-18.2"),
        Fact("专业", str(application.plan.major)),
        Fact("发证批次", application.batch_on, "date", clause="SR-17"),
    ]
    return [*facts, Fact("毕业证书编号", certificate.number, "code")] if certificate else facts
