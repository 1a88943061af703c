"""Who is let in and until when, when a paper may be handed in, and when a room's sheet may be signed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

ADMISSION = Rule("conduct.admission", title="入场时间")
IDENTITY = Rule("conduct.identity", title="凭证件参加考试")
HAND_IN = Rule("conduct.hand-in", title="交卷出场时间")
ABSENCE = Rule("conduct.absence", title="登记缺考的时间")
SIGNING = Rule("conduct.room-signing", title="考试结束后签字上交")
ROOM_SHEET = Rule("conduct.room-sheet", title="考场情况记录由监考员签字")

CONDITIONS = Rule("conduct.room-conditions", title="考场检查合格才能启用")
CHECKER = Rule("conduct.room-checker", title="检查考场的人在本考点当班")


@CONDITIONS.version("EA-25.1", since=IN_FORCE)
def _(*, room: int, checked: frozenset[str] | None, failed: frozenset[str], on: date) -> Decision:
    """`checked`: the codes of the conditions looked at, None when nobody looked; `failed`: those not met."""
    if checked is None:
        return decide("EA-25.1", False, "room-not-checked", room=room)
    wanted = parameter("room-conditions").on(on)
    missing = "、".join(title for code, title in wanted.items() if code not in checked)
    bad = "、".join(wanted.get(code, code) for code in sorted(failed))
    return all_of(
        decide("EA-25.1", not missing, "room-checked-in-part", room=room, missing=missing),
        decide("EA-25.1", not failed, "room-not-in-order", room=room, failed=bad),
    )


@CHECKER.version("EA-A5.9", since=IN_FORCE)
def _(*, on_duty: bool) -> Decision:
    return decide("EA-A5.9", on_duty, "checker-not-on-duty")


@ADMISSION.version(("EA-A1.2", "EA-A6.10"), since=IN_FORCE)
def _(*, arrived_at: datetime, starts_at: datetime, province: str | None, on: date) -> Decision:
    opens = starts_at - timedelta(minutes=int(parameter("admission-opens").on(on, province=province)))
    closes = starts_at + timedelta(minutes=int(parameter("late-admission-grace").on(on, province=province)))
    return all_of(
        decide("EA-A1.2", arrived_at >= opens, "admission-not-open", opens=opens),
        decide("EA-A1.2", arrived_at <= closes, "arrived-too-late", closes=closes),
    )


@IDENTITY.version("EA-28", since=IN_FORCE)
def _(*, admission_card: bool, notice: bool, identity_document: bool) -> Decision:
    return all_of(
        decide("EA-28", admission_card, "admission-card-missing"),
        decide("EA-28", notice, "notice-missing"),
        decide("EA-28", identity_document, "identity-document-missing"),
    )


@HAND_IN.version(("EA-A1.8", "EA-A6.11"), since=IN_FORCE)
def _(*, handed_in_at: datetime, ends_at: datetime, province: str | None, on: date) -> Decision:
    earliest = ends_at - timedelta(minutes=int(parameter("earliest-hand-in").on(on, province=province)))
    return decide("EA-A1.8", handed_in_at >= earliest, "hand-in-too-early", earliest=earliest)


@ABSENCE.version("EA-A6.10", since=IN_FORCE)
def _(*, recorded_at: datetime, starts_at: datetime, province: str | None, on: date) -> Decision:
    opens = starts_at + timedelta(minutes=int(parameter("late-admission-grace").on(on, province=province)))
    return decide("EA-A6.10", recorded_at > opens, "absence-too-early", opens=opens)


@SIGNING.version("EA-A5.6", since=IN_FORCE)
def _(*, signed_at: datetime, ends_at: datetime) -> Decision:
    return decide("EA-A5.6", signed_at >= ends_at, "room-signed-too-early", ends=ends_at)


@ROOM_SHEET.version(("EA-A5.6", "EA-25.3"), since=IN_FORCE)
def _(*, invigilators: tuple[int, ...], on_duty: frozenset[int], strange_seats: frozenset[int], on: date) -> Decision:
    needed = int(parameter("invigilators-per-room").on(on))
    return all_of(
        decide("EA-25.3", len(set(invigilators)) >= needed, "room-sheet-signatures", needed=needed),
        decide("EA-A5.6", set(invigilators) <= on_duty, "signer-not-on-duty"),
        decide("EA-A5.6", not strange_seats, "seat-not-in-room", seats="、".join(map(str, sorted(strange_seats)))),
    )
