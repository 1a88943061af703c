"""What later stages add to a record's page: transfers, graduation. They register, the record asks.

from zikao.stages.records.sections import record_section
@record_section("转考", order=50)
def transfers_of(candidate_id: int) -> list[Fact]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zikao.foundation.pages import Fact

Facts = Callable[[int], Sequence[Fact]]


@dataclass(frozen=True)
class Section:
    """A group of facts on a record's page, from a later stage."""

    heading: str
    order: int
    facts: Facts


_sections: dict[str, Section] = {}


def record_section(heading: str, *, order: int = 50) -> Callable[[Facts], Facts]:
    """Register a group of facts about a candidate for the record's page; an empty answer is not shown."""

    def register(facts: Facts) -> Facts:
        _sections[heading] = Section(heading, order, facts)
        return facts

    return register


def sections_about(candidate_id: int) -> dict[str, list[Fact]]:
    """The facts of later stages about a candidate, by heading, in their order."""
    ordered = sorted(_sections.values(), key=lambda each: each.order)
    found = ((each.heading, list(each.facts(candidate_id))) for each in ordered)
    return {heading: facts for heading, facts in found if facts}
