"""An institution's list of whom it tutors: admission numbers, with names where they are to be compared."""

from __future__ import annotations

import re

from zikao.foundation.sheets import Fault, read_list, samples
from zikao.stages.candidates.states import ListedCandidate

HEADS = ("准考证号", "姓名")
TUTORED_SAMPLES = samples(HEADS, ("010226200001", "王芳"), ("010226200002", ""))
_NUMBER = re.compile(r"[0-9]{12}")


def read_tutored(data: bytes) -> tuple[list[ListedCandidate], list[Fault]]:
    """The rows of the list, and what is wrong with the others."""
    listed = read_list(data, HEADS, HEADS[:1])
    faults = list(listed.faults)
    first: dict[str, int] = {}
    rows = []
    for row in listed.rows:
        number = row.cells["准考证号"]
        if not _NUMBER.fullmatch(number):
            faults.append(Fault(row.line, "准考证号", "准考证号应为12位数字。"))
        elif first.setdefault(number, row.line) != row.line:
            faults.append(Fault(row.line, "准考证号", f"与第 {first[number]} 行相同，请去掉一行。"))
        else:
            rows.append(ListedCandidate(row.line, number, row.cells.get("姓名", "")))
    return rows, faults
