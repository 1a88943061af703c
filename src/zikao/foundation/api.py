"""What every answer of the API may be besides what was asked for: a refusal in words."""

from __future__ import annotations

from typing import Annotated

from ninja import Path, Query, Schema


class Problem(Schema):
    """Why it was not answered: a code for programs, sentences for people, the clause where the law speaks."""

    code: str
    message: str
    remedy: str
    clause: str | None = None
    facts: dict[str, str] = {}


SittingCode = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}$", description="考次，例如 2026-10")]
Words = Annotated[str, Query(max_length=40, pattern=r"^[^\u0000]*$")]
