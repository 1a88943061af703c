"""Who must be there: emergency leading groups, a site's working groups, record departments and their staff."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

EMERGENCY_GROUP = Rule("agencies.emergency-group", title="应急处置工作领导小组齐全、可以联络")
WORKING_GROUPS = Rule("agencies.working-groups", title="考点工作小组齐全")
RECORD_DEPARTMENT = Rule("agencies.record-department", title="应当设立考籍管理部门")
RECORD_STAFF = Rule("agencies.record-staff", title="专职考籍管理工作人员的最少人数")
RECORD_TRAINING = Rule("agencies.record-training", title="考籍管理工作人员的培训与考核")

DIGITS = range(7, 14)
"""A telephone number: a local one without its area code at least, a mobile one with the country's code at most."""


def is_phone(text: str) -> bool:
    """Whether this can be called: digits, with or without hyphens and spaces."""
    digits = text.replace("-", "").replace(" ", "")
    return digits.isascii() and digits.isdigit() and len(digits) in DIGITS


@EMERGENCY_GROUP.version("EA-5.2", since=IN_FORCE)
def _(*, level: str, leaders: int, deputies: int, contacts: int, without_phone: int) -> Decision:
    return all_of(
        decide("EA-5.2", leaders == 1, "emergency-group-without-leader", level=level),
        decide("EA-5.2", deputies >= 1, "emergency-group-without-deputy", level=level),
        decide("EA-5.2", contacts >= 1, "emergency-group-without-contact", level=level),
        decide("EA-5.2", without_phone == 0, "emergency-group-without-channel", level=level, count=without_phone),
    )


@WORKING_GROUPS.version("EA-24.5", since=IN_FORCE)
def _(*, led: tuple[str, ...], manned: tuple[str, ...], corridor: bool, on: date) -> Decision:
    needed = parameter("site-working-groups").on(on)
    unled = [title for code, title in needed.items() if code not in led]
    unmanned = [title for code, title in needed.items() if code not in manned]
    return all_of(
        decide("EA-24.5", not unled, "working-groups-without-leader", groups=unled),
        decide("EA-24.5", not unmanned, "working-groups-without-members", groups=unmanned),
        decide("EA-24.5", corridor, "site-without-corridor"),
    )


@RECORD_DEPARTMENT.version("SR-6", since=IN_FORCE)
def _(*, kind: str, does_records: bool, has_department: bool) -> Decision:
    must = kind in ("province", "military") or does_records
    return decide("SR-6", has_department or not must, "record-department-missing")


@RECORD_STAFF.version("SR-7", since=IN_FORCE)
def _(*, kind: str, full_time: int, on_record: int, province: str, on: date) -> Decision:
    if kind == "prefecture":
        least = int(parameter("record-staff-minimum").on(on, province=province))
    else:
        scale = parameter("record-staff-scale").on(on, province=province)
        least = max(people for persons, people in scale if on_record >= persons)
    return decide("SR-7", full_time >= least, "record-staff-short", have=full_time, least=least, on_record=on_record)


@RECORD_TRAINING.version("SR-7", since=IN_FORCE)
def _(*, untrained: int, unassessed: int) -> Decision:
    return all_of(
        decide("SR-7", untrained == 0, "record-staff-untrained", count=untrained),
        decide("SR-7", unassessed == 0, "record-staff-unassessed", count=unassessed),
    )
