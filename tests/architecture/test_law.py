"""The law files and the code that rests on them agree: nothing cited is missing, nothing is said twice."""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from zikao.foundation.regulation import (
    Clause,
    Rule,
    UnknownClause,
    cases,
    clause,
    clauses,
    coverage_problems,
    glossary_markdown,
    lawfiles,
    load_rules,
    parameters,
    refusals,
    rules,
    stages,
)

PACKAGE = lawfiles.LAW_FOLDER.parent
ROOT = PACKAGE.parents[1]
IN_FORCE = date(2020, 9, 27)
CLAUSE_ID = re.compile(r"(?:EA|SR)-A?\d+(?:\.\d+)*[a-z]?")
CLAUSE_IN_TEXT = re.compile(r"(?<![\w-])(?:EA|SR)-A?\d+(?:\.\d+)*[a-z]?(?!\w)")
LAST_ARTICLE = {"EA-": 54, "SR-": 24, "EA-A": 9, "SR-A": 3}


@cache
def source_files() -> tuple[Path, ...]:
    return tuple(path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts)


@cache
def calls(name: str) -> tuple[tuple[Path, ast.Call], ...]:
    """All calls of a function of that name, as `name(...)` or `x.name(...)`."""
    found = []
    for path in source_files():
        text = path.read_text(encoding="utf-8")
        if name in text:
            nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
            found += [
                (path, node) for node in nodes if getattr(node.func, "id", getattr(node.func, "attr", "")) == name
            ]
    return tuple(found)


def called(node: ast.Call) -> str:
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def text_of(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def refusing_calls() -> Iterator[tuple[Path, str, set[str] | None]]:
    """(file, code, names of facts; None when they are spread) of each decide() and refused() in the rules."""
    for name, position in (("decide", 2), ("refused", 1)):
        for path, call in calls(name):
            code = text_of(call.args[position]) if len(call.args) > position else None
            if code is not None and getattr(call.args[1], "value", None) is not True:
                facts = {word.arg for word in call.keywords if word.arg is not None}
                yield path, code, None if any(word.arg is None for word in call.keywords) else facts


@pytest.fixture(scope="module")
def known_rules() -> tuple[Rule, ...]:
    load_rules()
    return tuple(one for one in rules() if not one.name.startswith("test."))


def test_register_holds_every_article_and_annex_without_a_gap() -> None:
    assert len(clauses()) == 284
    for prefix, last in LAST_ARTICLE.items():
        pattern = re.compile(re.escape(prefix) + r"(\d+)")
        numbers = {int(match[1]) for item in clauses() if (match := pattern.match(item.id))}
        assert numbers == set(range(1, last + 1)), prefix


def test_duties_of_an_article_are_numbered_without_a_gap() -> None:
    ids = {item.id for item in clauses()}
    children: dict[str, set[str]] = {}
    for clause_id in ids:
        stem, letter = (clause_id[:-1], clause_id[-1]) if clause_id[-1].isalpha() else (clause_id, "")
        if letter:
            children.setdefault(stem, set()).add(letter)
        while "." in stem:
            stem, _, last = stem.rpartition(".")
            children.setdefault(stem, set()).add(last)
    for parent, parts in children.items():
        assert parent not in ids, f"{parent} is both a duty and a heading"
        numbers = [ord(part) - ord("a") + 1 if part.isalpha() else int(part) for part in parts]
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), parent


@pytest.mark.parametrize("item", clauses(), ids=lambda item: item.id)
def test_clause_says_in_chinese_what_to_do(item: Clause) -> None:
    assert 2 <= len(item.title) <= 14
    assert 10 <= len(item.summary) <= 120
    assert item.summary.endswith("。")
    assert len(re.findall("。", item.summary)) <= 2
    assert not re.search(r"[A-Za-z]{3,}", item.title + item.summary)
    assert (item.kind == "context") == bool(item.why)
    assert item.stage in stages()


def test_no_clause_repeats_a_sentence_or_title_of_another() -> None:
    sentences = Counter(part for item in clauses() for part in re.split("[。；]", item.summary + item.why) if part)
    allowed = {"没有单独的事项可办", "没有固定的事项可以预先编入"}
    whys = Counter(item.why for item in clauses() if item.why)
    again = {text for text, count in sentences.items() if count > 1 and text + "。" not in whys} - allowed
    assert not again
    titles = Counter((item.regulation, item.title) for item in clauses())
    assert {title for title, count in titles.items() if count > 1} == set()


def test_every_clause_that_code_hands_on_is_in_the_register() -> None:
    unknown = set()
    for path in source_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CLAUSE_ID.fullmatch(node.value):
                try:
                    clause(node.value)
                except UnknownClause:
                    unknown.add(f"{path.relative_to(PACKAGE)}: {node.value}")
    assert not unknown


def test_every_clause_named_in_prose_and_templates_is_one_or_a_heading() -> None:
    known = {item.id for item in clauses()}
    headings = {item.rsplit(".", depth)[0] for item in known for depth in (1, 2, 3)} | {i.rstrip("abc") for i in known}
    files = [*source_files(), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.typ")]
    named = {(path, found) for path in files for found in CLAUSE_IN_TEXT.findall(path.read_text(encoding="utf-8"))}
    assert not {f"{path.relative_to(PACKAGE)}: {found}" for path, found in named if found not in known | headings}


def test_every_refusal_code_of_a_rule_has_its_text() -> None:
    missing = {f"{path.relative_to(PACKAGE)}: {code}" for path, code, _ in refusing_calls() if code not in refusals()}
    assert not missing


def test_every_fact_that_a_refusal_text_names_is_given_by_the_rule() -> None:
    lacking = set()
    for path, code, facts in refusing_calls():
        if facts is None or code not in refusals():
            continue
        text = refusals()[code]
        named = {name for _, name, _, _ in string.Formatter().parse(text.message + text.remedy) if name}
        if lost := {re.split(r"[.\[]", name)[0] for name in named} - facts:
            lacking.add(f"{path.relative_to(PACKAGE)}: {code}: {', '.join(sorted(lost))}")
    assert not lacking


def test_every_refusal_text_is_chinese_and_ends_its_sentence() -> None:
    bad = [t.code for t in refusals().values() if not (t.message.endswith(("。", "？")) and t.remedy.endswith("。"))]
    assert not bad


def test_every_parameter_named_in_code_exists() -> None:
    names = {item.name for item in parameters()}
    asked = {(path.name, text_of(call.args[0])) for path, call in calls("parameter") if call.args}
    assert not {f"{file}: {name}" for file, name in asked if name is not None and name not in names}


def test_every_parameter_cites_a_clause_and_starts_when_the_law_does() -> None:
    for item in parameters():
        assert clause(item.clause)
        assert item.title
        assert item.unit
        assert item.values[0].since >= IN_FORCE, item.name


def test_each_worked_case_names_a_rule_of_the_house(known_rules: tuple[Rule, ...]) -> None:
    assert {case.rule for case in cases()} <= {one.name for one in known_rules}


def test_each_rule_is_worked_on_both_sides_and_before_its_first_day(known_rules: tuple[Rule, ...]) -> None:
    worked: dict[str, set[str]] = {}
    for case in cases():
        kind = next(iter(case.expect)) if isinstance(case.expect, dict) else case.expect
        worked.setdefault(case.rule, set()).add(kind)
    lacking = []
    for one in known_rules:
        kinds = worked.get(one.name, set())
        answers = {"value"} if "value" in kinds else {"granted", "refused"}
        if missing := (answers | {"not-in-force"}) - kinds:
            lacking.append(f"{one.name}: {', '.join(sorted(missing))}")
    assert not lacking


def test_coverage_claims_name_only_tests_and_documents_that_exist() -> None:
    found = [text for text in coverage_problems() if "does not exist" in text or "context" in text]
    assert not found


def test_glossary_page_is_fresh() -> None:
    page = ROOT / "docs" / "reference" / "glossary.md"
    assert page.read_text(encoding="utf-8") == glossary_markdown()


def test_every_attack_and_fault_says_what_it_proves() -> None:
    from zikao.node.attacks import SUITES, trials
    from zikao.node.nodes import PROJECT

    silent = [
        f"{about}: {each.name}"
        for _, _, folder in SUITES
        for about, tests in trials(PROJECT / folder).items()
        for each in tests
        if not each.proves
    ]
    assert silent == []
