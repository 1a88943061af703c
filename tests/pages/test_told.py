"""Every event of the ledger reads as a Chinese sentence in histories, and every fact of a line has its word."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.urls import get_resolver

from zikao.foundation.commands import all_commands
from zikao.foundation.pages.history import TOLD
from zikao.foundation.pages.ledger_words import ledger_words, said


def test_every_event_of_a_command_has_a_sentence():
    assert get_resolver().url_patterns  # the stages tell theirs in their views
    events = {info.writes for info in all_commands().values() if info.module.startswith("zikao.")}
    assert sorted(events - TOLD.keys()) == []
    assert [text for text in TOLD.values() if text.isascii()] == []


def _keys_of_outcomes(tree: ast.AST) -> Iterator[str]:
    """The keys written out in `Outcome(..., facts={...})`."""
    calls = (each for each in ast.walk(tree) if isinstance(each, ast.Call) and ast.unparse(each.func) == "Outcome")
    given = (each.value for call in calls for each in call.keywords if each.arg == "facts")
    for facts in given:
        for found in (each for each in ast.walk(facts) if isinstance(each, ast.Dict)):
            yield from (key.value for key in found.keys if isinstance(key, ast.Constant))


def test_every_fact_of_a_line_has_a_word(project: Path):
    sources = [path for path in (project / "src/zikao").rglob("*.py") if "migrations" not in path.parts]
    keys = {key for path in sources for key in _keys_of_outcomes(ast.parse(path.read_text()))}
    assert sorted(keys - ledger_words().keys()) == []
    assert sorted(ledger_words().keys() - keys) == []


def test_facts_of_a_line_read_without_quotation_marks():
    shown = said({"count": 3, "granted": True, "kinds": ["a", "b"], "strange": None})
    assert [(fact.label, fact.value) for fact in shown] == [
        ("数量", "3"), ("是否同意", "是"), ("种类", "a、b"), ("strange", ""),
    ]  # fmt: skip
