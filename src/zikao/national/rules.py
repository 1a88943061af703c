"""The centre's own law of learning accounts (学习账户): how numbers are composed, and who may be merged."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

FIRST_DAY = date(2020, 9, 27)

LEARNING_NUMBER = Rule[str]("national.learning-number", title="学习账号的编排")
LEARNING_SERIAL = Rule("national.learning-serial", title="学习账号的序号")
ACCOUNT_REVIEW = Rule("national.account-review", title="学习账户的合并和拆分")


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
