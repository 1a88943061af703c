"""When an export needs signatures, who outside may get one, and when it may be collected."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

WAY: Rule[str] = Rule("exports.way", title="导出考试信息要不要批准")
OUTSIDE = Rule("exports.outside", title="不予公开的考试信息，未经同意不得向外提供")
MARKING_STAYS = Rule("exports.marking-stays", title="评卷信息留存在省级教育考试机构")
COLLECTION = Rule("exports.collection", title="导出文件的领取")
GROWTH = Rule("exports.growth", title="导出的范围以批准的为准")


@WAY.version("EA-47", since=IN_FORCE)
def _(*, personal: bool, rows: int, outside: bool, on: date) -> str:
    limit = int(parameter("export-rows-without-approval").on(on))
    return "approval" if outside or personal or rows > limit else "ledger"


@OUTSIDE.version("EA-51", since=IN_FORCE)
def _(*, outside: bool, consent: str, letter: bool) -> Decision:
    named = not outside or consent in {"ministry", "province"}
    return all_of(
        decide("EA-51", named, "export-without-consent"),
        decide("EA-51", not outside or letter, "export-without-letter"),
    )


@MARKING_STAYS.version("EA-50", since=IN_FORCE)
def _(*, marking: bool, outside: bool) -> Decision:
    return decide("EA-50", not (marking and outside), "marking-information-stays")


@COLLECTION.version("EA-47", since=IN_FORCE)
def _(*, at: datetime, expires_at: datetime, collected_already: bool) -> Decision:
    return all_of(
        decide("EA-47", at < expires_at, "export-expired", expires_at=expires_at),
        decide("EA-47", not collected_already, "export-copy-collected"),
    )


@GROWTH.version("EA-47", since=IN_FORCE)
def _(*, approved: int, found: int, on: date) -> Decision:
    percent = int(parameter("export-growth").on(on))
    most = approved + approved * percent // 100
    return decide("EA-47", found <= most, "export-grew", approved=approved, found=found, most=most)
