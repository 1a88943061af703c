"""The shapes of the files that people hand in: plans as JSON, timetables as CSV."""

from zikao.stages.programmes.forms.plan_file import read_plans
from zikao.stages.programmes.forms.timetable_file import read_timetable

__all__ = ["read_plans", "read_timetable"]
