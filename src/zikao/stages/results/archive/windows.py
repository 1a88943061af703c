"""Calls of the archive's functions; what the database refuses is told in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction

from zikao.foundation.errors import BadInput, Conflict, WrongState, ZikaoError
from zikao.stages.results.models import FilingWindow

CLAUSE = "SR-A1.10a"


def request_window(
    *, kind: str, list_id: int, post: str, digest: bytes, root: bytes, minutes: int, hours: int, account_id: int | None
) -> FilingWindow:
    """Ask for a window for exactly this list; custodians have `hours` to come, the window stays open `minutes`."""
    arguments = [kind, list_id, post, digest, root, minutes, hours, account_id]
    number = _call("SELECT archive.request_window(%s, %s, %s, %s, %s, %s, %s, %s)", arguments)
    return FilingWindow.objects.get(pk=number)


def present(window_id: int, post: str, proof: bytes) -> int:
    """Present one segment; answers how many of three have. Raises BadInput where it is wrong."""
    return int(_call("SELECT archive.present(%s, %s, %s)", [window_id, post, proof]))


def file_window(window_id: int) -> int:
    """Write exactly the list that the open window names; answers how many rows."""
    return int(_call("SELECT archive.file(%s)", [window_id]))


def install_segment(window_id: int) -> int:
    """Put the segment in force that the open window names; answers its id."""
    return int(_call("SELECT archive.install_segment(%s)", [window_id]))


def first_segment(post: str, account_id: int | None, salt: bytes, cost: str, stored_key: bytes) -> int:
    """Set a post's first segment."""
    arguments = [post, account_id, salt, cost, stored_key]
    return int(_call("SELECT archive.first_segment(%s, %s, %s, %s, %s)", arguments))


def change_segment(post: str, salt: bytes, cost: str, stored_key: bytes, proof: bytes) -> int:
    """Change a post's segment by the old one's proof."""
    return int(_call("SELECT archive.change_segment(%s, %s, %s, %s, %s)", [post, salt, cost, stored_key, proof]))


def stage_segment(post: str, account_id: int | None, salt: bytes, cost: str, stored_key: bytes) -> tuple[int, bytes]:
    """Put down a segment asked for anew; answers its id and digest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO archive.staged_segment (post, account_id, salt, cost, stored_key)"
            " VALUES (%s, %s, %s, %s, %s) RETURNING id",
            [post, account_id, salt, cost, stored_key],
        )
        (number,) = cursor.fetchone()
        cursor.execute("SELECT archive.digest_of_segment(%s)", [number])
        (digest,) = cursor.fetchone()
    return number, bytes(digest)


def close_window(window_id: int) -> bool:
    """Close a window; waits for whoever is writing. False where it is closed."""
    return bool(_call("SELECT archive.close_window(%s)", [window_id]))


def close_due() -> int:
    """Close the windows whose time is over, ending sessions that still write; answers how many."""
    return int(_call("SELECT archive.close_due()", []))


def presences(window_id: int) -> list[tuple[str, int, Any]]:
    """Who has presented: post, account, instant of the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post, account_id, presented_at FROM archive.presence WHERE window_id = %s ORDER BY presented_at",
            [window_id],
        )
        return list(cursor.fetchall())


def database_now() -> Any:
    """The database's clock, which is the windows' own."""
    return _call("SELECT clock_timestamp()", [])


def _call(query: str, arguments: list[Any]) -> Any:
    with _in_words(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchone()[0]


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        told = _told(str(getattr(error.__cause__, "sqlstate", "")))
        if told is None:
            raise
        raise told from None


def _told(state: str) -> ZikaoError | None:
    if state == "28P01":
        return BadInput(
            "segment-wrong",
            field_errors={"segment": "密码段不对。请核对纸面内容后重新输入；遗失的请申请补发。"},
            clause=CLAUSE,
        )
    if state == "55000":
        return WrongState(
            "window-not-ready",
            message="成绩档案库的这个窗口现在不能这样办理：没有三人到齐，或者已经到时、关闭。",
            remedy="请查看归档窗口的现状；已经到时的，请重新申请开启。",
            clause=CLAUSE,
        )
    if state == "42501":
        return WrongState(
            "archive-refuses",
            message="成绩档案库拒绝了这一操作：内容与批准的清单不符，或者没有三人开启的窗口。",
            remedy="请停止操作，由审计管理员核验成绩档案库。",
            clause="SR-A1.9",
        )
    if state == "23505":
        return Conflict(
            "archive-conflict",
            message="同样的内容已经登记或正在办理：同一人不能出示两段，同一清单不能有两个窗口，同一成绩不能登记两次。",
            remedy="请刷新页面查看现状。",
            clause=CLAUSE,
        )
    return None
