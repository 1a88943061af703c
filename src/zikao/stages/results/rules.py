"""When a score is a pass, when a sitting's scores may be filed, and when they may be told."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

PASSING = Rule[bool]("results.passing", title="课程成绩合格")
COLLECTION = Rule("results.collection", title="成绩依据材料核对无误后采集")
APPROVAL = Rule("results.approval", title="采集结果经审核签字")
CORRECTION = Rule("results.correction", title="更正已入档成绩须有理由和依据")
CORRECTED_SHAPE = Rule("results.corrected-shape", title="更正后的成绩完整")
SHOWN = Rule("results.shown", title="网上显示的成绩与考籍档案一致")
SCORE_SHAPE = Rule("results.score-shape", title="成绩信息完整")


@PASSING.version("SR-11", since=IN_FORCE)
def _(*, value: int | None, grade: str, on: date) -> bool:
    if value is not None:
        return value >= int(parameter("pass-mark").on(on))
    return grade in parameter("passing-grades").on(on)


@COLLECTION.version("SR-A1.6", since=IN_FORCE)
def _(*, present: int, totals: int, strays: int, undecided_cases: int, doubtful_cards: int) -> Decision:
    return all_of(
        decide("EA-41.1", totals == present, "scripts-unmarked", present=present, totals=totals),
        decide("EA-41.1", strays == 0, "scripts-of-absent", strays=strays),
        decide("EA-A9.2.1.5", doubtful_cards == 0, "cards-doubtful", doubtful=doubtful_cards),
        decide("EA-40.1", undecided_cases == 0, "violations-undecided", cases=undecided_cases),
    )


@APPROVAL.version("SR-A1.6", since=IN_FORCE)
def _(*, collected_by: int | None, approver: int | None) -> Decision:
    return decide("SR-A1.6", approver is not None and approver != collected_by, "approver-collected")


@SCORE_SHAPE.version("SR-11", since=IN_FORCE)
def _(*, value: int | None, grade: str, on: date) -> Decision:
    full = int(parameter("course-full-mark").on(on))
    one = (value is None) != (grade == "")
    return all_of(
        decide("SR-11", one, "score-mark-or-grade"),
        decide("SR-11", value is None or 0 <= value <= full, "score-out-of-range", value=value, full=full),
        decide("SR-11", not grade or grade in parameter("grades").on(on), "score-grade-unknown", grade=grade),
    )


@CORRECTION.version("SR-A1.8", since=IN_FORCE)
def _(*, in_force: bool, changes: bool, reason_given: bool, evidence_given: bool) -> Decision:
    return all_of(
        decide("SR-A1.8", in_force, "score-superseded"),
        decide("SR-A1.8", changes, "correction-changes-nothing"),
        decide("SR-A1.8", reason_given, "correction-without-reason"),
        decide("SR-A1.8", evidence_given, "correction-without-evidence"),
    )


@CORRECTED_SHAPE.version("SR-11", since=IN_FORCE)
def _(*, standing: str, value: int | None, grade: str, on: date) -> Decision:
    if standing != "valid":
        return decide("SR-11", value is None and grade == "", "cancelled-score-has-value")
    return SCORE_SHAPE(on=on, value=value, grade=grade)


@SHOWN.version("SR-A1.14", since=IN_FORCE)
def _(*, differing: int, unproven: int) -> Decision:
    """`differing` scores are not what the record says; `unproven` filings are not those of the ledger."""
    return all_of(
        decide("SR-A1.14", differing == 0, "shown-differs-from-record", differing=differing),
        decide("SR-A1.14", unproven == 0, "shown-not-proven", unproven=unproven),
    )
