"""The node's own keys, sealed to the key custody: what a restore needs besides a backup, kept apart from it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.backups import commands, queries
from zikao.foundation.backups.states import Custody
from zikao.foundation.crypto import KeysMissing, SealBroken, open_with, seal_to, sm3
from zikao.node.backing_up.tars import files_below, lay_out, tar_of
from zikao.node.trouble import NodeTrouble

AAD = b"zikao node keys 1"


def seal_keys(home: Path, target: Path) -> list[str]:
    """Write the node's keys to a file that only the holders of the key custody open; returns the keys' names.

    Raises NodeTrouble while the key custody has no key, or when the file is there already.
    """
    holders = queries.active_keys(Custody.KEYS)
    if not holders:
        raise NodeTrouble(
            "no-key-custody",
            message="密钥托管还没有登记公钥。",
            remedy="请先执行 ./zikao node custody init keys，由主要负责人保管其私钥。",
        )
    names = files_below(home / "keys")
    sealed = seal_to([each.public_key.encode() for each in holders], b"".join(tar_of(home / "keys", names)), AAD)
    try:
        with target.open("xb") as file:
            target.chmod(0o600)
            file.write(sealed)
    except FileExistsError:
        raise NodeTrouble(
            "file-exists", message=f"{target} 已经存在。", remedy="请另取文件名，旧的托管文件不要覆盖。"
        ) from None
    commands.record_escrow(
        key_names=names,
        sealed_to=[each.key_id for each in holders],
        digest=sm3(sealed).hex(),
        by=node_actor(settings.ZIKAO_NODE_CODE),
        at=clock.now(),
    )
    return names


def open_keys(source: Path, private_key: bytes, folder: Path) -> list[str]:
    """Lay the keys out of an escrow file into a folder that has none yet. Raises NodeTrouble."""
    if folder.exists() and any(folder.iterdir()):
        raise NodeTrouble("keys-exist", message=f"{folder} 里已有密钥，不会覆盖。", remedy="请先移走已有的密钥。")
    try:
        plain = open_with(private_key, source.read_bytes(), AAD)
    except (SealBroken, KeysMissing) as error:
        raise NodeTrouble(
            "escrow-closed", message="这把私钥打不开托管文件，或文件已被改动。", remedy="请核对托管文件与私钥是否成对。"
        ) from error
    lay_out([plain], folder)
    for place in (folder, *(each for each in folder.rglob("*") if each.is_dir())):
        place.chmod(0o700)  # the retired keys' folder, too
    return files_below(folder)
