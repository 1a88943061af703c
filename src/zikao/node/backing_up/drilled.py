"""Drills as the node keeps them: which copy is due, opened by which key, noted and reported."""

from __future__ import annotations

from pathlib import Path

from zikao.foundation.backups import queries
from zikao.foundation.backups.models import Drill
from zikao.foundation.backups.states import COPIES, Custody
from zikao.foundation.crypto import KeysMissing
from zikao.node.backing_up.custodians import custodians, drill_key
from zikao.node.backing_up.drilling import drill
from zikao.node.backing_up.keeping import noting_failure
from zikao.node.backing_up.reporting import note_drill
from zikao.node.backing_up.source import Source
from zikao.node.backing_up.taking import Say
from zikao.node.trouble import NodeTrouble


def run_drill(source: Source, *, custody: str = "", private_key: bytes | None = None, say: Say = print) -> Drill:
    """Drill the newest backup of a custody (else of the one whose turn it is), with the custodian's key or our own."""

    def work() -> Drill:
        chosen = custody or next_custody()
        copy = next(each for each in custodians(source.node.home) if each.custody == chosen)
        own_private, _ = drill_key(source.node.home)
        key = private_key or own_private
        place = source.node.home / "drill"
        drilled = drill(
            copy.target, source.node.code, key, place, custody=chosen if private_key is None else "", say=say
        )
        drilled.custody = drilled.custody or chosen
        return note_drill(drilled, opened_with=_id_of(key), is_custodians_key=private_key is not None)

    return noting_failure("drill", work)


def next_custody() -> str:
    """The two copies take turns."""
    last = queries.newest_drill()
    return Custody.DISCIPLINE.value if last is None or last.custody == COPIES[0] else COPIES[0].value


def read_key(path: Path) -> bytes:
    """A private key from a file. Raises NodeTrouble."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NodeTrouble(
            "no-key-file", message=f"读不到私钥文件 {path}：{error.strerror}。", remedy="请核对 --key 所指的文件。"
        ) from None


def _id_of(private_key: bytes) -> str:
    from zikao.node.backing_up.restoring import key_id_of

    try:
        return key_id_of(private_key)
    except (ValueError, TypeError, KeysMissing):
        return "?"
