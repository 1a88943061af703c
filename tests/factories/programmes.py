"""Plans, sittings and timetables, made through their commands from the real files."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import zikao
from tests.factories.actors import head, the_node
from tests.factories.agencies import a_school
from zikao.foundation.crypto import public_key_pem
from zikao.foundation.exchange.commands import add_peer
from zikao.foundation.exchange.models import Peer
from zikao.stages.programmes import commands
from zikao.stages.programmes.forms import read_plans, read_timetable
from zikao.stages.programmes.forms.plan_file import LEVELS
from zikao.stages.programmes.models import Major, Paper, Plan, Sitting, Timetable
from zikao.stages.programmes.states import TimetableData

DATA = Path(zikao.__file__).parent / "world" / "data"
SITTING = "2026-10"


def the_peer(at: datetime, code: str = "national") -> Peer:
    """Another node, known to this one; made at the first call. It has our own key: nothing is sent in a test."""
    found = Peer.objects.filter(code=code).first()
    return (
        found
        or add_peer(code=code, url="http://127.0.0.1:9/", public_key_pem=public_key_pem(), by=the_node(), at=at).value
    )


def the_plan_file() -> dict[str, Any]:
    """The real plans of Jiangsu as their file holds them."""
    found: dict[str, Any] = json.loads((DATA / "plans" / "jiangsu-2024.json").read_text(encoding="utf-8"))
    return found


def the_timetable_file() -> TimetableData:
    """The real timetable of October 2026."""
    return read_timetable((DATA / "timetables" / "2026-10.csv").read_text(encoding="utf-8"))


def the_plans(at: datetime) -> list[Plan]:
    """The six plans in force and the two majors without one; made at the first call."""
    if Plan.objects.exists():
        return list(Plan.objects.all())
    file = the_plan_file()
    plans = read_plans(file)
    for number, school in enumerate(sorted({plan.examining_school for plan in plans})):
        a_school(at, school, f"S{number:04d}")
    for row in file["majors"]:
        commands.register_major(code=row["code"], level=LEVELS[row["level"]], name=row["name"], by=head(), at=at)
    since = date.fromisoformat(file["since"])
    return commands.import_plans(plans=plans, since=since, by=head(), at=at).value


def a_major(at: datetime, code: str = "050101") -> Major:
    """A major with its plan."""
    the_plans(at)
    return Major.objects.get(code=code)


def a_sitting(at: datetime, year: int = 2026, month: int = 10) -> Sitting:
    """An open sitting without a timetable; made at the first call."""
    found = Sitting.objects.filter(year=year, month=month).first()
    return found or commands.open_sitting(year=year, month=month, by=head(), at=at).value


def a_drafted_timetable(at: datetime) -> Timetable:
    """October 2026 drafted: the centre's courses taken over, the province's own added."""
    the_plans(at)
    data = the_timetable_file()
    commands.take_over_timetable(body=data.national_only.as_body(), by=the_node(), at=at)
    return commands.draft_timetable(data=data, by=head(), at=at).value


def a_filed_timetable(at: datetime) -> Timetable:
    """October 2026 filed with the centre, not answered yet."""
    the_peer(at)
    a_drafted_timetable(at)
    return commands.file_timetable(sitting_code=SITTING, by=head(), at=at).value


def an_acknowledged_timetable(at: datetime) -> Timetable:
    """October 2026 with the centre's filing number."""
    filed = a_filed_timetable(at)
    return commands.acknowledge_timetable(
        sitting_code=SITTING, digest=filed.digest, filing_number="备20261032", by=the_node(), at=at
    ).value


def a_published_timetable(at: datetime) -> Timetable:
    """October 2026 published; made at the first call."""
    found = Timetable.objects.filter(sitting__code=SITTING, state="published").first()
    if found is not None:
        return found
    an_acknowledged_timetable(at)
    return commands.publish_timetable(sitting_code=SITTING, by=head(), at=at).value


def a_paper(at: datetime, course: str = "00037") -> Paper:
    """A paper of the published timetable of October 2026."""
    a_published_timetable(at)
    return Paper.objects.select_related("course", "unit", "sitting").get(sitting__code=SITTING, course__code=course)
