"""Ties the English of the code to the regulations' own Chinese, and writes docs/reference/glossary.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from zikao.foundation.regulation.catalogue import clause
from zikao.foundation.regulation.faults import LawError
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read

_HEAD = """\
# Glossary

The English terms of the code and the regulations' own Chinese, with the clause where each is at home.
EA is the exam-affairs regulation (考务), SR the student-record regulation (考籍).

This page is generated from `src/zikao/law/glossary.yaml`; change that file, not this one.
"""


@dataclass(frozen=True)
class Term:
    """One term: English as in code, official Chinese, home clause (None: from elsewhere), note."""

    english: str
    chinese: str
    clause: str | None
    note: str


@cache
def glossary() -> dict[str, tuple[Term, ...]]:
    """Return the terms by heading; raises LawError for a term that comes twice, UnknownClause."""
    seen: set[str] = set()
    found: dict[str, tuple[Term, ...]] = {}
    for heading, entries in read(LAW_FOLDER / "glossary.yaml").items():
        terms = tuple(_term(english, *parts) for english, parts in entries.items())
        if again := seen & {term.english for term in terms}:
            raise LawError(f"glossary.yaml: {', '.join(sorted(again))} twice")
        seen |= {term.english for term in terms}
        found[heading] = terms
    return found


def _term(english: str, chinese: str, clause_id: str | None = None, note: str = "") -> Term:
    if clause_id is not None:
        clause(clause_id)
    return Term(english, chinese, clause_id, note)


def glossary_markdown() -> str:
    """Return the whole page docs/reference/glossary.md."""
    parts = [_HEAD]
    for heading, terms in glossary().items():
        rows = [_row(term) for term in sorted(terms, key=lambda term: term.english.casefold())]
        parts.append(
            "\n".join([f"## {heading}\n", "| English | 中文 | clause | note |", "|---|---|---|---|", *rows, ""])
        )
    return "\n".join(parts)


def _row(term: Term) -> str:
    return f"| {term.english} | {term.chinese} | {term.clause or ''} | {term.note} |"
