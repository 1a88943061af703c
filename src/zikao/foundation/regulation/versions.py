"""Dated rules: a name, versions that each cite their clause, and the register of all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic

from typing_extensions import TypeVar

from zikao.foundation.regulation.catalogue import clause as clause_of
from zikao.foundation.regulation.faults import LawError, NotInForce
from zikao.foundation.regulation.findings import Decision

Result = TypeVar("Result", default=Decision)
_Function = TypeVar("_Function", bound=Callable[..., object])
_RULES: dict[str, Rule[Any]] = {}


@dataclass(frozen=True)
class Version(Generic[Result]):
    """A rule as it stands from `since` up to, not including, `until`."""

    clauses: tuple[str, ...]
    since: date
    until: date | None
    function: Callable[..., Result]
    facts: frozenset[str]

    def covers(self, day: date) -> bool:
        """Whether the version is in force on the day."""
        return self.since <= day and (self.until is None or day < self.until)

    def overlaps(self, since: date, until: date | None) -> bool:
        """Whether any day would belong to this version and to [since, until)."""
        return (until is None or self.since < until) and (self.until is None or since < self.until)


class Rule(Generic[Result]):
    """A point of law, named as a lawyer would; call it with the day and the facts.

        SUSPENSION = Rule("candidates.suspension", title="停考期内不得报名报考")

        @SUSPENSION.version("EA-12.3", since=date(2020, 9, 27))
        def _(*, suspended_until: date | None, on: date) -> Decision: ...

    It returns a Decision; `Rule[int]("...")` returns a number instead.
    """

    def __init__(self, name: str, *, title: str = "") -> None:
        if name in _RULES:
            raise LawError(f"rule {name!r} is defined twice")
        self.name = name
        self.title = title
        self.versions: tuple[Version[Result], ...] = ()
        _RULES[name] = self

    def __repr__(self) -> str:
        return f"<Rule {self.name}>"

    def version(
        self, clause: str | tuple[str, ...], /, *, since: date, until: date | None = None
    ) -> Callable[[_Function], _Function]:
        """Register a version by decorator; an unknown clause or an overlapping period is a LawError."""
        cited = (clause,) if isinstance(clause, str) else tuple(clause)
        if not cited:
            raise LawError(f"rule {self.name}: a version needs a clause")
        for clause_id in cited:
            clause_of(clause_id)
        if until is not None and until <= since:
            raise LawError(f"rule {self.name}: the version of {since} ends before it begins")
        if any(other.overlaps(since, until) for other in self.versions):
            raise LawError(f"rule {self.name}: the version of {since} overlaps another")

        def register(function: _Function) -> _Function:
            made: Version[Any] = Version(cited, since, until, function, self._facts_of(function))
            self.versions = tuple(sorted((*self.versions, made), key=lambda v: v.since))
            return function

        return register

    def _facts_of(self, function: Callable[..., object]) -> frozenset[str]:
        parameters = inspect.signature(function).parameters.values()
        if any(parameter.kind is not parameter.KEYWORD_ONLY for parameter in parameters):
            raise LawError(f"rule {self.name}: facts are keyword-only")
        return frozenset(parameter.name for parameter in parameters)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The ids of all clauses that any version cites."""
        return tuple(dict.fromkeys(clause_id for version in self.versions for clause_id in version.clauses))

    def version_on(self, day: date) -> Version[Result]:
        """Return the version in force on the day; raises NotInForce."""
        for version in self.versions:
            if version.covers(day):
                return version
        clause_id = self.versions[0].clauses[0] if self.versions else None
        raise NotInForce(self.name, day, title=self.title, clause=clause_id)

    def __call__(self, *, on: date, **facts: Any) -> Result:
        """Apply the version of the day `on` to the facts that it declares.

        Facts that only another version declares are left out; one that no version knows is a TypeError, as is a
        missing one. Raises NotInForce.
        """
        version = self.version_on(on)
        if "on" in version.facts:
            facts["on"] = on
        if facts.keys() <= version.facts:
            return version.function(**facts)
        given = {name: value for name, value in facts.items() if name in version.facts}
        known = frozenset({"on"}).union(*(v.facts for v in self.versions))
        if strange := sorted(set(facts) - known):
            raise TypeError(f"rule {self.name} knows no fact {', '.join(strange)}")
        return version.function(**given)


def rules() -> tuple[Rule[Any], ...]:
    """Return all rules that have been imported, by name."""
    return tuple(_RULES[name] for name in sorted(_RULES))


def rule(name: str) -> Rule[Any]:
    """Return the imported rule of that name; raises LawError."""
    try:
        return _RULES[name]
    except KeyError:
        raise LawError(f"no rule {name!r} among the imported ones") from None
