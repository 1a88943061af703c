"""Who may leave, what moves with them, when files are exchanged, and how a file is received."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.stages.transfers.states import OutFacts, Way

IN_FORCE = date(2020, 9, 27)

OUT = Rule("transfers.out", title="转出要求")
MOVES = Rule("transfers.moves", title="可以转出的成绩")
EXCHANGE_MONTH = Rule("transfers.exchange-month", title="电子档案集中交换的时间")
CONFIRMATION = Rule("transfers.confirmation", title="本人持证现场确认")
RECEIVED_FILE = Rule("transfers.received-file", title="转入的电子档案符合转出要求")
MOVE = Rule("transfers.move", title="省内跨地（市）转考手续")
WAY = Rule[Way]("transfers.way", title="转入方式")


@OUT.version(("SR-A2.2", "SR-A2.3.2", "SR-A2.3.3", "SR-A2.3.4", "SR-A2.3.6"), since=IN_FORCE)
def _(*, facts: OutFacts, on: date) -> Decision:
    needed = int(parameter("transfer-out-destination-passes").on(on))
    wait = int(parameter("transfer-out-wait").on(on))
    months = facts.transferred_in_months_ago
    return all_of(
        decide(
            "SR-A2.3.2",
            facts.passes_at_destination >= needed,
            "no-pass-at-destination",
            passes=facts.passes_at_destination,
            needed=needed,
        ),
        decide("SR-A2.3.3", not facts.suspended, "suspended-cannot-leave"),
        decide("SR-A2.3.3", not facts.graduation_delayed, "delayed-cannot-leave"),
        decide("SR-A2.3.4", not facts.plan_completed, "graduate-here"),
        decide("SR-A2.3.6", months is None or months >= wait, "moved-in-lately", months=months, wait=wait),
        decide("SR-A2.2", not facts.other_open, "transfer-open-already"),
    )


@MOVES.version("SR-A2.3.5", since=IN_FORCE)
def _(*, how: str, assess: str, theory_passed: bool) -> Decision:
    return all_of(
        decide("SR-A2.3.5", how != "exemption", "exempted-score-stays"),
        decide("SR-A2.3.5", assess != "thesis", "thesis-score-stays"),
        decide("SR-A2.3.5", assess != "practice" or theory_passed, "practice-without-theory-stays"),
    )


@MOVE.version(("SR-16", "SR-A2.3.3"), since=IN_FORCE)
def _(*, asked_for: bool, suspended: bool) -> Decision:
    return all_of(
        decide("SR-16", asked_for, "move-within-province-not-asked"),
        decide("SR-A2.3.3", not suspended, "suspended-cannot-leave"),
    )


@EXCHANGE_MONTH.version("SR-A2.5", since=IN_FORCE)
def _(*, on: date) -> Decision:
    months = parameter("transfer-months").on(on)
    return decide("SR-A2.5", on.month in months, "not-an-exchange-month", months="、".join(f"{m}月" for m in months))


@CONFIRMATION.version(("SR-A2.3.1", "SR-A2.4.4"), since=IN_FORCE)
def _(*, identity_document: bool, own_admission_card: bool, signed: bool) -> Decision:
    return all_of(
        decide("SR-A2.3.1", identity_document, "confirm-identity-missing"),
        decide("SR-A2.3.1", own_admission_card, "confirm-card-missing"),
        decide("SR-A2.3.1", signed, "form-not-signed"),
    )


@RECEIVED_FILE.version(("SR-A2.4.1", "SR-A2.4.5", "SR-A2.3.2", "SR-A2.3.5"), since=IN_FORCE)
def _(*, identity_agrees: bool, scores: int, exempted: int, passes_here: int, on: date) -> Decision:
    needed = int(parameter("transfer-out-destination-passes").on(on))
    return all_of(
        decide("SR-A2.4.1", identity_agrees, "file-of-another-person"),
        decide("SR-A2.4.1", scores > 0, "file-without-scores"),
        decide("SR-A2.3.5", exempted == 0, "file-with-exempted-scores", count=exempted),
        decide("SR-A2.3.2", passes_here >= needed, "no-pass-here", passes=passes_here, needed=needed),
    )


@WAY.version("SR-A2.4.2", since=IN_FORCE)
def _(*, course_in_plan: bool, substitute: bool) -> Way:
    if course_in_plan:
        return Way.ORIGINAL
    return Way.SUBSTITUTION if substitute else Way.NONE
