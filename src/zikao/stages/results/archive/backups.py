"""Backups right before and right after each window: written, read back, restored into scratch, compared by root.

A backup holds the windows filed since the last one; all of them in order are the archive. It is stored encrypted, and a
second copy is sealed to the two custodies where their keys are set up: this node cannot open that one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.db import connection

from zikao.foundation import crypto, storage
from zikao.foundation.backups.queries import active_keys
from zikao.foundation.backups.states import COPIES
from zikao.foundation.commands import all_rows
from zikao.foundation.errors import Refused
from zikao.stages.results.archive.form import LEAF, canonical_rows, root_of
from zikao.stages.results.models import ArchiveBackup, FilingWindow

MEDIA_TYPE = "application/x-zikao-score-archive"
AAD = b"zikao score archive"
COLUMNS = (
    "id, window_id, list_id, line, candidate_id, course_id, sitting_id, sitting_label, how, standing, value, grade,"
    " passed, source, evidence, version, supersedes_id, previous, recorded_at, agency_code, leaf"
)


@dataclass(frozen=True)
class FiledWindow:
    """What the archive says of a window that was filed; digests are hexadecimal."""

    id: int
    list_id: int
    number: int
    rows: int
    digest: str
    root: str
    head: str

    def follows(self, before: str) -> bool:
        """Whether the head is that of this window after the earlier head."""
        return self.head == next_head(before, self)


def next_head(before: str, window: FiledWindow) -> str:
    """The head after a window, as archive.next_head computes it."""
    told = f"|{window.id}|{window.digest}|{window.rows}|{window.root}"
    return sha256(bytes.fromhex(before) + told.encode()).hexdigest()


def filed_windows(after: int = 0) -> list[FiledWindow]:
    """The windows filed after a number, in order."""
    rows = FilingWindow.objects.filter(number__gt=after).order_by("number")
    return [
        FiledWindow(
            row.pk, row.list_id, row.number or 0, row.rows or 0,
            bytes(row.digest).hex(), bytes(row.root).hex(), bytes(row.head or b"").hex(),
        )
        for row in rows
    ]  # fmt: skip


def take(window_id: int, moment: str, at: datetime) -> ArchiveBackup:
    """Back up what was filed since the last backup, and prove that it restores. Raises Refused where it does not."""
    with all_rows("SR-A1.11：备份的是整个成绩档案库"):
        return _taken(window_id, moment, at)


def _taken(window_id: int, moment: str, at: datetime) -> ArchiveBackup:
    last = ArchiveBackup.objects.order_by("-id").first()
    new = filed_windows(last.last_number if last else 0)
    if new or last is None:
        head = bytes(last.head).hex() if last else ""
        data = _written(head, new)
        file, sealed = storage.put(data, media_type=MEDIA_TYPE, at=at), _sealed(data, at)
        first, end, count = (new[0].number, new[-1].number, sum(each.rows for each in new)) if new else (0, 0, 0)
    else:
        file, sealed, first, end, count = last.file, last.sealed, last.first_number, last.last_number, last.count
    return ArchiveBackup.objects.create(
        window_id=window_id, moment=moment, first_number=first, last_number=end, count=count,
        head=bytes.fromhex(restored_head(storage.get(file))), file=file, sealed=sealed, taken_at=at,
    )  # fmt: skip


def restored_head(data: bytes) -> str:
    """Restore a backup into scratch and recompute everything; answers the archive's head after it.

    Raises Refused where a window's rows, digest, SM3 root or head is not what the archive says now.
    """
    head, windows, rows = _read(data)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE zikao_scratch (LIKE archive.score)")
        try:
            with cursor.copy(f"COPY pg_temp.zikao_scratch ({COLUMNS}) FROM STDIN") as copy:
                copy.write(rows)
            for window in windows:
                _compare(window, head)
                head = window.head
        finally:
            cursor.execute("DROP TABLE pg_temp.zikao_scratch")
    if {each.id: each for each in filed_windows()}.keys() < {each.id for each in windows}:
        raise _broken("windows")
    return head


def _compare(window: FiledWindow, before: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), encode(sha256(string_agg({LEAF}, ''::bytea ORDER BY row.line)), 'hex'),"  # noqa: S608
            f" coalesce(bool_and({LEAF} = row.leaf), true)"
            " FROM pg_temp.zikao_scratch AS row WHERE row.window_id = %s",
            [window.id],
        )
        count, digest, sound = cursor.fetchone()
    root = root_of(canonical_rows("pg_temp.zikao_scratch", "row.window_id = %s", window.id)).hex()
    held = {each.id: each for each in filed_windows(window.number - 1)}.get(window.id)
    if (count, digest, root, sound, held) != (window.rows, window.digest, window.root, True, window):
        raise _broken(str(window.number))
    if not window.follows(before):
        raise _broken(str(window.number))


def _written(head: str, windows: Sequence[FiledWindow]) -> bytes:
    pack = zlib.compressobj(1)
    told = {"form": 1, "head": head, "windows": [asdict(each) for each in windows]}
    parts = [pack.compress(json.dumps(told).encode() + b"\n")]
    if windows:
        among = ", ".join(str(each.id) for each in windows)
        query = f"COPY (SELECT {COLUMNS} FROM archive.score WHERE window_id IN ({among}) ORDER BY id) TO STDOUT"  # noqa: S608
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            parts += [pack.compress(bytes(block)) for block in copy]
    return b"".join([*parts, pack.flush()])


def _read(data: bytes) -> tuple[str, list[FiledWindow], bytes]:
    told, _, rows = zlib.decompress(data).partition(b"\n")
    known = json.loads(told)
    return known["head"], [FiledWindow(**each) for each in known["windows"]], rows


def _sealed(data: bytes, at: datetime) -> str:
    holders = [active_keys(custody) for custody in COPIES]
    if not all(holders):
        return ""
    keys = [key.public_key.encode() for held in holders for key in held]
    return storage.put(crypto.seal_to(keys, data, AAD), media_type=MEDIA_TYPE, at=at)


def _broken(where: str) -> Refused:
    return Refused(
        "backup-differs",
        facts={"window": where},
        message=f"成绩档案库的备份恢复之后与原库不一致（归档序号 {where}），不能写入成绩。",
        remedy="请立即停止归档，报告负责人，并由审计管理员核验成绩档案库（./zikao verify scores）。",
        clause="SR-A1.11",
    )
