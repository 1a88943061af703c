"""A list of somebody's pupils as it is handed in."""

from __future__ import annotations

from zikao.foundation.sheets import Fault, read_list, samples
from zikao.stages.personnel.states import PupilRow

HEADS = ("姓名", "身份证号")
PUPIL_SAMPLES = samples(HEADS, ("王芳", "329999199003070026"))
LONGEST_NAME = 60


def read_pupils(data: bytes) -> tuple[list[PupilRow], list[Fault]]:
    """The rows of the list, and what is wrong with the others."""
    listed = read_list(data, HEADS, HEADS)
    long = [
        Fault(row.line, "姓名", f"超过 {LONGEST_NAME} 个字。")
        for row in listed.rows
        if len(row.cells["姓名"]) > LONGEST_NAME
    ]
    bad = {fault.line for fault in long}
    rows = [
        PupilRow(row.line, row.cells["姓名"], row.cells["身份证号"].replace(" ", "").upper())
        for row in listed.rows
        if row.line not in bad
    ]
    return rows, [*listed.faults, *long]
