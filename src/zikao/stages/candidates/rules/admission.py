"""Admission numbers (准考证号): how the twelve digits are put together, and when a county has none left."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, decide, parameter

FIRST_DAY = date(2020, 9, 27)

ADMISSION_NUMBER = Rule[str]("candidates.admission-number", title="准考证号的编排")
ADMISSION_SERIAL = Rule("candidates.admission-serial", title="考生序号")


@ADMISSION_NUMBER.version("EA-14", since=FIRST_DAY)
def _(*, county_code: str, year: int, sitting_digit: int, serial: int) -> str:
    return f"{county_code[2:6]}{year % 100:02d}{sitting_digit}{serial:05d}"


@ADMISSION_SERIAL.version("EA-14", since=FIRST_DAY)
def _(*, serial: int, on: date) -> Decision:
    largest = parameter("admission-serial-maximum").on(on)
    return decide("EA-14", 1 <= serial <= largest, "admission-serials-exhausted", largest=largest)
