"""Worked cases: law that people can read and that runs as tests.

A file `law/cases/<stage>.yaml` is a list of groups `{rule, clause, cases: [{name, on, given, expect}]}`; `expect` is
`granted`, `not-in-force`, `{refused: [codes]}` or `{value: ...}`. Facts are converted to the types that the rule's
function declares. A span of time is written `30 min`, `2 h`, `3 d` or as ISO 8601; a bare number for a fact of type
timedelta counts minutes.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from zikao.foundation.regulation.catalogue import clause as clause_of
from zikao.foundation.regulation.discovery import load_rules
from zikao.foundation.regulation.faults import LawError, NotInForce
from zikao.foundation.regulation.findings import Decision
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read_folder
from zikao.foundation.regulation.versions import Version, rule

_SPAN = re.compile(r"(\d+) ?(s|min|h|d)")
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class WorkedCase:
    """Given facts, on a day, a rule is expected to grant, to refuse by code, or to give a value."""

    stage: str
    rule: str
    clause: str
    name: str
    on: date
    given: Mapping[str, Any]
    expect: Any

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def load_cases(folder: Path) -> Iterator[WorkedCase]:
    """Yield the cases of all files; raises LawError on a malformed group or a name used twice in one rule."""
    seen: set[tuple[str, str]] = set()
    for stage, groups in read_folder(folder):
        for group in groups:
            try:
                made = [_case(stage, group, entry) for entry in group["cases"]]
            except (TypeError, KeyError) as error:
                raise LawError(f"cases/{stage}.yaml: malformed group or case: {error!r}") from error
            for case in made:
                if (case.rule, case.name) in seen:
                    raise LawError(f"cases/{stage}.yaml: {case} is written twice")
                seen.add((case.rule, case.name))
                yield case


def _case(stage: str, group: Mapping[str, Any], entry: Mapping[str, Any]) -> WorkedCase:
    label = f"cases/{stage}.yaml: {group['rule']}: {entry.get('name')}"
    if set(entry) - {"name", "on", "given", "expect"}:
        raise LawError(f"{label}: takes name, on, given, expect")
    if type(entry["on"]) is not date:
        raise LawError(f"{label}: `on` is a date")
    clause_of(group["clause"])
    given = entry.get("given") or {}
    return WorkedCase(stage, group["rule"], group["clause"], str(entry["name"]), entry["on"], given, entry["expect"])


def cases() -> Iterator[WorkedCase]:
    """Yield all worked cases of `law/cases`."""
    return load_cases(LAW_FOLDER / "cases")


def check_case(case: WorkedCase) -> str | None:
    """Run one case; return None when it holds, else what was expected and what came."""
    load_rules()
    tested = rule(case.rule)
    try:
        version = tested.version_on(case.on)
    except NotInForce:
        return None if case.expect == "not-in-force" else f"{case}: no version in force on {case.on}"
    if case.expect == "not-in-force":
        return f"{case}: expected not-in-force, but a version of {version.since} is in force on {case.on}"
    try:
        facts = convert(version, case.given)
    except (ValidationError, LawError) as error:
        return f"{case}: the facts do not fit the rule: {error}"
    result = tested(on=case.on, **facts)
    cited = {*tested.clauses, *(f.clause for f in getattr(result, "findings", ()))}
    if case.clause not in cited:
        return f"{case}: stands under {case.clause}, but the rule cites {', '.join(sorted(cited))}"
    failure = _difference(case.expect, result, version)
    return f"{case}: {failure}" if failure else None


def _difference(expect: Any, result: object, version: Version[Any]) -> str | None:
    if isinstance(expect, dict) and set(expect) == {"value"}:
        return _value_difference(expect["value"], result, version)
    if not isinstance(result, Decision):
        return f"expected {expect!r}, got the value {result!r}"
    codes = sorted(finding.code for finding in result.refusals)
    if expect == "granted":
        return None if result.granted else f"expected granted, refused by {codes}"
    if isinstance(expect, dict) and set(expect) == {"refused"} and expect["refused"]:
        wanted = sorted(expect["refused"])
        return None if codes == wanted else f"expected refused {wanted}, got {codes or 'granted'}"
    return f"cannot read expect: {expect!r}"


def _value_difference(expected: Any, result: object, version: Version[Any]) -> str | None:
    try:
        wanted = _fit(get_type_hints(version.function).get("return", Any), expected)
    except ValidationError:
        return f"expected {expected!r}, which is no result of this rule; got {result!r}"
    return None if result == wanted else f"expected {wanted!r}, got {result!r}"


def convert(version: Version[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give each fact the type that the version's function declares; raises LawError, ValidationError."""
    hints = get_type_hints(version.function)
    if strange := sorted(set(given) - version.facts):
        raise LawError(f"unknown facts {', '.join(strange)}")
    return {name: _fit(hints.get(name, Any), value) for name, value in given.items()}


def _fit(hint: Any, value: Any) -> Any:
    if type(value) is int and timedelta in _alternatives(hint) and int not in _alternatives(hint):
        value = timedelta(minutes=value)
    return TypeAdapter(hint).validate_python(_spans(value))


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _spans(value: Any) -> Any:
    """Replace `30 min` and the like, at any depth."""
    if isinstance(value, str) and (match := _SPAN.fullmatch(value)):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    if isinstance(value, dict):
        return {key: _spans(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_spans(part) for part in value]
    return value
