"""Parameters, refusal texts and the other files of the law room."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from zikao.foundation.regulation import (
    LawError,
    NotInForce,
    UnknownClause,
    UnknownParameter,
    dated,
    glossary_markdown,
    in_chinese,
    lawfiles,
    parameter,
    refusal_text,
    texts,
    violation_codes,
)

GRACE = "grace: {title: 宽限, unit: minutes, clause: EA-A1.2, values: [{since: 2020-09-27, value: 15}], province: %s}\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_law_yaml_reads_codes_fractions_and_days_as_written(tmp_path: Path) -> None:
    text = "{on: 2026-03-01, code: 00012, share: 0.1, at: 14:30, yes: no, empty: , late: true, n: -3, list: [1, 02]}"
    assert lawfiles.read(write(tmp_path, "a.yaml", text)) == {
        "on": date(2026, 3, 1),
        "code": "00012",
        "share": Decimal("0.1"),
        "at": "14:30",
        "yes": "no",
        "empty": None,
        "late": True,
        "n": -3,
        "list": [1, "02"],
    }


@pytest.mark.parametrize("text", ["a: {b: 1}\na: {b: 2}", "a: [", "- a", "a: 1", "a: !!python/name:os.system {}"])
def test_malformed_law_file_fails_when_loaded(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a.yaml", text)
    with pytest.raises(LawError):
        list(lawfiles.read_entries(tmp_path))


def test_parameter_gives_the_value_of_the_day(tmp_path: Path) -> None:
    values = "[{since: 2020-09-27, value: 2}, {since: 2025-01-01, value: 0.5}]"
    two = f"x: {{title: 甲, unit: people, clause: EA-14, values: {values}}}"
    write(tmp_path, "a.yaml", two)
    x = dated.load_parameters(tmp_path)["x"]
    assert (x.on(date(2020, 9, 27)), x.on(date(2024, 12, 31)), x.on(date(2025, 1, 1))) == (2, 2, Decimal("0.5"))
    with pytest.raises(NotInForce):
        x.on(date(2020, 9, 26))


def test_province_sets_its_own_value_from_its_day_and_within_the_bounds(tmp_path: Path) -> None:
    write(tmp_path, "conduct.yaml", GRACE % "{min: 0, max: 15}")
    write(tmp_path, "provinces/32.yaml", "grace: [{since: 2024-01-01, value: 10}]")
    grace = dated.load_parameters(tmp_path)["grace"]
    assert grace.on(date(2023, 12, 31), province="32") == 15
    assert grace.on(date(2024, 1, 1), province="32") == 10
    assert grace.on(date(2024, 1, 1), province="33") == 15
    assert grace.on(date(2024, 1, 1)) == 15


@pytest.mark.parametrize(
    ("bounds", "override", "error"),
    [
        ("{min: 0, max: 15}", "grace: [{since: 2024-01-01, value: 16}]", LawError),
        ("{min: 0, max: 15}", "grace: [{since: 2024-01-01, value: -1}]", LawError),
        ("{min: 0, max: 15}", "grace: [{since: 2024-01-01, value: true}]", LawError),
        ("{min: 0, max: 15}", "grace: [{since: 2020-09-26, value: 10}]", LawError),
        ("{min: 0, max: 15}", "grace: [{since: 2024-01-01, value: 1}, {since: 2024-01-01, value: 2}]", LawError),
        ("{min: 0, max: 15}", "other: [{since: 2024-01-01, value: 1}]", UnknownParameter),
        ("{choices: [15, 20]}", "grace: [{since: 2024-01-01, value: 16}]", LawError),
        ("{max: 14}", "", LawError),
        ("{most: 15}", "", LawError),
        ("null", "grace: [{since: 2024-01-01, value: 15}]", LawError),
    ],
)
def test_province_value_outside_the_law_fails_when_loaded(
    tmp_path: Path, bounds: str, override: str, error: type[Exception]
) -> None:
    write(tmp_path, "conduct.yaml", GRACE % bounds)
    write(tmp_path, "provinces/32.yaml", override)
    with pytest.raises(error):
        dated.load_parameters(tmp_path)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x: {title: a, unit: b, clause: EA-99, values: [{since: 2020-01-01, value: 1}]}", UnknownClause),
        ("x: {title: a, unit: b, values: [{since: 2020-01-01, value: 1}]}", LawError),
        ("x: {title: a, unit: b, clause: EA-14, values: []}", LawError),
        ("x: {title: a, unit: b, clause: EA-14, values: [{value: 1}]}", LawError),
        ("x: {title: a, unit: b, clause: EA-14, values: [{since: soon, value: 1}]}", LawError),
        ("x: {title: a, unit: b, clause: EA-14, extra: 1, values: [{since: 2020-01-01, value: 1}]}", LawError),
    ],
)
def test_malformed_parameter_fails_when_loaded(tmp_path: Path, text: str, error: type[Exception]) -> None:
    write(tmp_path, "a.yaml", text)
    with pytest.raises(error):
        dated.load_parameters(tmp_path)


def test_name_in_two_files_fails_when_loaded(tmp_path: Path) -> None:
    for stage in ("a", "b"):
        write(tmp_path, f"{stage}.yaml", GRACE % "null")
    with pytest.raises(LawError, match=r"a\.yaml and in b\.yaml"):
        dated.load_parameters(tmp_path)


def test_unknown_parameter_fails_at_once() -> None:
    with pytest.raises(UnknownParameter):
        parameter("no-such-number")


class Kind(Enum):
    WRITTEN = "written"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 9, 1), "2026年9月1日"),
        (datetime(2026, 4, 11, 1, 0, tzinfo=ZoneInfo("UTC")), "2026年4月11日 09:00"),
        (timedelta(minutes=95), "1小时35分钟"),
        (timedelta(minutes=-5), "-5分钟"),
        (timedelta(seconds=20), "20秒"),
        (["00012", "00015"], "00012、00015"),
        ([], "—"),
        (True, "是"),
        (None, "—"),
        (Decimal("60.5"), "60.5"),
        (Kind.WRITTEN, "written"),
    ],
)
def test_fact_reads_as_people_write_it(value: object, text: str) -> None:
    assert in_chinese(value) == text


def test_refusal_text_never_breaks_a_page() -> None:
    assert texts.fill("至 {until}，共 {n:d} 门", {"until": date(2026, 9, 1), "n": 3}) == "至 2026年9月1日，共 3 门"
    assert texts.fill("{missing} {n:d} {a.b} {c[0]} {0}", {"n": "x", "a": 1}) == "— x — — —"
    message, remedy = refusal_text("no-such-code", {})
    assert "no-such-code" in message
    assert remedy


@pytest.mark.parametrize(
    "text", ["c: {message: 甲}", "c: {message: 甲, remedy: ''}", "c: {message: 甲, remedy: 乙, x: 丙}"]
)
def test_refusal_without_its_two_sentences_fails_when_loaded(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a.yaml", text)
    with pytest.raises(LawError):
        texts.load_refusals(tmp_path)


def test_decree_holds_every_conduct_with_its_consequence() -> None:
    codes = violation_codes()
    assert len(codes) == 63
    assert codes["C06-05"].consequence.code == "void-sitting"
    assert codes["D05-01"].article == "第五条（一）"
    assert codes["D05-01"].by_candidate
    assert not codes["S13-01"].by_candidate


def test_glossary_page_lists_each_term_under_its_heading() -> None:
    page = glossary_markdown()
    assert "| candidate | 考生 | EA-13.1 |  |" in page
    assert page.endswith("|\n")
