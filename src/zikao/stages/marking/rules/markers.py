"""Who may mark: appointment, recusal, independence."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

APPOINTMENT = Rule("marking.marker-appointment", title="评卷员的聘任条件")
MARKING = Rule("marking.independent-marking", title="独立评阅")


@APPOINTMENT.version(("EA-36.1", "EA-36.2", "EA-36.4", "EA-37"), since=IN_FORCE)
def _(
    *,
    university_teacher: bool,
    title: str,
    subjective: bool,
    interest: bool,
    secrecy_signed_on: date | None,
    knows_key: bool,
    on: date,
) -> Decision:
    """`title` in Chinese; `interest`: a relative sits, or another interest; `knows_key`: entered or signed the key."""
    titles = parameter("marker-titles").on(on)
    return all_of(
        decide("EA-36.1", university_teacher, "marker-no-teacher"),
        decide("EA-36.2", not subjective or title in titles, "marker-title-too-low", title=title),
        decide("EA-36.4", not interest, "marker-recused"),
        decide("EA-37", secrecy_signed_on is not None and secrecy_signed_on <= on, "marker-without-training"),
        decide("EA-35.1", not knows_key, "marker-keeps-key"),
    )


@MARKING.version("EA-A9.2.2.4", since=IN_FORCE)
def _(*, marker: int | None, marked_by: frozenset[int], appointed: bool) -> Decision:
    return all_of(
        decide("EA-36.1", appointed, "marker-not-appointed"),
        decide("EA-A9.2.2.4", marker is not None and marker not in marked_by, "marked-already"),
    )
