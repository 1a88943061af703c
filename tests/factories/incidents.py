"""Incidents reported from a site, and what the centre has of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories import agencies as make
from tests.factories.actors import AREA, clerk, head, the_node
from tests.factories.letters import met
from zikao.foundation.actors import Actor, Post
from zikao.national.commands import receive_incident_report
from zikao.national.models import ReportedIncident
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.states import EmergencyLevel
from zikao.stages.incidents import commands
from zikao.stages.incidents.models import Incident
from zikao.stages.incidents.states import Evidence, Scope

CHIEF = clerk(Post.SITE_CHIEF, AREA)
PHOTO = Evidence("现场.jpg", b"\xff\xd8 a picture", "image/jpeg")


def a_place(at: datetime) -> Site:
    """A site where something may happen, in a province that knows the centre and has its group."""
    met("national", at=at)
    site = Site.objects.order_by("code").first() or make.a_site(at)
    make.an_emergency_group(at)
    return site


def reported(at: datetime, site: Site, *, by: Actor = CHIEF, minutes: int = 3, **more: Any) -> Incident:
    """A report of a power cut, unless told otherwise, made some minutes after it happened."""
    facts: dict[str, Any] = {
        "kind": "power", "known": "三号楼停电，二十个考场受影响。", "measures": "启用应急照明。",
        "happened_at": at - timedelta(minutes=minutes), "scope": Scope("", site_id=site.pk),
    }  # fmt: skip
    return commands.report_incident(**{**facts, **more}, by=by, at=at).value


def an_incident(at: datetime, **more: Any) -> Incident:
    """A reported incident at a site of its own."""
    return reported(at, a_place(at), **more)


def finally_reported(found: Incident, at: datetime) -> None:
    """The final report, by the chief."""
    commands.follow_up(incident_id=found.pk, final=True, known="供电恢复，考试按时结束。", by=CHIEF, at=at)


def acknowledged(found: Incident, at: datetime) -> None:
    """Acknowledged by the province."""
    commands.acknowledge_incident(incident_id=found.pk, by=head(), at=at)


def a_message(number: str = "突32-20260820-00001", serial: int = 1, **more: Any) -> dict[str, Any]:
    """A report as it travels to the centre."""
    return {
        "incident": {
            "number": number, "kind": "public-health", "secret": False, "happened": "2026-08-20T09:50:00+08:00",
            "reported": "2026-08-20T09:55:00+08:00", "agency": "3201", "site": "3201-01 第一中学", "room": 0,
            "sitting": "2026-10", "unit": 1, "courses": [],
        },
        "serial": serial, "kind": "first" if serial == 1 else "follow-up", "made": "2026-08-20T09:55:00+08:00",
        "by": "主考", "files": [], "secret": {"known": "多名考生发热。", "measures": ""}, **more,
    }  # fmt: skip


def a_reported_incident(at: datetime, **more: Any) -> ReportedIncident:
    """An incident at the centre, with the ministry's group to tell."""
    met("province:32", at=at)
    make.an_emergency_group(at, EmergencyLevel.MINISTRY)
    receive_incident_report(province="32", body=a_message(**more), by=the_node(), at=at)
    return ReportedIncident.objects.get()
