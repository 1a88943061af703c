"""Until when a thing is kept, when it may be destroyed, and by whom."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter, retention_schedule

IN_FORCE = date(2020, 9, 27)

KEPT_UNTIL = Rule[date | None]("retention.kept-until", title="保存到哪一天")
DESTRUCTION = Rule("retention.destruction", title="保存期满方可销毁")
ATTENDANCE = Rule("retention.attendance", title="销毁由两人在场，一人执行、一人见证")


@KEPT_UNTIL.version(("EA-44", "EA-49.2", "SR-A1.5", "SR-A1.7", "SR-A1.8"), since=IN_FORCE)
def _(*, kind: str, started_on: date | None, province: str | None, on: date) -> date | None:
    """The first day on which it may go; None while the time does not run, or for ever."""
    months = retention_schedule()[kind].months(on, province)
    return None if months is None or started_on is None else _months_later(started_on, months)


@DESTRUCTION.version(("EA-44", "EA-49.2", "SR-A1.6"), since=IN_FORCE)
def _(*, kind: str, started_on: date | None, holds: int, open_cases: int, province: str | None, on: date) -> Decision:
    keeping = retention_schedule()[kind]
    until = KEPT_UNTIL(on=on, kind=kind, started_on=started_on, province=province)
    for_ever = keeping.parameter is None
    running = for_ever or started_on is not None
    return all_of(
        decide(keeping.clause, not for_ever, "kept-for-ever", title=keeping.title),
        decide(keeping.clause, running, "retention-not-running", title=keeping.title),
        decide(keeping.clause, until is None or on >= until, "retention-runs", title=keeping.title, until=until),
        decide("EA-44", holds == 0, "destruction-held", title=keeping.title, holds=holds),
        decide("EA-44", open_cases == 0, "destruction-cases-open", title=keeping.title, cases=open_cases),
    )


@ATTENDANCE.version("EA-44", since=IN_FORCE)
def _(*, attendants: frozenset[int | None], posts: frozenset[str], on: date) -> Decision:
    needed = int(parameter("destruction-attendants").on(on))
    persons = len(attendants - {None})
    return all_of(
        decide("EA-44", persons >= needed, "destruction-one-person", needed=needed),
        decide("EA-44", len(posts) >= needed, "destruction-one-post", needed=needed),
    )


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
