"""Where a site may lie, what its inspection covers, when it is accepted, and on which days it is usable."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

SITE_PLACE = Rule("agencies.site-place", title="不得在本省行政区域以外组织考试")
SITE_PROPOSAL = Rule("agencies.site-proposal", title="设立考点的申报条件")
SITE_INSPECTION = Rule("agencies.site-inspection", title="标准化考点检查项目齐全")
SITE_INSPECTORS = Rule("agencies.site-inspectors", title="标准化考点检查的人数")
SITE_CHANGE = Rule("agencies.site-change", title="变更考点登记的条件")
SITE_ACCEPTANCE = Rule("agencies.site-acceptance", title="考点验收备案条件")
SITE_USABLE = Rule("agencies.site-usable", title="考点可以使用")
SITE_LOSS = Rule[date | None]("agencies.site-loss", title="雷同卷达到考场数五分之一的考点当年及下一年度不得使用")
SITE_RETURN = Rule("agencies.site-return", title="停用的考点恢复使用的条件")


@SITE_PLACE.version("EA-22.4", since=IN_FORCE)
def _(*, province: str, place: str, consent_for: str | None, consent_until: date | None, on: date) -> Decision:
    outside = place != province
    return all_of(
        decide("EA-22.4", not outside or consent_for == place, "site-outside-province", place=place),
        decide(
            "EA-22.4",
            not outside or consent_until is None or on < consent_until,
            "ministry-consent-over",
            until=consent_until,
        ),
    )


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


@SITE_INSPECTORS.version("EA-24.2", since=IN_FORCE)
def _(*, inspectors: int, on: date) -> Decision:
    least = int(parameter("site-inspectors-least").on(on))
    return decide("EA-24.2", inspectors >= least, "site-inspectors-few", have=inspectors, least=least)


@SITE_CHANGE.version("EA-24.2", since=IN_FORCE)
def _(*, moves: bool, in_use: bool, rounds: tuple[str, ...]) -> Decision:
    """The acceptance is of the premises: a site that moves is inspected and accepted anew."""
    return all_of(
        decide("EA-24.2", not (moves and in_use), "site-moves-in-use"),
        decide("EA-24.2", not rounds, "site-told-already", rounds=rounds),
    )


@SITE_ACCEPTANCE.version(("EA-24.2", "EA-24.1", "EA-24.3"), since=IN_FORCE)
def _(
    *,
    inspection_passed: bool,
    inspection_is_new: bool,
    at_seat: bool,
    elsewhere_approved: bool,
    in_tutoring_institution: bool,
    tutoring_approved: bool,
    accepted_until: date,
    on: date,
) -> Decision:
    return all_of(
        decide("EA-24.2", inspection_passed, "site-inspection-failed"),
        decide("EA-24.2", inspection_is_new, "site-inspection-used"),
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


@SITE_LOSS.version("EA-24.2", since=IN_FORCE)
def _(*, similar_rooms: int, rooms: int, on: date) -> date | None:
    """Decree 33 Art 15: until when the site may not be used, None where the share is not reached."""
    if similar_rooms * parameter("similar-rooms-share").on(on) < rooms or similar_rooms == 0:
        return None
    return date(on.year + 1 + int(parameter("site-loss-years").on(on)), 1, 1)


@SITE_RETURN.version("EA-24.2", since=IN_FORCE)
def _(*, barred_until: date | None, on: date) -> Decision:
    return decide("EA-24.2", barred_until is None or on >= barred_until, "site-barred", until=barred_until)
