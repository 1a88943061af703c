"""Incidents: reported, routed to the groups, carried to the centre, acknowledged, followed to their end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import agencies as make
from tests.factories import incidents as tell
from tests.factories.actors import area_clerk, area_director, clerk, county_clerk, head, the_node
from tests.factories.approvals import proof_of, someone
from tests.factories.nodes import CENTRE, HERE, Nodes
from zikao.foundation import storage
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.exchange.models import Outbox
from zikao.national import commands as national
from zikao.national.models import IncidentReport, IncidentTold, ReportedIncident
from zikao.national.models.incidents import CONTENT
from zikao.stages.agencies.states import EmergencyLevel
from zikao.stages.incidents import commands, queries
from zikao.stages.incidents.models import Incident, Report, Step
from zikao.stages.incidents.states import CallOutcome, IncidentState, Receiver, Scope, StepAct

pytestmark = pytest.mark.django_db
OFFICER = clerk(Post.NATIONAL_OFFICER, "")


@pytest.fixture
def nodes(tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    """Two provinces and the centre."""
    return Nodes(tmp_path, at, monkeypatch)


def _leg(found: Incident, receiver: Receiver, now: datetime, serial: int = 1) -> queries.Leg:
    report = queries.reports_of(found)[serial - 1]
    return next(leg for leg in queries.legs_of(found, report, now) if leg.receiver is receiver)


def test_chief_reports_and_area_and_province_have_it_at_once(at: datetime) -> None:
    found = tell.an_incident(at, files=[tell.PHOTO])
    assert (found.state, found.is_major, found.is_secret, found.agency_code) == ("open", False, False, "3201-01")
    assert queries.incident(area_director(), found.pk) == queries.incident(head(), found.pk) == found
    (report,) = queries.reports_of(found)
    assert queries.content_of(report) == "情况：三号楼停电，二十个考场受影响。　措施：启用应急照明。"
    assert "停电" not in bytes(report.known_sealed).decode("latin-1")
    (file,) = report.files.all()
    assert storage.get(file.digest) == tell.PHOTO.content
    assert queries.waiting_for(found) == [Receiver.AREA, Receiver.PROVINCE]
    assert not Outbox.objects.filter(kind="incidents.report").exists()


@pytest.mark.parametrize(
    ("kind", "major", "goes_up"),
    [("leak", False, True), ("public-health", False, True), ("power", False, False), ("power", True, True)],
)
def test_grave_kinds_go_to_the_centre_at_once(at: datetime, kind: str, major: bool, goes_up: bool) -> None:
    found = tell.an_incident(at, kind=kind, is_major=major)
    assert found.is_major is goes_up
    assert Outbox.objects.filter(kind="incidents.report").count() == goes_up
    assert found.is_secret is (kind == "leak")


def test_members_in_office_on_that_day_are_told_and_each_call_is_written_down(at: datetime) -> None:
    found = tell.an_incident(at)
    make.an_emergency_group(at + timedelta(days=3), EmergencyLevel.PROVINCE, "leader")
    told = queries.told_of(found)
    assert [each.member.role for each in told] == ["leader", "deputy", "contact"]
    assert list(queries.untold_incidents(head())) == [found]
    for outcome in (CallOutcome.NO_ANSWER, CallOutcome.REACHED):
        commands.record_call(incident_id=found.pk, told_id=told[0].pk, outcome=outcome, by=head(), at=at)
    assert [call.outcome for call in queries.told_of(found)[0].calls.all()] == ["no-answer", "reached"]
    assert _leg(found, Receiver.GROUP, at).by_name == "组长甲"
    assert list(queries.untold_incidents(head())) == []
    with pytest.raises(NotFound):
        commands.record_call(incident_id=found.pk, told_id=0, outcome=CallOutcome.REACHED, by=head(), at=at)


def test_report_goes_through_without_a_group_and_without_a_centre(at: datetime) -> None:
    found = tell.reported(at, make.a_site(at), kind="leak")
    assert queries.told_of(found) == []
    assert {finding.code for finding in queries.group_lacks(found)} >= {"emergency-group-without-leader"}
    assert "电话报告" in _leg(found, Receiver.CENTRE, at).trouble
    assert queries.waiting_for(found) == [Receiver.AREA, Receiver.PROVINCE]


def test_each_level_acknowledges_for_itself_and_the_clock_shows_who_was_late(at: datetime) -> None:
    found = tell.an_incident(at)
    commands.acknowledge_incident(incident_id=found.pk, by=area_clerk(), at=at + timedelta(minutes=10))
    area, now = _leg(found, Receiver.AREA, at), at + timedelta(minutes=11)
    assert (area.arrived_after, area.acknowledged_after, area.late) == (0, 10, None)
    province = _leg(found, Receiver.PROVINCE, now)
    assert province.late is not None
    assert province.late.code == "incident-acknowledged-late"
    tell.acknowledged(found, now)
    assert queries.waiting_for(found) == []
    with pytest.raises(WrongState):
        tell.acknowledged(found, now)
    with pytest.raises(NotPermitted):
        commands.acknowledge_incident(incident_id=found.pk, by=county_clerk(), at=now)


def test_who_reports_for_the_province_has_acknowledged_for_it(at: datetime) -> None:
    place = tell.a_place(at)
    found = tell.reported(at, place, by=head(), scope=Scope("32"))
    assert queries.waiting_for(found) == []
    assert {step.receiver for step in Step.objects.all()} == {"province", "group"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"known": "  "}, "known"),
        ({"minutes": -5}, "happened_at"),
        ({"scope": "room"}, "room_number"),
        ({"scope": "course"}, "courses"),
    ],
)
def test_report_says_what_is_wrong_with_it(at: datetime, facts: dict[str, Any], field: str) -> None:
    place = tell.a_place(at)
    scopes = {"room": Scope("", place.pk, room_number=77), "course": Scope("", place.pk, course_codes=("99999",))}
    if "scope" in facts:
        facts = {"scope": scopes[facts["scope"]]}
    with pytest.raises(BadInput) as refusal:
        tell.reported(at, place, **facts)
    assert field in refusal.value.field_errors
    assert not Incident.objects.exists()


def test_reports_follow_until_the_province_closes_with_a_reason(at: datetime) -> None:
    found = tell.an_incident(at)
    commands.follow_up(incident_id=found.pk, final=False, known="已联系供电公司。", by=tell.CHIEF, at=at)
    with pytest.raises(Refused) as refusal:
        commands.close_incident(incident_id=found.pk, reason="结束", proof=0, by=head(), at=at)
    assert {finding.code for finding in refusal.value.findings} == {
        "incident-without-final-report", "incident-not-acknowledged",
    }  # fmt: skip
    tell.finally_reported(found, at)
    tell.acknowledged(found, at)
    commands.acknowledge_incident(incident_id=found.pk, by=area_clerk(), at=at)
    by = someone(Post.EXAM_AFFAIRS_HEAD, "32", at)
    close: dict[str, Any] = {"incident_id": found.pk, "proof": proof_of(by, at), "by": by}
    with pytest.raises(BadInput):
        commands.close_incident(reason=" ", at=at, **close)
    for wrong in ({"by": head(), "at": at}, {"at": at + timedelta(hours=1)}):  # another's proof; one from long ago
        with pytest.raises(WrongState):
            commands.close_incident(reason="供电恢复。", **close | wrong)
    commands.close_incident(reason="供电恢复，未影响考试。", at=at, **close)
    found.refresh_from_db()
    assert (found.state, found.ended_at) == (IncidentState.CLOSED, at)
    assert list(Report.objects.values_list("serial", "kind")) == [
        (1, "first"), (2, "follow-up"), (3, "final"), (4, "closing"),
    ]  # fmt: skip
    with pytest.raises(WrongState):
        commands.follow_up(incident_id=found.pk, final=False, known="又停电了。", by=tell.CHIEF, at=at)


def test_false_alarm_is_withdrawn_by_the_province_and_its_report_stays(at: datetime) -> None:
    found = tell.an_incident(at)
    with pytest.raises(NotPermitted):
        commands.withdraw_incident(incident_id=found.pk, reason="误报", proof=0, by=tell.CHIEF, at=at)
    by = someone(Post.EXAM_AFFAIRS_HEAD, "32", at)
    withdraw: dict[str, Any] = {"incident_id": found.pk, "reason": "设备检修，不是停电。", "proof": proof_of(by, at)}
    for wrong in ({"by": head(), "at": at}, {"by": by, "at": at + timedelta(hours=1)}):  # another's proof; an old one
        with pytest.raises(WrongState):
            commands.withdraw_incident(**withdraw, **wrong)
    commands.withdraw_incident(**withdraw, by=by, at=at)
    found.refresh_from_db()
    assert found.state == IncidentState.WITHDRAWN
    assert found.reports.count() == 2


def test_what_turns_out_to_be_major_goes_up_with_all_before_it(at: datetime) -> None:
    found = tell.an_incident(at)
    facts = {"incident_id": found.pk, "final": False, "by": tell.CHIEF, "at": at}
    commands.follow_up(known="短时不能恢复。", **facts)
    commands.follow_up(known="全市停电。", is_major=True, **facts)
    assert Outbox.objects.filter(kind="incidents.report").count() == 3
    assert Step.objects.filter(receiver=Receiver.CENTRE, act=StepAct.SENT).count() == 3


def _there_and_back(nodes: Nodes, at: datetime, minutes: int) -> None:
    nodes.deliver(HERE, at + timedelta(minutes=minutes))
    nodes.deliver(CENTRE, at + timedelta(minutes=minutes))


def test_grave_report_reaches_centre_and_ministry_and_every_leg_has_its_clock(nodes: Nodes, at: datetime) -> None:
    place = tell.a_place(at)
    make.an_emergency_group(at, EmergencyLevel.MINISTRY)
    with nodes.at(HERE):
        found = tell.reported(at, place, kind="public-health")
    _there_and_back(nodes, at, 2)
    there = ReportedIncident.objects.get()
    assert (there.province, there.number, there.arrived_at) == ("32", found.number, at + timedelta(minutes=2))
    with nodes.at(CENTRE):
        national.acknowledge_national_incident(incident_id=there.pk, by=OFFICER, at=at + timedelta(minutes=6))
        told = IncidentTold.objects.get(member__role="leader")
        national.pass_on(
            incident_id=there.pk, told_id=told.pk, outcome=CallOutcome.REACHED, by=OFFICER, at=at + timedelta(minutes=9)
        )
    nodes.deliver(CENTRE, at + timedelta(minutes=60))
    centre, ministry = _leg(found, Receiver.CENTRE, at), _leg(found, Receiver.MINISTRY, at)
    assert (centre.arrived_after, centre.acknowledged_after, centre.by_name) == (2, 6, OFFICER.name)
    assert (ministry.acknowledged_after, ministry.by_name, ministry.late) == (9, "组长甲", None)
    with nodes.at(CENTRE):
        assert "三号楼停电" in CONTENT.text(there.reports.get())


def test_reports_wait_while_the_centre_is_away_and_closing_waits_for_it(
    nodes: Nodes, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx

    from zikao.foundation.exchange import outbox

    place, working = tell.a_place(at), outbox.post
    with nodes.at(HERE):
        found = tell.reported(at, place, kind="leak", by=head())
        monkeypatch.setattr(outbox, "post", lambda url, package: (_ for _ in ()).throw(httpx.ConnectError("away")))
        assert nodes.deliver(HERE, at) == 0
        commands.follow_up(incident_id=found.pk, final=True, known="已控制扩散。", by=head(), at=at)
        with pytest.raises(Refused) as refusal:
            commands.close_incident(incident_id=found.pk, reason="已处置。", proof=0, by=head(), at=at)
    assert "教育部考试中心" in refusal.value.findings[0].message
    monkeypatch.setattr(outbox, "post", working)
    _there_and_back(nodes, at, 30)
    there = ReportedIncident.objects.get()
    assert (there.state, there.reports.count()) == ("final", 2)
    with nodes.at(CENTRE):
        national.acknowledge_national_incident(incident_id=there.pk, by=OFFICER, at=at + timedelta(minutes=40))
    nodes.deliver(CENTRE, at + timedelta(minutes=60))
    with nodes.at(HERE):
        later, by = at + timedelta(hours=1), someone(Post.EXAM_AFFAIRS_HEAD, "32", at)
        commands.close_incident(
            incident_id=found.pk, reason="已处置。", proof=proof_of(by, later), by=by, at=later
        )  # fmt: skip
    assert _leg(found, Receiver.CENTRE, at).late is not None


def test_reports_in_any_order_and_twice_are_each_kept_once(at: datetime) -> None:
    tell.met("province:32", at=at)
    arriving = [3, 1, 2, 1, 3]
    kinds = {1: "first", 2: "follow-up", 3: "final"}
    for serial in arriving:
        body = tell.a_message(serial=serial, kind=kinds[serial])
        national.receive_incident_report(province="32", body=body, by=the_node(), at=at)
    there = ReportedIncident.objects.get()
    assert (there.state, list(there.reports.values_list("serial", flat=True))) == ("final", [1, 2, 3])
    assert Outbox.objects.filter(kind="incidents.step").count() == 4
    with pytest.raises(BadInput):
        national.receive_incident_report(
            province="32", body=tell.a_message(secret={"known": "改过的", "measures": ""}), by=the_node(), at=at
        )
    with pytest.raises(BadInput):
        national.receive_incident_report(province="32", body={"serial": 1}, by=the_node(), at=at)
    assert IncidentReport.objects.count() == 3


def test_centres_steps_in_any_order_and_twice_are_each_kept_once(at: datetime) -> None:
    found = tell.an_incident(at, kind="leak")
    for act, minutes in (("acknowledged", 8), ("arrived", 2), ("acknowledged", 30)):
        commands.record_step(
            number=found.number, serial=1, receiver=Receiver.CENTRE, act=StepAct(act), by_name="值班员",
            happened_at=at + timedelta(minutes=minutes), by=the_node("32"), at=at,
        )  # fmt: skip
    leg = _leg(found, Receiver.CENTRE, at)
    assert (leg.arrived_after, leg.acknowledged_after) == (2, 8)
    with pytest.raises(NotFound):
        commands.record_step(
            number="没有", serial=1, receiver=Receiver.CENTRE, act=StepAct.ARRIVED, happened_at=at,
            by=the_node("32"), at=at,
        )  # fmt: skip
