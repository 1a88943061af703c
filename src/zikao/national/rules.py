"""The centre's own law: learning accounts (学习账户), and reports upward (EA-48)."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

FIRST_DAY = date(2020, 9, 27)

LEARNING_NUMBER = Rule[str]("national.learning-number", title="学习账号的编排")
LEARNING_SERIAL = Rule("national.learning-serial", title="学习账号的序号")
ACCOUNT_REVIEW = Rule("national.account-review", title="学习账户的合并和拆分")
REPORT_DUE = Rule("national.report-due", title="上报期限")
REPORT_IN_TIME = Rule("national.report-in-time", title="按期上报")
REPORT_CORRECTION = Rule("national.report-correction", title="更正上报")


@LEARNING_NUMBER.version("EA-15", since=FIRST_DAY)
def _(*, serial: int, on: date) -> str:
    """The parts stand in the parameter: the centre sets others from a day on, and nothing else changes."""
    number = ""
    for part in parameter("learning-account-number").on(on):
        if part["part"] == "literal":
            number += str(part["text"])
        elif part["part"] == "year":
            number += f"{on.year % 10 ** part['digits']:0{part['digits']}d}"
        elif part["part"] == "serial":
            number += f"{serial:0{part['digits']}d}"
        else:
            number += _check_digit(number)
    return number


@LEARNING_SERIAL.version("EA-15", since=FIRST_DAY)
def _(*, serial: int, on: date) -> Decision:
    digits = next(part["digits"] for part in parameter("learning-account-number").on(on) if part["part"] == "serial")
    largest = int("9" * digits)
    return decide("EA-15", 1 <= serial <= largest, "learning-serials-exhausted", largest=largest)


@ACCOUNT_REVIEW.version("EA-15", since=FIRST_DAY)
def _(*, is_same: bool, merged: str, on: date) -> Decision:
    """`merged` is the number of an account that is no longer one of its own."""
    return all_of(
        decide("EA-15", not is_same, "account-same"),
        decide("EA-15", not merged, "account-not-active", number=merged),
    )


def _check_digit(digits: str) -> str:
    """Luhn's: every single wrong digit and most exchanges of neighbours are found."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


@REPORT_DUE.version("EA-48", since=FIRST_DAY)
def _(*, due_on: date, on: date) -> Decision:
    return decide("EA-48", due_on >= on, "report-due-in-the-past", due=due_on, today=on)


@REPORT_IN_TIME.version("EA-48", since=FIRST_DAY)
def _(*, due_on: date, sent_on: date) -> Decision:
    return decide("EA-48", sent_on <= due_on, "report-late", due=due_on, days=(sent_on - due_on).days)


@REPORT_CORRECTION.version("EA-48", since=FIRST_DAY)
def _(*, version: int, note: str, changed: bool) -> Decision:
    if version == 1:
        return decide("EA-48", True, "report-correction-without-reason")
    if not changed:
        return decide("EA-48", False, "report-unchanged", version=version - 1)
    return decide("EA-48", bool(note.strip()), "report-correction-without-reason")
