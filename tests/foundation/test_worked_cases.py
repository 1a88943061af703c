"""Worked cases: facts take the types of the rule, and a case that does not hold says why."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest

from zikao.foundation.regulation import (
    Decision,
    LawError,
    Rule,
    WorkedCase,
    check_case,
    decide,
    versions,
    worked,
)


class Kind(Enum):
    WRITTEN = "written"


@dataclass(frozen=True)
class Part:
    credits: Decimal
    kind: Kind


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Rule[Decision]:
    monkeypatch.setattr(worked, "load_rules", lambda: ())
    monkeypatch.setattr(versions, "_RULES", {})
    rule = Rule("test.waiting")

    @rule.version("EA-A1.2", since=date(2020, 9, 27))
    def _(*, on: date, late: timedelta | None, parts: list[Part]) -> Decision:
        assert all(type(part.credits) is Decimal and part.kind is Kind.WRITTEN for part in parts)
        return decide("EA-A1.2", late is None or late <= timedelta(minutes=15), "late", late=late)

    return rule


def case(expect: object, on: date = date(2026, 4, 11), clause: str = "EA-A1.2", **given: object) -> WorkedCase:
    return WorkedCase("test", "test.waiting", clause, "a case", on, {"parts": [], **given}, expect)


@pytest.mark.parametrize(
    "good",
    [
        case("granted", late="15 min"),
        case("granted", late=15),
        case("granted", late="PT15M"),
        case("granted", late=None, parts=[{"credits": 4, "kind": "written"}]),
        case({"refused": ["late"]}, late=16),
        case("not-in-force", on=date(2020, 9, 26), late=1),
    ],
    ids=repr,
)
def test_worked_case_holds_when_the_rule_agrees(waiting: Rule[Decision], good: WorkedCase) -> None:
    assert check_case(good) is None


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (case("granted", late=16), "expected granted"),
        (case({"refused": ["late"]}, late=15), "got granted"),
        (case({"refused": ["early"]}, late=16), "got ['late']"),
        (case({"refused": []}, late=15), "cannot read expect"),
        (case("refuse", late=16), "cannot read expect"),
        (case("not-in-force", late=1), "is in force"),
        (case("granted", on=date(2020, 9, 26), late=1), "no version in force"),
        (case("granted", clause="EA-14", late=1), "cites EA-A1.2"),
        (case("granted", late="soon"), "do not fit"),
        (case("granted", late=1, parts=[{"credits": 4, "kind": "oral"}]), "do not fit"),
        (case("granted", late=1, shoe_size=44), "unknown facts"),
        (case({"value": 1}, late=1), "expected 1"),
    ],
    ids=repr,
)
def test_worked_case_fails_with_a_reason_when_the_rule_differs(
    waiting: Rule[Decision], bad: WorkedCase, why: str
) -> None:
    assert why in (check_case(bad) or "")


def test_case_written_twice_fails_when_loaded(tmp_path: Path) -> None:
    one = "- {rule: r, clause: EA-14, cases: [{name: a, on: 2026-01-01, expect: granted}]}\n"
    (tmp_path / "a.yaml").write_text(one, encoding="utf-8")
    assert [str(found) for found in worked.load_cases(tmp_path)] == ["r: a"]
    (tmp_path / "b.yaml").write_text(one, encoding="utf-8")
    with pytest.raises(LawError, match="twice"):
        list(worked.load_cases(tmp_path))
