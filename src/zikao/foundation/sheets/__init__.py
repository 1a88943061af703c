"""Lists that people hand in as files: CSV or XLSX, read within fixed limits, each bad place named."""

from zikao.foundation.sheets.listed import MOST_LISTED, Fault, ListedFile, read_list, samples
from zikao.foundation.sheets.workbook import (
    LARGEST_PART,
    MOST_ROWS,
    Sheet,
    SheetRow,
    WorkbookRefused,
    as_day,
    read_workbook,
    write_workbook,
)

__all__ = [
    "LARGEST_PART",
    "MOST_LISTED",
    "MOST_ROWS",
    "Fault",
    "ListedFile",
    "Sheet",
    "SheetRow",
    "WorkbookRefused",
    "as_day",
    "read_list",
    "read_workbook",
    "samples",
    "write_workbook",
]
