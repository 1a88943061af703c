"""Where a window's digest fails though every leaf fits its row: the rows are named by what was staged and backed up."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from zikao.foundation import storage
from zikao.foundation.errors import ZikaoError
from zikao.stages.results.archive.backups import COLUMNS, _read
from zikao.stages.results.models import ArchiveBackup
from zikao.stages.results.verify.checking import ScoreProblem

WHAT = (
    "id, candidate_id, course_id, sitting_label, how, standing, value, grade, passed, source, evidence, version,"
    " supersedes_id, recorded_at, agency_code"
)


def named(number: int) -> Iterator[ScoreProblem]:
    """The scores of a window that differ from the staged list or from the backup taken right after it."""
    yield from _against(number, "archive.staged", "list_id = held.list_id", "待归档清单")
    backup = ArchiveBackup.objects.filter(moment="after", first_number__lte=number, last_number__gte=number).first()
    if backup is None:
        return
    try:
        _, _, rows = _read(storage.get(backup.file))
    except ZikaoError as error:
        yield ScoreProblem("changed", number, detail=f"第 {backup.pk} 号备份不能读取：{error.message}")
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE zikao_scratch (LIKE archive.score)")
        try:
            with cursor.copy(f"COPY pg_temp.zikao_scratch ({COLUMNS}) FROM STDIN") as copy:
                copy.write(rows)
            yield from list(_against(number, "pg_temp.zikao_scratch", "window_id = held.id", f"第 {backup.pk} 号备份"))
        finally:
            cursor.execute("DROP TABLE pg_temp.zikao_scratch")


def _against(number: int, table: str, where: str, other: str) -> Iterator[ScoreProblem]:
    held = "SELECT id, list_id FROM archive.filing_window WHERE number = %s"
    there = f"SELECT {WHAT} FROM {table} AS row, held WHERE row.{where}".replace(WHAT, _prefixed())  # noqa: S608
    here = f"SELECT {_prefixed()} FROM archive.score AS row, held WHERE row.window_id = held.id"  # noqa: S608
    with connection.cursor() as cursor:
        for one, two, kind in ((here, there, "here"), (there, here, "there")):
            cursor.execute(f"WITH held AS ({held}) SELECT id FROM ({one} EXCEPT {two}) differing ORDER BY id", [number])  # noqa: S608
            for (score,) in cursor.fetchall():
                detail = f"与{other}不同" if kind == "here" else f"{other}中的内容在档案库中没有"
                yield ScoreProblem("changed" if kind == "here" else "removed", number, score, detail)


def _prefixed() -> str:
    return ", ".join(f"row.{name.strip()}" for name in WHAT.split(","))
