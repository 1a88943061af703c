"""Accommodations of candidates with disabilities: what may be asked, granted, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

FIRST_DAY = date(2020, 9, 27)

ACCOMMODATION_ASKED = Rule("candidates.accommodation-asked", title="残疾考生申请便利")
ACCOMMODATION_GRANTED = Rule("candidates.accommodation-granted", title="便利的决定")


@ACCOMMODATION_ASKED.version("EA-52", since=FIRST_DAY)
def _(
    *,
    kinds: Sequence[str],
    media_type: str,
    size: int,
    from_on: date,
    until_on: date,
    province: str,
    on: date,
) -> Decision:
    known = parameter("accommodation-kinds").on(on)
    types = parameter("accommodation-evidence-types").on(on)
    largest = parameter("accommodation-evidence-maximum").on(on)
    unknown = sorted(kind for kind in kinds if kind not in known)
    fits = media_type in types and size <= largest
    facts = {"media_type": media_type or "不明", "size": size, "largest": largest}
    return all_of(
        decide("EA-52", bool(kinds), "accommodation-nothing-asked"),
        decide("EA-52", not unknown, "accommodation-kind-unknown", unknown="、".join(unknown)),
        decide("EA-52", size > 0, "accommodation-evidence-missing"),
        decide("EA-52", fits or size == 0, "accommodation-evidence-unfit", **facts),
        decide("EA-52", until_on > on, "accommodation-over", until=until_on, on=on),
        _lasting(from_on, until_on, province, on),
    )


@ACCOMMODATION_GRANTED.version("EA-52", since=FIRST_DAY)
def _(
    *,
    asked: Sequence[str],
    kinds: Sequence[str],
    extra_percent: int,
    from_on: date,
    until_on: date,
    province: str,
    on: date,
) -> Decision:
    names = parameter("accommodation-kinds").on(on)
    limits = parameter("accommodation-extra-time-maximum").on(on)
    largest = limits["braille"] if "braille" in kinds else limits["other"]
    unasked = "、".join(str(names.get(kind, kind)) for kind in sorted(kinds) if kind not in asked)
    return all_of(
        decide("EA-52", bool(kinds), "accommodation-nothing-asked"),
        decide("EA-52", not unasked, "accommodation-not-asked", unasked=unasked),
        decide("EA-52", (extra_percent > 0) == ("extra-time" in kinds), "accommodation-extra-time-without-kind"),
        decide(
            "EA-52", extra_percent <= largest, "accommodation-extra-time-excessive",
            percent=extra_percent, largest=largest, **limits,
        ),
        _lasting(from_on, until_on, province, on),
    )  # fmt: skip


def _lasting(from_on: date, until_on: date, province: str, on: date) -> Decision:
    months = parameter("accommodation-validity-maximum").on(on, province=province)
    latest = _after(from_on, months)
    return decide("EA-52", until_on <= latest, "accommodation-too-long", until=until_on, months=months, latest=latest)


def _after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    if day.year + year > date.max.year:
        return date.max
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
