"""The schedule of keeping: what, from which day on, for how long, by which clause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from zikao.foundation.regulation.catalogue import clause as clause_of
from zikao.foundation.regulation.dated import parameter
from zikao.foundation.regulation.faults import LawError
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read

CARRIERS = ("paper", "digital", "video")
EVENTS = ("publication", "approval", "session")


@dataclass(frozen=True)
class Keeping:
    """How one kind of thing is kept; `event` starts its time, no parameter means for ever."""

    kind: str
    title: str
    carrier: str
    clause: str
    event: str
    classification: str
    owner: str
    parameter: str | None = None

    def months(self, on: date, province: str | None = None) -> int | None:
        """The least time in months by the law of that day; None: for ever. Raises NotInForce."""
        return None if self.parameter is None else int(parameter(self.parameter).on(on, province=province))


@cache
def retention_schedule() -> dict[str, Keeping]:
    """Every kind by its name. Raises LawError, UnknownClause, UnknownParameter."""
    content = read(LAW_FOLDER / "retention" / "schedule.yaml")
    return {kind: _keeping(kind, entry) for kind, entry in content.items()}


def _keeping(kind: str, entry: dict[str, str]) -> Keeping:
    try:
        keeping = Keeping(kind=kind, **entry)
    except TypeError as error:
        raise LawError(f"retention/schedule.yaml: {kind}: {error}") from error
    if keeping.carrier not in CARRIERS or keeping.event not in EVENTS:
        raise LawError(f"retention/schedule.yaml: {kind}: unknown carrier or event")
    clause_of(keeping.clause)
    if keeping.parameter is not None:
        parameter(keeping.parameter)
    return keeping
