"""Reports upward: asked by the centre, counted by the province's node, late ones shown, corrected by versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import programmes as make
from tests.factories.actors import clerk, head, the_node
from tests.factories.candidates import a_candidate
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, Refused
from zikao.foundation.exchange.handlers import handler_of
from zikao.foundation.exchange.models import Outbox
from zikao.national import commands
from zikao.national.models import ReportAnswer, ReportDemand, ReportTask
from zikao.national.queries import reports as queries

pytestmark = pytest.mark.django_db
OFFICER = clerk(Post.NATIONAL_OFFICER, "")
DUE = date(2026, 9, 20)


def demand(at: datetime, *, figures: tuple[str, ...] = ("registered", "entries")) -> ReportDemand:
    for code in ("national", "province:32", "province:33"):
        make.the_peer(at, code)
    return commands.ask_for_report(
        title="报考情况", sitting_code="2026-10", figures=figures, to=["province:32", "province:33"], due_on=DUE,
        by=OFFICER, at=at,
    ).value  # fmt: skip


def delivered(kind: str, at: datetime) -> object:
    message = Outbox.objects.filter(kind=kind).latest("id")
    handler = handler_of(kind)
    assert handler is not None
    return handler(message.body, "province:32" if kind == "national.report" else "national", by=the_node(), at=at)


def task(at: datetime) -> ReportTask:
    demand(at)
    delivered("national.report-demand", at)
    return ReportTask.objects.get()


def _demand(at: datetime) -> dict[str, Any]:
    return {"demand_id": demand(at).pk}


def _task(at: datetime) -> dict[str, Any]:
    return {"task_id": task(at).pk}


CENTRE = {"guest": 302, "candidate": 403, "province-clerk": 403, "national-officer": 200}
PROVINCE = {"guest": 302, "candidate": 403, "province-clerk": 200, "county-clerk": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "national:reports": CENTRE,
    "national:ask-report": {"guest": 302, "national-officer": 200, "national-registrar": 403},
    "national:report": {**CENTRE, "kwargs": _demand},
    "national:report-tasks": PROVINCE,
    "national:report-task": {**PROVINCE, "kwargs": _task},
    "national:send-report": {**PROVINCE, "kwargs": _task},
}


def test_province_answers_with_figures_that_its_node_counts(at: datetime) -> None:
    asked = task(at)
    a_candidate(at)
    sent = commands.send_report(task_id=asked.pk, note="", by=head(), at=at).value
    assert (sent.version, sent.figures) == (1, {"registered": 1, "entries": 0})
    delivered("national.report", at)
    delivered("national.report", at)
    assert ReportAnswer.objects.get().figures == {"registered": 1, "entries": 0}


def test_late_and_missing_provinces_are_seen_at_the_centre(at: datetime) -> None:
    asked = task(at)
    found = ReportDemand.objects.get()
    assert [row.state for row in queries.standings(found, DUE)] == ["未报", "未报"]
    late = at + (DUE - at.date()) + timedelta(days=2)
    commands.send_report(task_id=asked.pk, note="", by=head(), at=late)
    delivered("national.report", late)
    rows = queries.standings(found, late.date())
    assert [(row.province, row.state, row.days_late) for row in rows] == [("32", "迟报", 2), ("33", "未报，已逾期", 2)]
    assert queries.overdue(late.date()) == [(found, ["33"])]
    assert queries.overdue(DUE) == []


def test_correction_is_a_new_version_with_its_reason(at: datetime) -> None:
    asked = task(at)
    commands.send_report(task_id=asked.pk, note="", by=head(), at=at)
    with pytest.raises(Refused) as refusal:
        commands.send_report(task_id=asked.pk, note="再报", by=head(), at=at)
    assert refusal.value.code == "report-unchanged"
    a_candidate(at)
    with pytest.raises(Refused) as refusal:
        commands.send_report(task_id=asked.pk, note="", by=head(), at=at)
    assert refusal.value.code == "report-correction-without-reason"
    assert commands.send_report(task_id=asked.pk, note="补录一人", by=head(), at=at).value.version == 2


def test_centre_takes_no_report_it_did_not_ask_for_or_that_was_changed(at: datetime) -> None:
    asked = task(at)
    commands.send_report(task_id=asked.pk, note="", by=head(), at=at)
    body = Outbox.objects.filter(kind="national.report").latest("id").body
    with pytest.raises(NotFound):
        commands.record_report(province="44", body=body, by=the_node(), at=at)
    for wrong in ({"figures": {"registered": 9, "entries": 0}}, {"figures": {"registered": 0}}, {"figures": None}):
        with pytest.raises(BadInput):
            commands.record_report(province="32", body={**body, **wrong}, by=the_node(), at=at)


def test_centre_asks_once_for_known_figures_and_not_for_yesterday(at: datetime) -> None:
    demand(at)
    again = {"title": "报考情况", "sitting_code": "2026-10", "to": ["province:32"], "by": OFFICER, "at": at}
    with pytest.raises(Conflict):
        commands.ask_for_report(figures=["entries"], due_on=DUE, **again)
    with pytest.raises(BadInput):
        commands.ask_for_report(figures=["wealth"], due_on=DUE, **again)
    with pytest.raises(Refused):
        commands.ask_for_report(figures=["entries"], due_on=at.date() - timedelta(days=1), **again)


def test_officer_asks_and_clerk_reports_through_the_pages(signed_in: Callable[..., Client], at: datetime) -> None:
    make.the_peer(at)
    make.the_peer(at, "province:32")
    officer = signed_in(Post.NATIONAL_OFFICER)
    form = {"title": "考情", "sitting_code": "2026-10", "due_on": "2099-01-01",
            "figures": ["registered", "entries", "rooms", "present", "cases", "passes"],
            "to": ["province:32"]}  # fmt: skip
    assert "已报 0/1" in officer.post(reverse("national:ask-report"), form, follow=True).content.decode()
    delivered("national.report-demand", at)
    client = signed_in(Post.PROVINCE_CLERK)
    assert "待上报教育部考试中心的数据" in client.get("/staff/").content.decode()
    place = {"task_id": ReportTask.objects.get().pk}
    page = client.post(reverse("national:send-report", kwargs=place), {"note": ""}, follow=True).content.decode()
    assert "现有数据与已报的相同" in page
    delivered("national.report", at)
    shown = officer.get(reverse("national:report", args=[ReportDemand.objects.get().pk])).content.decode()
    assert "按期上报" in shown
    assert "已报齐" in shown
