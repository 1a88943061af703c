"""What a rule says: findings, each with its clause and facts, joined in a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from zikao.foundation.errors import Refused
from zikao.foundation.regulation.catalogue import clause as clause_of
from zikao.foundation.regulation.texts import refusal_text


@dataclass(frozen=True)
class Finding:
    """One condition of one clause, met (`ok`) or not, with the facts that decided it."""

    code: str
    clause: str
    facts: Mapping[str, object] = field(default_factory=dict)
    ok: bool = False

    def __post_init__(self) -> None:
        clause_of(self.clause)

    @property
    def message(self) -> str:
        """What is refused and why, in Chinese."""
        return refusal_text(self.code, self.facts)[0]

    @property
    def remedy(self) -> str:
        """What would change the answer, in Chinese."""
        return refusal_text(self.code, self.facts)[1]


@dataclass(frozen=True)
class Decision:
    """All findings of a rule. Ask `.granted`; a decision has no truth value of its own."""

    findings: tuple[Finding, ...] = ()

    @property
    def granted(self) -> bool:
        """True when no condition failed."""
        return all(finding.ok for finding in self.findings)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings that failed, in the order of the rule."""
        return tuple(finding for finding in self.findings if not finding.ok)

    def require(self) -> None:
        """Raise Refused with the first failed finding as its face and all failed ones in `.findings`."""
        failed = self.refusals
        if not failed:
            return
        first = failed[0]
        raise Refused(
            first.code,
            facts=dict(first.facts),
            message=first.message,
            remedy=first.remedy,
            clause=first.clause,
            findings=failed,
        )

    def __bool__(self) -> NoReturn:
        raise TypeError("a Decision has no truth value: ask .granted")


def decide(clause: str, ok: bool, code: str, /, **facts: object) -> Decision:
    """Return a decision of one finding: met when `ok`, else refused with `code`."""
    return Decision((Finding(code, clause, facts, ok),))


def granted() -> Decision:
    """Return a decision without conditions."""
    return Decision()


def refused(clause: str, code: str, /, **facts: object) -> Decision:
    """Return a decision that refuses."""
    return decide(clause, False, code, **facts)


def all_of(*decisions: Decision) -> Decision:
    """Join decisions: granted only when each is."""
    return Decision(tuple(finding for decision in decisions for finding in decision.findings))
