"""The register of clauses: every duty of the two regulations, with its citation in Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from zikao.foundation.regulation.faults import LawError, UnknownClause
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read, read_entries

KINDS = frozenset({"rule", "flow", "record", "document", "report", "duty", "context"})
NAMES = {"EA": "考务", "SR": "考籍"}
_ID = re.compile(r"(EA|SR)-(A)?(\d+(?:\.\d+)*)([a-z]?)")
_DIGITS = "零一二三四五六七八九十"


def chinese_number(number: int) -> str:
    """Write 1..99 as the regulations do: 十, 十四, 二十一."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True, order=True)
class _Place:
    """Where a clause stands; its order is the order of the regulations."""

    regulation: str
    annexed: bool
    numbers: tuple[int, ...]
    suffix: str

    @classmethod
    def of(cls, clause_id: str) -> _Place:
        match = _ID.fullmatch(clause_id)
        if match is None:
            raise LawError(f"{clause_id!r} is not shaped like a clause id")
        regulation, annexed, numbers, suffix = match.groups()
        return cls(regulation, annexed is not None, tuple(int(n) for n in numbers.split(".")), suffix)

    def text(self, item: str) -> str:
        """Return the place in Chinese; `item` is the article's own item where it has numbered ones."""
        if not self.annexed:
            return f"第{chinese_number(self.numbers[0])}条{item}"
        annex, article, *deeper = self.numbers
        return f"附件{annex}第{chinese_number(article)}条{item or _annex_item(annex, deeper)}"


def _annex_item(annex: int, deeper: list[int]) -> str:
    """Name the item in an annex's article: （二）, below it 第4项; annex 7 numbers 1, 2, 3."""
    if not deeper:
        return ""
    if annex == 7:
        return f"第{deeper[0]}项"
    below = f"第{deeper[1]}项" if len(deeper) > 1 else ""
    return f"（{chinese_number(deeper[0])}）{below}"


@dataclass(frozen=True)
class Clause:
    """One duty of a regulation.

    `kind` is one of KINDS; `stage` the room that answers for it; `title` and `summary` are ours, in Chinese;
    `why` says of a context clause why there is nothing to program.
    """

    id: str
    kind: str
    stage: str
    title: str
    summary: str
    why: str = ""
    item: str = ""

    @property
    def regulation(self) -> str:
        """EA (考务) or SR (考籍)."""
        return self.id[:2]

    @property
    def place(self) -> str:
        """第十四条, 附件2第三条（二）."""
        return _Place.of(self.id).text(self.item)

    @property
    def citation(self) -> str:
        """考务规定第十四条, 考籍规定附件2第三条（二）."""
        return f"{NAMES[self.regulation]}规定{self.place}"

    @property
    def chip(self) -> str:
        """The short form on the clause chip: 考务 第十四条."""
        return f"{NAMES[self.regulation]} {self.place}"


def load_clauses(folder: Path) -> dict[str, Clause]:
    """Read the register, in the order of the regulations. Raises LawError on a bad entry."""
    found = {}
    for stem, clause_id, entry in read_entries(folder):
        _Place.of(clause_id)
        try:
            made = Clause(id=clause_id, **entry)
        except TypeError as error:
            raise LawError(f"clauses/{stem}.yaml: {clause_id}: {error}") from error
        if made.kind not in KINDS:
            raise LawError(f"clauses/{stem}.yaml: {clause_id}: no kind {made.kind!r}")
        found[clause_id] = made
    return {key: found[key] for key in sorted(found, key=_Place.of)}


@cache
def _register() -> dict[str, Clause]:
    return load_clauses(LAW_FOLDER / "clauses")


def clause(clause_id: str) -> Clause:
    """Return the clause; raises UnknownClause."""
    try:
        return _register()[clause_id]
    except KeyError:
        raise UnknownClause(clause_id) from None


def clauses() -> tuple[Clause, ...]:
    """Return all clauses in the order of the regulations."""
    return tuple(_register().values())


@cache
def stages() -> dict[str, str]:
    """Return the Chinese names of the stages that answer for clauses, in the order of the life cycle."""
    return dict(read(LAW_FOLDER / "stages.yaml"))


def clause_order(clause_id: str) -> _Place:
    """Return a sort key that puts ids in the order of the regulations."""
    return _Place.of(clause_id)
