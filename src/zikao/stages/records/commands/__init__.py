"""Records opened, certificates issued, consultations asked for, approved and held."""

from zikao.stages.records.commands.consulting import (
    LETTERS,
    Wanted,
    begin_consultation,
    end_consultation,
    look_at_part,
    request_consultation,
)
from zikao.stages.records.commands.filing import (
    issue_pass_certificate,
    issue_pass_statement,
    open_chosen_records,
    open_record,
    open_records,
)

__all__ = [
    "LETTERS",
    "Wanted",
    "begin_consultation",
    "end_consultation",
    "issue_pass_certificate",
    "issue_pass_statement",
    "look_at_part",
    "open_chosen_records",
    "open_record",
    "open_records",
    "request_consultation",
]
