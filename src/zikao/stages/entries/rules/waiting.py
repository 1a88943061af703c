"""The order of the waiting room: who is let in, and how fast."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zikao.foundation.regulation import Decision, Rule, decide, parameter

FIRST_DAY = date(2020, 9, 27)

ARRIVAL = Rule("entries.arrival", title="什么时候可以到候场取号")
LET_IN = Rule[int]("entries.let-in", title="候场放行到几号")
RATE = Rule[int]("entries.let-in-rate", title="每分钟放行多少人")


@ARRIVAL.version("EA-13.2", since=FIRST_DAY)
def _(*, at: datetime, opens_at: datetime, minutes: int) -> Decision:
    since = opens_at - timedelta(minutes=minutes)
    return decide("EA-13.2", at >= since, "waiting-room-not-open", since=since)


@LET_IN.version("EA-13.2", since=FIRST_DAY)
def _(*, let_in: int, last: int, rate_a_minute: int, rate_at: datetime, at: datetime) -> int:
    """Until which number candidates are let in at an instant; nobody before `rate_at`."""
    seconds = max((at - rate_at).total_seconds(), 0)
    return min(last, let_in + int(rate_a_minute * seconds / 60))


@RATE.version("EA-13.2", since=FIRST_DAY)
def _(*, inside: int, done_a_minute: int, rate_a_minute: int, province: str, on: date) -> int:
    """The next rate: as many as finish, more while the room has space, fewer when it is full."""
    room: int = parameter("waiting-room-inside").on(on, province=province)
    least: int = parameter("waiting-room-least").on(on, province=province)
    most: int = parameter("waiting-room-most").on(on, province=province)
    if inside >= room:
        return max(least, min(done_a_minute, rate_a_minute * 3 // 4))
    return min(most, max(least, done_a_minute, rate_a_minute) + max((room - inside) // 4, 1))
