"""Choice groups: their rule as data, what it says in words, and whether passed courses satisfy it.

Three shapes: {"choose": n}; {"choose": n, "or_group": code}, where taking all of another group stands for it; and
{"if_group_taken": code, "min_courses": n, "min_credits": m, "else": "all"}, where the demand depends on another group.
"from" ("2026-10") names the sitting since which a group is offered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

GroupRule = Mapping[str, object]

_CHOOSE = re.compile(r"choose (\d+)(?: \(from (\d{4}-\d{2})\))?")
_CHOOSE_OR = re.compile(r"choose (\d+), or none if whole (\w+) taken")
_CHOOSE_SAID = re.compile(r"选考(\d+)门(?:；(\w+)组全部合格的可以不选)?(?:（(\d{4}-\d{2})起）)?")
_IF_TAKEN_SAID = re.compile(r"(\w+)组已选考的，至少(\d+)门且不少于(\d+)学分；否则全部选考")
_IF_TAKEN = re.compile(r"if (\w+) taken: >=(\d+) courses and >=(\d+) credits; else all")


def parse_group_rule(text: str) -> dict[str, object]:
    """The rule that a plan states in words (in Chinese as `describe_group` says it), as data.

    Raises ValueError for words it does not know.
    """
    if match := _CHOOSE.fullmatch(text):
        since = {"from": match[2]} if match[2] else {}
        return {"choose": int(match[1]), **since}
    if match := _CHOOSE_OR.fullmatch(text):
        return {"choose": int(match[1]), "or_group": match[2]}
    if match := _CHOOSE_SAID.fullmatch(text):
        more = {"or_group": match[2], "from": match[3]}
        return {"choose": int(match[1]), **{name: value for name, value in more.items() if value}}
    if match := _IF_TAKEN.fullmatch(text) or _IF_TAKEN_SAID.fullmatch(text):
        return {
            "if_group_taken": match[1],
            "min_courses": int(match[2]),
            "min_credits": int(match[3]),
            "else": "all",
        }
    raise ValueError(f"no group rule: {text!r}")


def describe_group(rule: GroupRule) -> str:
    """The rule in Chinese, as a plan prints it."""
    if "choose" in rule:
        text = f"选考{rule['choose']}门"
        if "or_group" in rule:
            text += f"；{rule['or_group']}组全部合格的可以不选"
        return text + (f"（{rule['from']}起）" if "from" in rule else "")
    least = f"至少{rule['min_courses']}门且不少于{rule['min_credits']}学分"
    return f"{rule['if_group_taken']}组已选考的，{least}；否则全部选考"


@dataclass(frozen=True)
class GroupState:
    """A group as one candidate stands in it: its rule, its courses with credits, and those that are passed."""

    rule: GroupRule
    credits: Mapping[str, int]
    passed: frozenset[str] = field(default_factory=frozenset)

    @property
    def taken(self) -> frozenset[str]:
        """The passed courses that belong to the group."""
        return self.passed & self.credits.keys()

    @property
    def whole(self) -> bool:
        """Whether every course of the group is passed."""
        return self.taken == self.credits.keys()


def groups_lacking(groups: Mapping[str, GroupState]) -> dict[str, str]:
    """The groups whose rule is not satisfied, each with its rule in words; empty when all are."""
    return {code: describe_group(state.rule) for code, state in groups.items() if not _holds(state, groups)}


def _holds(state: GroupState, groups: Mapping[str, GroupState]) -> bool:
    rule = state.rule
    if "choose" in rule:
        other = groups.get(str(rule.get("or_group", "")))
        return len(state.taken) >= _number(rule["choose"]) or (other is not None and other.whole)
    other = groups.get(str(rule["if_group_taken"]))
    if other is None or not other.taken:
        return state.whole
    earned = sum(state.credits[code] for code in state.taken)
    return len(state.taken) >= _number(rule["min_courses"]) and earned >= _number(rule["min_credits"])


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a whole number is needed, not {value!r}")
    return value
