"""Says of each clause what stands for it: rules, commands, pages, documents, tests; or why nothing does.

A clause is implemented only when a coverage file claims it and the evidence is found: a rule or a command, a page or a
document, and a test. A claim without evidence is a problem and leaves the clause owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from zikao.foundation.regulation.catalogue import Clause, clause, clauses, stages
from zikao.foundation.regulation.discovery import load_rules
from zikao.foundation.regulation.faults import LawError
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read_folder
from zikao.foundation.regulation.versions import rules

PACKAGE = LAW_FOLDER.parent
ROOT = PACKAGE.parents[1]
_LISTS = ("pages", "documents", "tests")


@dataclass
class Claim:
    """What the coverage files of the stages say about one clause, joined."""

    statuses: list[str] = field(default_factory=list)
    stage: str = ""
    why: str = ""
    pages: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cover:
    """One line of the clause register; `status` is implemented, owed or not-software."""

    id: str
    kind: str
    stage: str
    title: str
    status: str
    why: str
    rules: tuple[str, ...]
    commands: tuple[str, ...]
    pages: tuple[str, ...]
    documents: tuple[str, ...]
    tests: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the line as plain JSON values."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


def load_claims(folder: Path) -> dict[str, Claim]:
    """Read the coverage files; several stages may speak of one clause. Raises LawError, UnknownClause."""
    claims: dict[str, Claim] = {}
    for stem, content in read_folder(folder):
        for clause_id, entry in content.items():
            clause(clause_id)
            if not isinstance(entry, dict) or set(entry) - {"status", "stage", "why", *_LISTS}:
                raise LawError(f"coverage/{stem}.yaml: {clause_id}: takes status, stage, why, {', '.join(_LISTS)}")
            if entry.get("status") not in ("implemented", "owed"):
                raise LawError(f"coverage/{stem}.yaml: {clause_id}: status is implemented or owed")
            _join(claims.setdefault(clause_id, Claim()), entry)
    return claims


def _join(claim: Claim, entry: Mapping[str, Any]) -> None:
    claim.statuses.append(entry["status"])
    claim.stage = entry.get("stage") or claim.stage
    claim.why = "；".join(filter(None, (claim.why, entry.get("why"))))
    for name in _LISTS:
        known = getattr(claim, name)
        known.extend(part for part in entry.get(name) or () if part not in known)


def _by_clause(citing: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in sorted(citing):
        for clause_id in dict.fromkeys(citing[name]):
            found.setdefault(clause_id, []).append(name)
    return {clause_id: tuple(names) for clause_id, names in found.items()}


def _rules_by_clause() -> dict[str, tuple[str, ...]]:
    load_rules()
    return _by_clause({one.name: one.clauses for one in rules()})


def coverage(
    commands: Mapping[str, Iterable[str]] | None = None,
    *,
    routes: Iterable[str] | None = None,
    claims: Mapping[str, Claim] | None = None,
) -> list[Cover]:
    """Return a line for each clause, in the order of the regulations.

    `commands` maps a command's name to the clauses that it declares, `routes` are all URL names that exist (None: pages
    are believed); both belong to rooms above this one, so the caller brings them.
    """
    return [cover for cover, _ in _survey(commands or {}, routes, claims)]


def coverage_problems(
    commands: Mapping[str, Iterable[str]] | None = None,
    *,
    routes: Iterable[str] | None = None,
    claims: Mapping[str, Claim] | None = None,
) -> list[str]:
    """Return what is claimed but not found, one English sentence each; empty when the register is true."""
    return [text for cover, texts in _survey(commands or {}, routes, claims) for text in texts]


def _survey(
    commands: Mapping[str, Iterable[str]], routes: Iterable[str] | None, claims: Mapping[str, Claim] | None
) -> Iterable[tuple[Cover, list[str]]]:
    claimed = load_claims(LAW_FOLDER / "coverage") if claims is None else claims
    by_rule, by_command = _rules_by_clause(), _by_clause(commands)
    known_routes = None if routes is None else frozenset(routes)
    for item in clauses():
        claim = claimed.get(item.id, Claim())
        found = (by_rule.get(item.id, ()), by_command.get(item.id, ()))
        problems = [f"{item.id}: {text}" for text in _problems(item, claim, found, known_routes)]
        yield _cover(item, claim, found, bool(problems)), problems


def _problems(
    item: Clause, claim: Claim, found: tuple[tuple[str, ...], tuple[str, ...]], routes: frozenset[str] | None
) -> Iterable[str]:
    if item.kind == "context":
        if not item.why:
            yield "a context clause needs its reason (why)"
        if claim.statuses:
            yield "a context clause takes no coverage entry"
        return
    if claim.statuses and set(claim.statuses) == {"implemented"}:
        if not any(found):
            yield "claimed implemented, but no rule or command cites it"
        if not claim.pages and not claim.documents:
            yield "claimed implemented, but names no page or document"
        if not claim.tests:
            yield "claimed implemented, but names no test"
    yield from (f"page {p} does not exist" for p in claim.pages if routes is not None and p not in routes)
    yield from (f"document {d} does not exist" for d in claim.documents if not _document_exists(d))
    yield from (f"test {t} does not exist" for t in claim.tests if not names_a_test(t))


def _document_exists(name: str) -> bool:
    """`seating/notice.typ` is the notice in the documents room of the stage seating."""
    room, _, rest = name.partition("/")
    places = (PACKAGE / "stages" / room, PACKAGE / "portals" / room, PACKAGE / room, PACKAGE / "foundation" / room)
    return bool(rest) and any((place / "documents" / rest).is_file() for place in places)


def names_a_test(node: str, root: Path = ROOT) -> bool:
    """Whether the test file exists and holds the named class or function (`path::name`, parameters left out)."""
    path, *names = node.split("::")
    file = root / path
    if not file.is_file():
        return file.is_dir() and not names
    text = file.read_text(encoding="utf-8")
    plain = (name.partition("[")[0] for name in names)
    return all(f"def {name}(" in text or f"class {name}" in text for name in plain)


def _cover(item: Clause, claim: Claim, found: tuple[tuple[str, ...], tuple[str, ...]], broken: bool) -> Cover:
    status, why = _status(item, claim, broken)
    return Cover(
        item.id,
        item.kind,
        claim.stage or item.stage,
        item.title,
        status,
        why,
        *found,
        tuple(claim.pages),
        tuple(claim.documents),
        tuple(claim.tests),
    )


def _status(item: Clause, claim: Claim, broken: bool) -> tuple[str, str]:
    if item.kind == "context":
        return "not-software", item.why
    if claim.statuses and set(claim.statuses) == {"implemented"} and not broken:
        return "implemented", claim.why
    stage = claim.stage or item.stage
    return "owed", claim.why or f"待“{stages().get(stage, stage)}”环节实现"
