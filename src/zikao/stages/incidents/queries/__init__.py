"""Every read of incidents."""

from zikao.stages.incidents.queries.choices import kind_choices, kind_name, places, present_unit, units
from zikao.stages.incidents.queries.incidents import (
    content_of,
    group_lacks,
    incident,
    incidents,
    may_read,
    readable_report,
    report_file,
    reports_of,
    told_of,
    unacknowledged,
    unacknowledged_incidents,
    untold_incidents,
    waiting_for,
)
from zikao.stages.incidents.queries.legs import Leg, leg, legs_of, minutes_between

__all__ = [
    "Leg",
    "content_of",
    "group_lacks",
    "incident",
    "incidents",
    "kind_choices",
    "kind_name",
    "leg",
    "legs_of",
    "may_read",
    "minutes_between",
    "places",
    "present_unit",
    "readable_report",
    "report_file",
    "reports_of",
    "told_of",
    "unacknowledged",
    "unacknowledged_incidents",
    "units",
    "untold_incidents",
    "waiting_for",
]
