"""Where a site may lie, what its inspection covers, when it is accepted, and on which days it is usable."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

SITE_PROPOSAL = Rule("agencies.site-proposal", title="设立考点的申报条件")
SITE_INSPECTION = Rule("agencies.site-inspection", title="标准化考点检查项目齐全")
SITE_ACCEPTANCE = Rule("agencies.site-acceptance", title="考点验收备案条件")
SITE_USABLE = Rule("agencies.site-usable", title="考点可以使用")


@SITE_PROPOSAL.version(("EA-24.1", "EA-24.3"), since=IN_FORCE)
def _(*, at_seat: bool, in_tutoring_institution: bool, reason: str) -> Decision:
    return all_of(
        decide("EA-24.1", at_seat or bool(reason), "site-away-from-seat"),
        decide("EA-24.3", not in_tutoring_institution or bool(reason), "site-in-tutoring-institution"),
    )


@SITE_INSPECTION.version("EA-24.2", since=IN_FORCE)
def _(*, items: tuple[str, ...], on: date) -> Decision:
    needed = parameter("site-inspection-items").on(on)
    missing = [title for code, title in needed.items() if code not in items]
    return decide("EA-24.2", not missing, "inspection-items-missing", missing=missing)


@SITE_ACCEPTANCE.version(("EA-24.2", "EA-24.1", "EA-24.3"), since=IN_FORCE)
def _(
    *,
    inspection_passed: bool,
    at_seat: bool,
    elsewhere_approved: bool,
    in_tutoring_institution: bool,
    tutoring_approved: bool,
    accepted_until: date,
    on: date,
) -> Decision:
    return all_of(
        decide("EA-24.2", inspection_passed, "site-inspection-failed"),
        decide("EA-24.1", at_seat or elsewhere_approved, "site-elsewhere-not-approved"),
        decide("EA-24.3", not in_tutoring_institution or tutoring_approved, "site-tutoring-not-approved"),
        decide("EA-24.2", accepted_until > on, "site-validity-over", until=accepted_until),
    )


@SITE_USABLE.version("EA-24.2", since=IN_FORCE)
def _(*, accepted: bool, accepted_on: date | None, accepted_until: date | None, on: date) -> Decision:
    valid = accepted_on is not None and accepted_until is not None and accepted_on <= on < accepted_until
    return all_of(
        decide("EA-24.2", accepted, "site-not-accepted"),
        decide("EA-24.2", not accepted or valid, "site-acceptance-not-valid", on=on, until=accepted_until),
    )
