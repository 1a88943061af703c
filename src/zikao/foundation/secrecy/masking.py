"""ID numbers and phones taken out of text that is not the place for them: logs, reasons, error reports."""

from __future__ import annotations

import logging
import re

_ID_NUMBER = re.compile(
    r"(?<![0-9])([1-9][0-9]{5})(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]([0-9]{3})[0-9Xx](?![0-9A-Za-z])"
)
_PHONE = re.compile(r"(?<![0-9A-Za-z.])(1[0-9]{2})[0-9]{4}([0-9]{4})(?![0-9A-Za-z])")


def mask_personal(text: str) -> str:
    """The text with the middle of every resident ID number and mobile phone number hidden."""
    return _PHONE.sub(r"\1****\2", _ID_NUMBER.sub(r"\1********\2*", text))


class MaskingFormatter(logging.Formatter):
    """Writes records, tracebacks too, without anybody's ID number or phone."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, masked as a whole."""
        return mask_personal(super().format(record))
