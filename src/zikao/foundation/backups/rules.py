"""Two custodies, each by itself: what SR-A1.11 asks of keys, holders and destinations, and of the rhythm."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

CUSTODIES_APART = Rule("backups.custodies-apart", title="备份由业务部门和纪检监察部门分别独立掌管")
CUSTODIES_COMPLETE = Rule("backups.custodies-complete", title="两方都有公钥和存放处才能备份")
IN_TIME = Rule("backups.in-time", title="至少每半天备份一次")


@CUSTODIES_APART.version("SR-A1.11", since=IN_FORCE)
def _(*, custody: str, holder: str, key_used_by: str, other_holders: tuple[str, ...]) -> Decision:
    return all_of(
        decide("SR-A1.11", key_used_by == "", "custody-key-taken", custody=key_used_by, other=custody),
        decide("SR-A1.11", holder not in other_holders, "custody-same-holder", holder=holder),
    )


@CUSTODIES_COMPLETE.version("SR-A1.11", since=IN_FORCE)
def _(*, missing: tuple[str, ...]) -> Decision:
    return decide("SR-A1.11", not missing, "custodies-incomplete", missing="、".join(missing))


@IN_TIME.version("EA-A9.2.1.4b", since=IN_FORCE)
def _(*, age_minutes: int | None, on: date) -> Decision:
    hours = int(parameter("backup-at-least-every").on(on))
    if age_minutes is None:
        return decide("EA-A9.2.1.4b", False, "backup-never")
    return decide("EA-A9.2.1.4b", age_minutes <= hours * 60, "backup-late", hours=hours, age=age_minutes // 60)
