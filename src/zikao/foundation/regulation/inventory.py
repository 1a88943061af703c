"""The inventory of exam information: kinds with owner, classification, retention and place (EA-45)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from zikao.foundation.regulation.catalogue import clause as clause_of
from zikao.foundation.regulation.faults import LawError
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read
from zikao.foundation.regulation.schedule import Keeping, retention_schedule


@dataclass(frozen=True)
class InformationKind:
    """One kind of exam information.

    named     the words of the clause that it belongs to; empty for what the system keeps beside them
    schedules the kinds of the retention schedule by which it is kept; none: `retention` says how
    tables    where it stands: model labels, "candidates.candidate"
    """

    kind: str
    title: str
    named: str
    owner: str
    classification: str
    clause: str
    retention: str
    tables: tuple[str, ...]
    schedules: tuple[str, ...] = ()

    @property
    def keepings(self) -> tuple[Keeping, ...]:
        """The entries of the retention schedule."""
        return tuple(retention_schedule()[name] for name in self.schedules)


@cache
def information_kinds() -> dict[str, InformationKind]:
    """Every kind by its name. Raises LawError where a table stands under two kinds, or a schedule is unknown."""
    content = read(LAW_FOLDER / "retention" / "inventory.yaml")
    kinds = {kind: _kind(kind, entry) for kind, entry in content.items()}
    tables = [table for kind in kinds.values() for table in kind.tables]
    if twice := sorted({table for table in tables if tables.count(table) > 1}):
        raise LawError(f"retention/inventory.yaml: under two kinds: {', '.join(twice)}")
    return kinds


def _kind(kind: str, entry: dict[str, object]) -> InformationKind:
    lists: dict[str, tuple[str, ...]] = {name: tuple(entry.get(name, ())) for name in ("tables", "schedules")}  # type: ignore[arg-type]
    try:
        made = InformationKind(kind=kind, **{**entry, **lists})  # type: ignore[arg-type]
    except TypeError as error:
        raise LawError(f"retention/inventory.yaml: {kind}: {error}") from error
    clause_of(made.clause)
    if unknown := set(made.schedules) - retention_schedule().keys():
        raise LawError(f"retention/inventory.yaml: {kind}: no such schedule: {unknown}")
    if not (made.title and made.owner and made.classification and made.retention):
        raise LawError(f"retention/inventory.yaml: {kind}: title, owner, classification and retention are needed")
    return made
