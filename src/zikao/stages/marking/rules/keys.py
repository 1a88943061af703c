"""The reference key: entered by one, reviewed and signed by others, one of them the head of exam affairs."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

KEY_SIGNING = Rule("marking.key-signing", title="审核签字的人不是录入人，且每人只签一次")
KEY_COMPLETE = Rule("marking.key-complete", title="正确选项经两人以上审核签字，其中一人为省级考务负责人")


@KEY_SIGNING.version("EA-A9.2.1.3", since=IN_FORCE)
def _(*, entered_by: int, signer: int | None, signed_by: frozenset[int]) -> Decision:
    return all_of(
        decide("EA-A9.2.1.3", signer is not None and signer != entered_by, "key-signer-entered-it"),
        decide("EA-A9.2.1.3", signer not in signed_by, "key-signed-already"),
    )


@KEY_COMPLETE.version("EA-A9.2.1.3", since=IN_FORCE)
def _(*, reviewers: frozenset[int], heads: frozenset[int], on: date, province: str | None = None) -> Decision:
    least = int(parameter("key-reviewers").on(on, province))
    return all_of(
        decide("EA-A9.2.1.3", len(reviewers) >= least, "key-too-few-signatures", signed=len(reviewers), least=least),
        decide("EA-A9.2.1.3", bool(reviewers & heads), "key-without-head"),
    )
