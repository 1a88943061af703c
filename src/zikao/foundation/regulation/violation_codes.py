"""The conduct that the ministry's Decree 33 (国家教育考试违规处理办法, 2012) names, with its code and consequence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from zikao.foundation.regulation.faults import LawError
from zikao.foundation.regulation.lawfiles import LAW_FOLDER, read


@dataclass(frozen=True)
class Consequence:
    """What follows from a conduct: a code for programs and the text for people."""

    code: str
    text: str


@dataclass(frozen=True)
class ViolationCode:
    """One conduct: `code` D05-01, `article` 第五条（一）, category with its Chinese name, behaviour, consequence."""

    code: str
    article: str
    category: str
    category_text: str
    behaviour: str
    consequence: Consequence

    @property
    def by_candidate(self) -> bool:
        """Whether the conduct is a candidate's (Articles 5 to 9), not the staff's, a place's or an outsider's."""
        return self.code[0] in "DCOG"


@cache
def violation_codes() -> dict[str, ViolationCode]:
    """Return all conduct by code, in the order of the decree; raises LawError on a gap in the file."""
    content: dict[str, Any] = read(LAW_FOLDER / "decree33.yaml")
    consequences = {code: Consequence(code, text) for code, text in content["consequences"].items()}
    found = {}
    for code, entry in content["conduct"].items():
        try:
            category = entry["category"]
            found[code] = ViolationCode(
                code,
                entry["article"],
                category,
                content["categories"][category],
                entry["behaviour"],
                consequences[entry["consequence"]],
            )
        except KeyError as error:
            raise LawError(f"decree33.yaml: {code}: lacks or does not know {error}") from error
    return found
