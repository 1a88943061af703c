"""Plans adopted and the timetable brought into force: issued, taken over, drafted, filed, acknowledged, published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from zikao.foundation.exchange.models import Peer
from zikao.national.commands import timetables as national
from zikao.stages.agencies import commands as agencies
from zikao.stages.programmes import commands as programmes
from zikao.stages.programmes import queries
from zikao.stages.programmes.forms import read_plans, read_timetable
from zikao.stages.programmes.forms.plan_file import LEVELS
from zikao.stages.programmes.models import Timetable, TimetableCorrection
from zikao.stages.programmes.states import CorrectionState, TimetableData, TimetableState
from zikao.world.calendar import (
    SET_UP,
    SITTING,
    TIMETABLE_DRAFTED,
    TIMETABLE_ISSUED,
    TIMETABLE_PUBLISHED,
)
from zikao.world.life.context import Life
from zikao.world.life.ruling import hear_the_centre, look_for_better_units

DATA = Path(__file__).parents[1] / "data"
MOVED, WHY_MOVED = {"03954": 3}, "与同一专业的统考课程排在同一单元"
CONDITIONED = "120203K"
CONDITION = {"text": "须持有国民教育系列专科及以上毕业证书", "evidence": "diploma"}
"""The public file names no condition of any major; one is assumed here, so that a counter asks for what is shown."""


def timetable_file() -> TimetableData:
    """The real timetable of October 2026."""
    return read_timetable((DATA / "timetables" / f"{SITTING}.csv").read_text(encoding="utf-8"))


def adopt_plans(life: Life) -> None:
    """Examining schools, majors and the six real plans."""
    by = life.who("exam-affairs", SET_UP)
    file: dict[str, Any] = json.loads((DATA / "plans" / "jiangsu-2024.json").read_text(encoding="utf-8"))
    for plan in file["plans"]:
        if plan["code"] == CONDITIONED:
            plan["entry_condition"] = CONDITION
    plans = read_plans(file)
    schools = sorted({plan.examining_school for plan in plans})
    for number, school in enumerate(life.each("登记主考学校", schools), 1):
        agencies.register_school(code=f"S{life.root}{number:03d}", name=school, agency_code=life.root, by=by, at=SET_UP)
    agencies.name_school_clerk(school_code=f"S{life.root}001", username="school", by=by, at=SET_UP)
    for row in file["majors"]:
        programmes.register_major(code=row["code"], level=LEVELS[row["level"]], name=row["name"], by=by, at=SET_UP)
    programmes.import_plans(plans=plans, since=date.fromisoformat(file["since"]), by=by, at=SET_UP)


def issue_timetable(life: Life) -> None:
    """The centre issues its courses to every province it knows."""
    provinces = list(Peer.objects.filter(code__startswith="province:").order_by("code").values_list("code", flat=True))
    data = timetable_file().national_only
    national.issue_timetable(data=data, to=provinces, by=life.who("officer", TIMETABLE_ISSUED), at=TIMETABLE_ISSUED)


def file_timetable(life: Life) -> None:
    """A province adds its own courses and files the whole with the centre."""
    life.wait_for("全国统考安排", Timetable.objects.filter(sitting__code=SITTING).exists)
    by = life.who("exam-affairs", TIMETABLE_DRAFTED)
    programmes.draft_timetable(data=timetable_file(), by=by, at=TIMETABLE_DRAFTED)
    look_for_better_units(life)
    programmes.file_timetable(sitting_code=SITTING, by=by, at=TIMETABLE_DRAFTED)


def publish_timetable(life: Life) -> None:
    """After the centre's answer the province publishes; a course in the wrong unit is corrected, and filed."""
    acknowledged = Timetable.objects.filter(sitting__code=SITTING, state=TimetableState.ACKNOWLEDGED)
    life.wait_for("考试安排备案", acknowledged.exists)
    hear_the_centre(life)
    by = life.who("exam-affairs", TIMETABLE_PUBLISHED)
    programmes.publish_timetable(sitting_code=SITTING, by=by, at=TIMETABLE_PUBLISHED)
    data = queries.timetable_data(queries.sitting(SITTING))
    rows = (replace(s, unit_number=MOVED[s.course_code]) if s.course_code in MOVED else s for s in data.slots)
    wanted = replace(data, slots=tuple(rows))
    staged = programmes.stage_correction(
        sitting_code=SITTING, data=wanted, reason=WHY_MOVED, by=by, at=TIMETABLE_PUBLISHED
    )
    programmes.file_correction(correction_id=staged.value.pk, by=by, at=TIMETABLE_PUBLISHED)


def publish_correction(life: Life, at: datetime) -> None:
    """The correction that was filed with the centre is in force before anybody enters."""
    filed = TimetableCorrection.objects.filter(state=CorrectionState.ACKNOWLEDGED)
    life.wait_for("更正备案", filed.exists)
    programmes.publish_correction(correction_id=filed.get().pk, by=life.who("exam-affairs", at), at=at)
