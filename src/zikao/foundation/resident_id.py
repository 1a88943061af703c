"""The resident identity number (GB 11643): its shape, its check character, and the birth date that it states."""

from __future__ import annotations

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")


def is_shaped(number: str) -> bool:
    """Whether it has 17 digits and a digit or X; half-width characters only."""
    return _SHAPE.fullmatch(number) is not None


def check_character(first_17: str) -> str:
    """The check character for the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def birth_date(number: str) -> date | None:
    """The birth date that a number of 18 characters states; None where there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
