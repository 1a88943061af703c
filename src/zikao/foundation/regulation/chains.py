"""Sign-off chains as dated data: who proposes, who signs, at which level, how many, in which order, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from zikao.foundation.actors import STAFF_POSTS, Post
from zikao.foundation.regulation.catalogue import clause as clause_of
from zikao.foundation.regulation.faults import LawError, NotInForce
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read_folder

LEVELS = {"nation": 0, "province": 2, "prefecture": 4}
"""How many characters of an agency's code name its level; besides these a step may say `same` and `any`."""
ANY_STAFF = "staff"
_CHAIN_KEYS = {"title", "clause", "note", "effect", "versions"}
_VERSION_KEYS = {"since", "proposers", "steps", "expires_days", "valid_days", "kept_years", "evidence", "basis"}
_STEP_KEYS = {"name", "posts", "clause", "how_many", "another_post", "seal", "delegable", "when", "with_previous"}


@dataclass(frozen=True)
class ChainStep:
    """One step: `posts` says at which level each post signs; `seal` is the seal put with the signature.

    Steps of one `order` are signed in any sequence; a later order waits for all before it. `another_post`: where
    several sign, each signs from another post. `when` names the facts of a case in which the step is needed at all.
    """

    order: int
    name: str
    posts: Mapping[Post, str]
    clause: str
    how_many: int = 1
    another_post: bool = False
    seal: str = ""
    delegable: bool = False
    when: Mapping[str, Any] = field(default_factory=dict)

    def signers(self, agency_code: str) -> tuple[str, ...]:
        """Who may sign for an agency's matter, as "post@agency" in the order of the chain."""
        return tuple(
            f"{post.value}@{code}" for post, level in self.posts.items() for code in _agencies(level, agency_code)
        )


@dataclass(frozen=True)
class ChainVersion:
    """A chain as it stands from `since` up to the next version.

    `expires_days`: how long it may stay unsigned; `valid_days`: how long a whole one may be acted upon (None: no
    end); `kept_years`: how long its papers are kept at least; `evidence`: whether papers must be attached.
    """

    since: date
    proposers: frozenset[Post]
    steps: tuple[ChainStep, ...]
    expires_days: int
    kept_years: int
    valid_days: int | None = None
    evidence: bool = False
    basis: str = "regulation"

    @property
    def asked(self) -> frozenset[str]:
        """The facts of a case that decide which steps are needed."""
        return frozenset(name for step in self.steps for name in step.when)

    def steps_for(self, case: Mapping[str, Any]) -> tuple[ChainStep, ...]:
        """The steps that a case needs, in their order. Raises LawError where a deciding fact is not given."""
        if missing := sorted(self.asked - set(case)):
            raise LawError(f"the case does not say {', '.join(missing)}")
        return tuple(step for step in self.steps if all(case[name] == value for name, value in step.when.items()))


@dataclass(frozen=True)
class Chain:
    """A sign-off chain; `effect` says in one sentence what happens when the last has signed."""

    name: str
    title: str
    clause: str
    note: str
    effect: str
    versions: tuple[ChainVersion, ...]

    def on(self, day: date) -> ChainVersion:
        """The version in force on a day; NotInForce before the first."""
        found = [version for version in self.versions if version.since <= day]
        if not found:
            raise NotInForce(self.name, day, title=self.title, clause=self.clause)
        return found[-1]


def _agencies(level: str, code: str) -> tuple[str, ...]:
    if level == "same":
        return (code,)
    if level == "any":
        return (code, *(code[:size] for size in (6, 4, 2, 0) if size < len(code)))
    size = LEVELS[level]
    return (code[:size],) if len(code) >= size else ()


def _posts(label: str, raw: Any) -> dict[Post, str]:
    known = {*LEVELS, "same", "any"}
    if not isinstance(raw, dict) or not raw or set(raw.values()) - known:
        raise LawError(f"{label}: posts is a mapping from a post to one of {', '.join(sorted(known))}")
    return {_post(label, name): level for name, level in raw.items()}


def _post(label: str, name: Any) -> Post:
    if name not in {post.value for post in STAFF_POSTS}:
        raise LawError(f"{label}: {name!r} is no post of staff")
    return Post(name)


def _step(label: str, order: int, clause: str, raw: Any) -> ChainStep:
    if not isinstance(raw, dict) or set(raw) - _STEP_KEYS or not {"name", "posts"} <= set(raw):
        raise LawError(f"{label}: a step has name and posts; may have {', '.join(sorted(_STEP_KEYS))}")
    made = ChainStep(
        order=order,
        name=raw["name"],
        posts=_posts(label, raw["posts"]),
        clause=clause_of(raw.get("clause", clause)).id,
        how_many=raw.get("how_many", 1),
        another_post=raw.get("another_post", False),
        seal=raw.get("seal", ""),
        delegable=raw.get("delegable", False),
        when=raw.get("when", {}),
    )
    if made.how_many < 1 or (made.another_post and made.how_many > len(made.posts)):
        raise LawError(f"{label}: {made.name}: more people than posts")
    return made


def _steps(label: str, clause: str, raw: Any) -> tuple[ChainStep, ...]:
    if not isinstance(raw, list) or not raw:
        raise LawError(f"{label}: a chain has steps")
    order, made = 0, []
    for entry in raw:
        order += 0 if isinstance(entry, dict) and entry.get("with_previous") and order else 1
        made.append(_step(label, order, clause, entry))
    if all(step.when for step in made):
        raise LawError(f"{label}: a case could need no step at all")
    return tuple(made)


def _version(label: str, clause: str, raw: Any) -> ChainVersion:
    needed = {"since", "proposers", "steps", "expires_days", "kept_years"}
    if (
        not isinstance(raw, dict)
        or set(raw) - _VERSION_KEYS
        or not needed <= set(raw)
        or type(raw["since"]) is not date
    ):
        raise LawError(f"{label}: a version needs {', '.join(sorted(needed))}")
    proposers = raw["proposers"]
    return ChainVersion(
        since=raw["since"],
        proposers=STAFF_POSTS if proposers == ANY_STAFF else frozenset(_post(label, name) for name in proposers),
        steps=_steps(label, clause, raw["steps"]),
        expires_days=raw["expires_days"],
        kept_years=raw["kept_years"],
        valid_days=raw.get("valid_days"),
        evidence=raw.get("evidence", False),
        basis=raw.get("basis", "regulation"),
    )


def load_chains(folder: Path) -> dict[str, Chain]:
    """Read all chains, one a file, by the file's name. Raises LawError on a bad one, UnknownClause."""
    found = {}
    for name, raw in read_folder(folder):
        label = f"chains/{name}.yaml"
        if not isinstance(raw, dict) or set(raw) != _CHAIN_KEYS or not raw["versions"]:
            raise LawError(f"{label}: needs {', '.join(sorted(_CHAIN_KEYS))}")
        clause = clause_of(raw["clause"]).id
        versions = tuple(_version(label, clause, entry) for entry in raw["versions"])
        if any(one.since >= later.since for one, later in pairwise(versions)):
            raise LawError(f"{label}: versions stand in order of date")
        found[name] = Chain(name, raw["title"], clause, raw["note"], raw["effect"], versions)
    return found


@cache
def _register() -> dict[str, Chain]:
    return load_chains(LAW_FOLDER / "chains")


def chain(name: str) -> Chain:
    """Return the chain; raises LawError where no file defines it."""
    try:
        return _register()[name]
    except KeyError:
        raise LawError(f"no chain {name!r} in law/chains") from None


def chains() -> tuple[Chain, ...]:
    """Return all chains by name."""
    return tuple(_register()[name] for name in sorted(_register()))
