"""A file's bytes as text, in the encodings that spreadsheet programs here write."""

from __future__ import annotations

ENCODINGS = ("utf-8-sig", "gb18030")
UNREADABLE_ROW = "这一行不能读取：引号没有成对，或一格太长。"
"""What is said of a line that is no CSV."""


def text_of(data: bytes) -> str | None:
    """The text of UTF-8 or GB 18030 bytes, without a byte order mark; None where they are neither."""
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return None
