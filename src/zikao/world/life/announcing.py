"""The province says when people register for the first time, and the counties where (EA-12.1)."""

from __future__ import annotations

from datetime import timedelta

from zikao.stages.candidates import commands
from zikao.world.calendar import ENTRIES_CLOSE, REGISTRATION, SITTING
from zikao.world.life.context import COUNTIES, Life

OPENS = REGISTRATION.replace(hour=0)
HOURS = "周一至周五 9:00—11:30，13:30—17:00"


def say_when_and_where(life: Life) -> None:
    """The period of the sitting, and a counter in every county."""
    at = OPENS - timedelta(hours=8)
    by = life.who("exam-affairs", at)
    commands.set_registration_period(sitting_code=SITTING, opens_at=OPENS, closes_at=ENTRIES_CLOSE, by=by, at=at)
    counties = [county for area in life.areas for county in COUNTIES[area]]
    for number, (code, name) in enumerate(counties, 1):
        commands.open_registration_place(
            county_code=code,
            name=f"{name}教育考试报名大厅",
            address=f"人民路 {number * 6} 号政务服务中心二楼",
            hours=HOURS,
            phone=f"000-5550{number:04d}",
            by=life.who("clerk", at),
            at=at,
        )
