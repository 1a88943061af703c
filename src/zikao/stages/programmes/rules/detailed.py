"""What a province may set by its own detailed rules, and from when."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, decide, parameter

IN_FORCE = date(2020, 9, 27)

DETAILED_VALUE = Rule("programmes.detailed-value", title="实施细则的取值不超出规定")
DETAILED_SINCE = Rule("programmes.detailed-since", title="实施细则的施行日期")


@DETAILED_VALUE.version(("EA-53", "SR-23"), since=IN_FORCE)
def _(*, name: str, value: int | bool | str) -> Decision:
    law = parameter(name)
    basis = "EA-53" if law.clause.startswith("EA") else "SR-23"
    if law.province is None:
        return decide(basis, False, "not-left-to-provinces", title=law.title)
    fits = type(value) is type(law.values[-1].value) and law.province.allow(value)
    return decide(law.clause, fits, "outside-national-range", title=law.title, value=value, range=in_words(name))


@DETAILED_SINCE.version(("EA-53", "SR-23"), since=IN_FORCE)
def _(*, since: date, on: date) -> Decision:
    return decide("EA-53", since > on, "detailed-rules-backdated", since=since, today=on)


def in_words(name: str) -> str:
    """The range that the regulations leave to a province, in words."""
    bounds = parameter(name).province
    if bounds is None:
        return "不得自定"
    if bounds.choices is not None:
        return "、".join({True: "是", False: "否"}.get(one, str(one)) for one in bounds.choices)
    low = f"不低于 {bounds.min}" if bounds.min is not None else ""
    high = f"不高于 {bounds.max}" if bounds.max is not None else ""
    return "，".join(filter(None, (low, high))) or "由省定"
