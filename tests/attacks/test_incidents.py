"""Somebody tries to hide an incident, to rewrite what was reported, or to read a leak that is not theirs to read."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import incidents as tell
from tests.factories.actors import area_director, clerk, county_clerk, head
from tests.factories.approvals import proof_of, someone
from zikao.foundation.actors import Post
from zikao.foundation.commands import rows_of
from zikao.foundation.errors import BadInput, NotFound, NotPermitted
from zikao.foundation.secrecy.commands import reveal
from zikao.stages.incidents import commands, inbox, queries
from zikao.stages.incidents.models import Call, Incident, Report, ReportFile, Step, Told
from zikao.stages.incidents.states import CallOutcome

pytestmark = pytest.mark.django_db
NEIGHBOUR = area_director("3205")
ROWS = (Incident, Report, ReportFile, Step, Told, Call)


def _whole(at: datetime, **more: object) -> Incident:
    found = tell.an_incident(at, files=[tell.PHOTO], **more)
    told = queries.told_of(found)[0]
    commands.record_call(incident_id=found.pk, told_id=told.pk, outcome=CallOutcome.REACHED, by=head(), at=at)
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents_report SET made_at = made_at - interval '1 hour'",
        "DELETE FROM incidents_report",
        "UPDATE incidents_step SET at = at - interval '1 hour'",
        "DELETE FROM incidents_call",
        "UPDATE incidents_told SET member_id = member_id",
        "DELETE FROM incidents_reportfile",
        "UPDATE incidents_incident SET happened_at = happened_at - interval '1 hour'",
        "UPDATE incidents_incident SET is_secret = false, kind = 'power'",
        "UPDATE incidents_incident SET is_major = false",
        "DELETE FROM incidents_incident",
        "TRUNCATE incidents_incident CASCADE",
        "SET LOCAL session_replication_role = replica; DELETE FROM incidents_report",
    ],
)
def test_nothing_that_was_reported_is_changed_or_deleted(at: datetime, statement: str) -> None:
    """The database refuses the application to change or delete a report, its times, its files, its calls, its head."""
    found = _whole(at, kind="leak")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert found.reports.count() == Told.objects.filter(incident=found).exclude(calls=None).count() == 1


def test_a_closed_incident_is_not_opened_again(at: datetime) -> None:
    """The database refuses to open an incident that ended."""
    found = _whole(at)
    by = someone(Post.EXAM_AFFAIRS_HEAD, "32", at)
    commands.withdraw_incident(incident_id=found.pk, reason="误报", proof=proof_of(by, at), by=by, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Incident.objects.filter(pk=found.pk).update(state="open", ended_at=None)


@pytest.mark.parametrize("stranger", [NEIGHBOUR, county_clerk("320506"), head("33"), None], ids=str)
def test_the_database_shows_no_row_of_an_incident_to_another_area(at: datetime, stranger: object) -> None:
    """Another area, a county of it, another province and the public find no row, even where a filter is forgotten."""
    _whole(at)
    with rows_of(stranger):  # type: ignore[arg-type]
        assert [model.__name__ for model in ROWS if model.objects.exists()] == []
    with rows_of(area_director()):
        assert [model.__name__ for model in ROWS if not model.objects.exists()] == []


def test_another_area_can_do_nothing_about_an_incident(at: datetime) -> None:
    """Another area's incident does not exist: to follow up, acknowledge, read files, report at its site."""
    found = _whole(at)
    file = ReportFile.objects.get()
    with pytest.raises(NotFound):
        commands.follow_up(incident_id=found.pk, final=True, known="没有事。", by=NEIGHBOUR, at=at)
    with pytest.raises(NotFound):
        commands.acknowledge_incident(incident_id=found.pk, by=NEIGHBOUR, at=at)
    with pytest.raises(NotFound):
        queries.report_file(NEIGHBOUR, file.pk)
    assert found.site is not None
    with pytest.raises(NotFound):
        tell.reported(at, found.site, by=NEIGHBOUR)


def test_a_leak_is_read_by_those_on_duty_for_it_only(at: datetime) -> None:
    """Who may report and even sees the incident does not read the content or the files of a leak without the duty."""
    _whole(at, kind="leak")
    report, file = Report.objects.get(), ReportFile.objects.get()
    reason = {"field": "incidents.content", "reason_code": "other", "reason": "处置泄密事件"}
    for post in (Post.PREFECTURE_CLERK, Post.INVIGILATOR):
        with pytest.raises(NotFound):
            reveal(row_id=report.pk, **reason, by=clerk(post, "3201"), at=at)
        with pytest.raises(NotFound):
            queries.report_file(clerk(post, "3201"), file.pk)
    with pytest.raises(NotPermitted):
        reveal(row_id=report.pk, **reason, by=clerk(Post.RECORDS_CLERK), at=at)
    shown = reveal(row_id=report.pk, **reason, by=area_director(), at=at).value
    assert "三号楼停电" in shown.text


def test_only_the_centre_tells_how_far_a_report_is(at: datetime) -> None:
    """Another province cannot pretend that the centre received or acknowledged a report."""
    found = _whole(at, kind="leak")
    body = {"number": found.number, "serial": 1, "receiver": "centre", "act": "acknowledged", "at": at.isoformat(),
            "by": "冒充"}  # fmt: skip
    for peer, told in (("province:33", body), ("national", {**body, "receiver": "province"})):
        with pytest.raises(BadInput):
            inbox.stepped(told, peer, by=head(), at=at)
    assert not Step.objects.filter(receiver="centre", act="acknowledged").exists()
