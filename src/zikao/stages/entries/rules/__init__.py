"""The law of entering, paying and waiting."""

from zikao.stages.entries.rules.entering import (
    AREA,
    CHANGE,
    CLOSING,
    COURSES,
    NUMBER,
    PERIOD,
    PLACE,
    PLEDGE,
    UNIT_CLASH,
    WINDOW,
    WINDOW_PERIOD,
)
from zikao.stages.entries.rules.paying import AMOUNT, FEE, HOLD, MONEY, NOTICE, REFUND, TWO_PEOPLE, yuan
from zikao.stages.entries.rules.waiting import ARRIVAL, LET_IN, RATE

__all__ = [
    "AMOUNT",
    "AREA",
    "ARRIVAL",
    "CHANGE",
    "CLOSING",
    "COURSES",
    "FEE",
    "HOLD",
    "LET_IN",
    "MONEY",
    "NOTICE",
    "NUMBER",
    "PERIOD",
    "PLACE",
    "PLEDGE",
    "RATE",
    "REFUND",
    "TWO_PEOPLE",
    "UNIT_CLASH",
    "WINDOW",
    "WINDOW_PERIOD",
    "yuan",
]
