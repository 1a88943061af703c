"""One emergency in a province: reported from a site between two units, carried to the ministry, ended by evening."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from zikao.foundation.access.reauthentication import reauthenticate
from zikao.national import commands as national
from zikao.national.models import IncidentReport, ReportedIncident
from zikao.stages.agencies.commands import set_emergency_group
from zikao.stages.agencies.states import ContactRow, EmergencyLevel
from zikao.stages.incidents import commands, queries
from zikao.stages.incidents.models import Incident
from zikao.stages.incidents.states import CallOutcome, Evidence, Receiver, Scope
from zikao.world import people
from zikao.world.calendar import SET_UP, SITTING, exam_evening
from zikao.world.life.context import PROVINCES, Life
from zikao.world.life.examining import used_sites
from zikao.world.password import PASSWORD

NOTE = "%PDF-1.4\n% 考点医务室登记表（示例）\n"


def found_ministrys_group(life: Life) -> None:
    """The ministry's leading group, on record at the centre."""
    rng = Random(f"{life.seed}/ministry")
    units = {"leader": "教育部分管负责人", "deputy": "教育部考试中心主任", "contact": "教育部考试中心值班室"}
    rows = [ContactRow("", role, people.name(rng, "1"), unit, "010-66000000") for role, unit in units.items()]
    by = life.who("officer", SET_UP)
    set_emergency_group(level=EmergencyLevel.MINISTRY, members=rows, since_on=SET_UP.date(), by=by, at=SET_UP)


def report_from_a_site(life: Life) -> None:
    """People fall ill at a site at noon: its chief reports, area and province acknowledge, the group is called."""
    at, site = exam_evening(1), used_sites()[0]
    found = commands.report_incident(
        kind="public-health",
        happened_at=at - timedelta(minutes=8),
        scope=Scope("", site_id=site.pk, sitting_code=SITTING, unit_number=2),
        known="午间有四名考生腹痛、呕吐，均在考点供餐处就餐，已停止供餐。",
        measures="医疗组就地诊治，两人送医；留存食品样本，第二单元另备隔离考场。",
        files=[Evidence("医务室登记表.pdf", NOTE.encode(), "application/pdf")],
        by=life.who(f"chief-{site.code}", at),
        at=at,
    ).value
    later = at + timedelta(minutes=1)
    commands.acknowledge_incident(incident_id=found.pk, by=life.who(f"clerk-{site.area.code}", later), at=later)
    by = life.who("clerk", later + timedelta(minutes=1))
    commands.acknowledge_incident(incident_id=found.pk, by=by, at=later + timedelta(minutes=1))
    for minutes, told in enumerate(queries.told_of(found), 2):
        outcome = CallOutcome.DEPUTISED if told.member.role == "deputy" else CallOutcome.REACHED
        when = later + timedelta(minutes=minutes)
        commands.record_call(
            incident_id=found.pk, told_id=told.pk, outcome=outcome, note="知悉，请续报。", by=by, at=when
        )


def receive_and_pass_on(life: Life) -> None:
    """The centre acknowledges what the provinces reported, and calls the ministry's group."""
    at = exam_evening(1) + timedelta(minutes=5)
    by = life.who("officer", at)
    life.wait_for("各省突发事件报告", lambda: ReportedIncident.objects.count() >= len(PROVINCES))
    for found in ReportedIncident.objects.order_by("province"):
        national.acknowledge_national_incident(incident_id=found.pk, by=by, at=at)
        for told in found.told.order_by("id"):
            national.pass_on(incident_id=found.pk, told_id=told.pk, outcome=CallOutcome.REACHED, by=by, at=at)


def end_it(life: Life) -> None:
    """The final report, and the head of exam affairs closes the incident."""
    at, found = exam_evening(2), Incident.objects.get()
    life.wait_for("教育部考试中心签收", lambda: Receiver.CENTRE not in queries.waiting_for(found))
    chief = life.who(f"chief-{found.site.code}" if found.site else "", at)
    commands.follow_up(
        incident_id=found.pk, final=True, known="四人均已好转，为集体供餐引起的肠胃不适；第二单元按时开考，无人缺考。",
        by=chief, at=at,
    )  # fmt: skip
    moment = at + timedelta(minutes=1)
    for username in (f"clerk-{found.agency_code[:4]}", "clerk"):
        commands.acknowledge_incident(incident_id=found.pk, by=life.who(username, moment), at=moment)


def acknowledge_the_end(life: Life) -> None:
    """The centre acknowledges the final reports."""
    at = exam_evening(2) + timedelta(minutes=2)
    by = life.who("officer", at)
    life.wait_for("终报", lambda: IncidentReport.objects.filter(kind="final").count() >= len(PROVINCES))
    for found in ReportedIncident.objects.order_by("province"):
        national.acknowledge_national_incident(incident_id=found.pk, by=by, at=at)


def close_it(life: Life) -> None:
    """All have acknowledged the final report: the incident is closed, and the centre told."""
    at, found = exam_evening(3), Incident.objects.get()
    life.wait_for("教育部考试中心签收终报", lambda: not queries.waiting_for(found))
    by = life.who("exam-affairs", at)
    proof = reauthenticate(account_id=by.account_id or 0, secret=PASSWORD, at=at)
    reason = "原因已查明，人员康复，未影响考试，同意办结。"
    commands.close_incident(incident_id=found.pk, reason=reason, proof=proof, by=by, at=at)


def acknowledge_the_closing(life: Life) -> None:
    """The centre acknowledges that the provinces closed."""
    at = exam_evening(3) + timedelta(minutes=2)
    by = life.who("officer", at)
    life.wait_for("办结", lambda: IncidentReport.objects.filter(kind="closing").count() >= len(PROVINCES))
    for found in ReportedIncident.objects.order_by("province"):
        national.acknowledge_national_incident(incident_id=found.pk, by=by, at=at)
