"""The score archive as the program uses it: staged, authorised by three segments, filed by the database's functions.

Every write goes through a SECURITY DEFINER function of the schema `archive`; ADR 0013 says why each is as it is.
"""

from zikao.stages.results.archive.effects import follow_filing, when_filed
from zikao.stages.results.archive.form import CANONICAL, LEAF, root_of_list
from zikao.stages.results.archive.segments import (
    COST,
    NewSegment,
    change_proof,
    holders,
    new_segment,
    presence_proof,
    segment_of,
)
from zikao.stages.results.archive.staging import StagedRow, finish_list, open_list, stage
from zikao.stages.results.archive.windows import (
    close_due,
    close_window,
    file_window,
    install_segment,
    presences,
    present,
    request_window,
)

__all__ = [
    "CANONICAL",
    "COST",
    "LEAF",
    "NewSegment",
    "StagedRow",
    "change_proof",
    "close_due",
    "close_window",
    "file_window",
    "finish_list",
    "follow_filing",
    "holders",
    "install_segment",
    "new_segment",
    "open_list",
    "presence_proof",
    "presences",
    "present",
    "request_window",
    "root_of_list",
    "segment_of",
    "stage",
    "when_filed",
]
