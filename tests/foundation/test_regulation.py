"""Dated rules, decisions, clauses and citations."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zikao.foundation.errors import Refused
from zikao.foundation.regulation import (
    Decision,
    Finding,
    LawError,
    NotInForce,
    Rule,
    UnknownClause,
    all_of,
    clause,
    clauses,
    decide,
    granted,
    refused,
    rules,
    versions,
)

FIRST_DAY = date(2020, 9, 27)


@pytest.fixture(autouse=True)
def own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_RULES", {})


def suspension() -> Rule[Decision]:
    rule = Rule("test.suspension", title="停考期内不得报名报考")

    @rule.version("EA-12.3", since=FIRST_DAY)
    def _(*, suspended_until: date | None, on: date) -> Decision:
        return decide("EA-12.3", suspended_until is None or on >= suspended_until, "suspended", until=suspended_until)

    return rule


@pytest.mark.parametrize(
    ("clause_id", "citation", "chip"),
    [
        ("EA-14", "考务规定第十四条", "考务 第十四条"),
        ("EA-33.2", "考务规定第三十三条（二）", "考务 第三十三条（二）"),
        ("EA-A1.2", "考务规定附件1第二条", "考务 附件1第二条"),
        ("EA-A6.17", "考务规定附件6第十七条", "考务 附件6第十七条"),
        ("EA-A7.1.2", "考务规定附件7第一条第2项", "考务 附件7第一条第2项"),
        ("EA-A9.2.1.4a", "考务规定附件9第二条（一）第4项", "考务 附件9第二条（一）第4项"),
        ("SR-18.1.6", "考籍规定第十八条第一款（六）", "考籍 第十八条第一款（六）"),
        ("SR-A2.3.2", "考籍规定附件2第三条（二）", "考籍 附件2第三条（二）"),
        ("SR-A1.10b", "考籍规定附件1第十条", "考籍 附件1第十条"),
    ],
)
def test_clause_is_cited_as_the_regulation_numbers_it(clause_id: str, citation: str, chip: str) -> None:
    assert (clause(clause_id).citation, clause(clause_id).chip) == (citation, chip)


@pytest.mark.parametrize("clause_id", ["EA-55", "SR-18", "EA-14.1", "", "ea-14", "EA-14 "])
def test_unknown_clause_fails_at_once(clause_id: str) -> None:
    with pytest.raises(UnknownClause):
        clause(clause_id)


def test_clauses_stand_in_the_order_of_the_regulations() -> None:
    ids = [item.id for item in clauses()]
    assert ids[0] == "EA-1"
    assert ids.index("EA-21.9") < ids.index("EA-21.10") < ids.index("EA-54") < ids.index("EA-A1.1") < ids.index("SR-1")
    assert ids[-1] == "SR-A3.7"


def test_rule_grants_and_refuses_on_either_side_of_the_boundary() -> None:
    rule = suspension()
    until = date(2026, 9, 1)
    assert not rule(on=date(2026, 8, 31), suspended_until=until).granted
    assert rule(on=until, suspended_until=until).granted


def test_rule_is_silent_before_its_first_day() -> None:
    rule = suspension()
    with pytest.raises(NotInForce) as caught:
        rule(on=FIRST_DAY - timedelta(days=1), suspended_until=None)
    assert caught.value.clause == "EA-12.3"
    assert "停考期内不得报名报考" in caught.value.message
    assert rule(on=FIRST_DAY, suspended_until=None).granted


def test_rule_passes_only_declared_facts_but_refuses_unknown_ones() -> None:
    rule = Rule[str]("test.changing")

    @rule.version("EA-14", since=date(2020, 1, 1), until=date(2025, 1, 1))
    def _(*, old: str) -> str:
        return old

    @rule.version(("EA-14", "EA-12.1"), since=date(2025, 1, 1))
    def _(*, new: str) -> str:
        return new

    assert rule(on=date(2024, 12, 31), old="a", new="b") == "a"
    assert rule(on=date(2025, 1, 1), old="a", new="b") == "b"
    assert rule.clauses == ("EA-14", "EA-12.1")
    with pytest.raises(TypeError, match="knows no fact odd"):
        rule(on=date(2025, 1, 1), new="b", odd=1)
    with pytest.raises(TypeError):
        rule(on=date(2025, 1, 1), old="a")


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2023, 1, 1), None),
        (date(2019, 1, 1), date(2020, 1, 2)),
        (date(2021, 1, 1), date(2022, 1, 1)),
        (date(2019, 1, 1), None),
        (date(2024, 12, 31), date(2026, 1, 1)),
    ],
)
def test_overlapping_version_fails_at_import(since: date, until: date | None) -> None:
    rule = Rule("test.overlap")
    rule.version("EA-14", since=date(2020, 1, 1), until=date(2025, 1, 1))(granted)
    with pytest.raises(LawError, match="overlaps"):
        rule.version("EA-14", since=since, until=until)


def test_version_may_follow_on_the_very_day_another_ends() -> None:
    rule = Rule("test.follow")
    rule.version("EA-14", since=date(2025, 1, 1))(granted)
    rule.version("EA-14", since=date(2020, 1, 1), until=date(2025, 1, 1))(lambda: refused("EA-14", "no"))
    assert not rule(on=date(2024, 12, 31)).granted
    assert rule(on=date(2025, 1, 1)).granted


@pytest.mark.parametrize(
    ("cited", "until", "error"),
    [("EA-99", None, UnknownClause), ((), None, LawError), ("EA-14", FIRST_DAY, LawError)],
)
def test_malformed_version_fails_at_import(cited: str | tuple[str, ...], until: date | None, error: type) -> None:
    with pytest.raises(error):
        Rule("test.bad").version(cited, since=FIRST_DAY, until=until)


def test_positional_facts_and_second_rule_of_a_name_fail_at_import() -> None:
    rule = Rule("test.positional")
    with pytest.raises(LawError, match="keyword-only"):
        rule.version("EA-14", since=FIRST_DAY)(lambda age: granted())
    with pytest.raises(LawError, match="twice"):
        Rule("test.positional")
    assert [known.name for known in rules()] == ["test.positional"]


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)))
def test_each_day_has_at_most_one_version(day: date) -> None:
    versions._RULES.clear()
    rule = Rule[int]("test.days")
    borders = [date(2020, 1, 1), date(2022, 6, 1), date(2024, 1, 1), date(2026, 1, 1)]
    for number, (since, until) in enumerate(pairwise(borders)):
        rule.version("EA-14", since=since, until=until)(_returns(number))
    if borders[0] <= day < borders[-1]:
        assert rule(on=day) == sum(border <= day for border in borders) - 1
    else:
        with pytest.raises(NotInForce):
            rule(on=day)


def _returns(number: int) -> Callable[[], int]:
    def version() -> int:
        return number

    return version


def test_decision_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="granted"):
        bool(granted())
    with pytest.raises(TypeError):
        assert not refused("EA-14", "no")


def test_joined_decision_keeps_every_finding_and_shows_the_first_refusal() -> None:
    joined = all_of(
        decide("EA-12.1", True, "fine", a=1),
        refused("EA-12.3", "first", until=date(2026, 9, 1)),
        refused("EA-14", "second", code="shadow", clause="x", ok=True),
        granted(),
    )
    assert not joined.granted
    assert [finding.code for finding in joined.findings] == ["fine", "first", "second"]
    assert joined.refusals[1].facts == {"code": "shadow", "clause": "x", "ok": True}
    with pytest.raises(Refused) as caught:
        joined.require()
    assert (caught.value.code, caught.value.clause) == ("first", "EA-12.3")
    assert caught.value.facts == {"until": date(2026, 9, 1)}
    assert [finding.code for finding in caught.value.findings] == ["first", "second"]
    assert caught.value.message
    assert caught.value.remedy


def test_granted_decision_requires_nothing() -> None:
    granted().require()
    all_of().require()
    decide("EA-14", True, "fine").require()


def test_finding_needs_a_clause_of_the_register() -> None:
    with pytest.raises(UnknownClause):
        Finding("x", "EA-0")
    with pytest.raises(UnknownClause):
        decide("§ 14", True, "x")
