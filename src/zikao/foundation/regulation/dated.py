"""Dated parameters: the numbers of the law by day, and the bounds of a province's own choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from zikao.foundation.regulation.catalogue import clause as clause_of
from zikao.foundation.regulation.faults import LawError, NotInForce, UnknownParameter
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read_entries, read_folder

_KEYS = {"title", "unit", "clause", "values", "province", "basis"}


@dataclass(frozen=True)
class Dated:
    """A value and its first day."""

    since: date
    value: Any


@dataclass(frozen=True)
class Bounds:
    """What a province may choose: a number from min to max, or one of `choices`; none given means free."""

    min: int | Decimal | None = None
    max: int | Decimal | None = None
    choices: tuple[Any, ...] | None = None

    def allow(self, value: Any) -> bool:
        """Whether a province may set this value."""
        if self.choices is not None and value not in self.choices:
            return False
        if self.min is None and self.max is None:
            return True
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return False
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)


@dataclass(frozen=True)
class Parameter:
    """A number (or text, list, mapping) that the law states, with its unit and clause.

    `basis` is `regulation` where the clause states the value, else it says what the value rests on.
    """

    name: str
    title: str
    unit: str
    clause: str
    values: tuple[Dated, ...]
    stage: str
    province: Bounds | None = None
    basis: str = "regulation"
    overrides: dict[str, tuple[Dated, ...]] = field(default_factory=dict, compare=False)

    def on(self, day: date, province: str | None = None) -> Any:
        """Return the value of the day, the province's own where set; NotInForce before the first."""
        national = _latest(self.values, day)
        if national is None:
            raise NotInForce(self.name, day, title=self.title, clause=self.clause)
        own = _latest(self.own_of(province), day) if province else None
        return (own or national).value

    def own_of(self, province: str) -> tuple[Dated, ...]:
        """The province's own values: by its detailed rules, else by its file."""
        return _own.get((province, self.name)) or self.overrides.get(province, ())


_own: dict[tuple[str, str], tuple[Dated, ...]] = {}


def put_own(values: Mapping[tuple[str, str], tuple[Dated, ...]]) -> None:
    """Replace all values set by detailed rules, by (province, parameter); see `own_values`."""
    global _own  # one assignment: a reader in another thread sees the old or the new, never a part
    _own = dict(values)


def _latest(values: tuple[Dated, ...], day: date) -> Dated | None:
    found = None
    for dated in values:
        if dated.since > day:
            break
        found = dated
    return found


def _dated(label: str, raw: Any) -> tuple[Dated, ...]:
    try:
        values = tuple(Dated(entry["since"], entry["value"]) for entry in raw)
    except (TypeError, KeyError) as error:
        raise LawError(f"{label}: values need since and value") from error
    if not values or not all(type(v.since) is date for v in values):
        raise LawError(f"{label}: each value needs its first day")
    if any(one.since >= next_one.since for one, next_one in pairwise(values)):
        raise LawError(f"{label}: values must stand in order of date, one a day")
    return values


def _bounds(label: str, raw: Any) -> Bounds | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or set(raw) - {"min", "max", "choices"}:
        raise LawError(f"{label}: province takes min, max, choices")
    choices = raw.get("choices")
    return Bounds(raw.get("min"), raw.get("max"), tuple(choices) if choices is not None else None)


def _parameter(stage: str, name: str, entry: dict[str, Any]) -> Parameter:
    label = f"parameters/{stage}.yaml: {name}"
    if set(entry) - _KEYS or not {"title", "unit", "clause", "values"} <= set(entry):
        raise LawError(f"{label}: needs title, unit, clause, values; may have province, basis")
    clause_of(entry["clause"])
    made = Parameter(
        name,
        entry["title"],
        entry["unit"],
        entry["clause"],
        _dated(label, entry["values"]),
        stage,
        _bounds(label, entry.get("province")),
        entry.get("basis", "regulation"),
    )
    if made.province and not all(made.province.allow(v.value) for v in made.values):
        raise LawError(f"{label}: the national value lies outside its own bounds")
    return made


def load_parameters(folder: Path) -> dict[str, Parameter]:
    """Read all parameters and the provinces' own values (`provinces/<code>.yaml`).

    Raises LawError for a bad entry, a name used twice, a provincial value outside the bounds or before the
    national one; UnknownClause; UnknownParameter.
    """
    found = {name: _parameter(stage, name, entry) for stage, name, entry in read_entries(folder)}
    for code, content in read_folder(folder / "provinces"):
        for name, raw in content.items():
            _override(found, code, name, raw)
    return found


def _override(found: dict[str, Parameter], code: str, name: str, raw: Any) -> None:
    label = f"parameters/provinces/{code}.yaml: {name}"
    if name not in found:
        raise UnknownParameter(name)
    parameter = found[name]
    if parameter.province is None:
        raise LawError(f"{label}: provinces have no choice here")
    values = _dated(label, raw)
    for dated in values:
        if not parameter.province.allow(dated.value):
            raise LawError(f"{label}: {dated.value} of {dated.since} lies outside the bounds")
        if dated.since < parameter.values[0].since:
            raise LawError(f"{label}: {dated.since} is before the national rule")
    parameter.overrides[code] = values


@cache
def _register() -> dict[str, Parameter]:
    return load_parameters(LAW_FOLDER / "parameters")


def parameter(name: str) -> Parameter:
    """Return the parameter; raises UnknownParameter."""
    try:
        return _register()[name]
    except KeyError:
        raise UnknownParameter(name) from None


def parameters() -> tuple[Parameter, ...]:
    """Return all parameters by name."""
    return tuple(_register()[name] for name in sorted(_register()))
