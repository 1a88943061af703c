"""`zikao node restore` and what follows it: keys, the marker, the declaration, the ledger's new beginning."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from zikao.node.backing_up.catalogue import Catalogue, nodes_at, read_catalogue
from zikao.node.backing_up.drilled import read_key
from zikao.node.backing_up.escrow import open_keys
from zikao.node.backing_up.marks import DECLARED, MARKER, read_marker
from zikao.node.backing_up.restoring import RestoreTrouble, Say, bringer, plan_of, restore
from zikao.node.backing_up.targets import Target, open_target
from zikao.node.nodes import check_code
from zikao.node.postgres import slug, stop_cluster
from zikao.node.trouble import NodeTrouble


def bring_back(
    url: str,
    to: Path,
    *,
    key: Path,
    until: datetime | None = None,
    generation: str | None = None,
    keys: Path | None = None,
    keys_key: Path | None = None,
    say: Say = print,
) -> Iterator[str]:
    """Restore a node into an empty folder, and say what is there and what comes next."""
    target, private_key = open_target(url), read_key(key)
    code = node_at(target)
    catalogue = read_catalogue(target, code)
    for path, why in catalogue.bad:
        say(f"不采用 {path}：清单无效（{why}）")
    plan = plan_of(catalogue, private_key, until=until, generation=generation)
    made = bringer(target, private_key, plan, to, say=say)
    restore(made, until=until)
    node_home = made.home / code.replace(":", "-")
    with_keys = _bring_keys(keys, keys_key, node_home / "keys")
    stop_cluster(made.home)
    newest = plan.newest
    yield f"{code} 已恢复到 {made.home}：{newest.generation} 至第 {newest.number} 份" + (
        f"，截至 {until.isoformat()}" if until else "，直到日志末尾"
    )
    yield from _signers(catalogue)
    if not with_keys:
        yield f"还没有节点密钥：请把原 keys 目录复制到 {node_home / 'keys'}，或用 --keys 与 --keys-key 从托管文件取出。"
    yield "接下来：停用原节点；export ZIKAO_HOME=" + str(made.home) + "；./zikao node status；"
    yield "./zikao verify ledger；./zikao node declare-restored --reason '……'；再 ./zikao node serve。"


def declare(home: Path, reason: str) -> Iterator[str]:
    """Write the restore into the ledger, let the ledger go on where it must begin anew, and let the node serve.

    Raises NodeTrouble when the node was not restored, or was declared already.
    """
    from zikao.foundation import clock, ledger
    from zikao.foundation.actors import node_actor
    from zikao.foundation.backups.commands import declare_restored
    from zikao.foundation.ledger.models import Leaf
    from zikao.node.backing_up.sequences import known_sequences

    path = home / MARKER
    marker = read_marker(home)
    if marker is None:
        raise NodeTrouble("not-restored", message="本节点不是由备份恢复的，或已经声明过。", remedy="可直接运行服务。")
    try:
        ledger.sequence()
    except ledger.LedgerMoved:
        yield f"台账已重定基准，补编 {ledger.rebase()} 行。"
    size = Leaf.objects.count()
    sequences = {each.peer: {"sent": each.sent, "received": each.received} for each in known_sequences()}
    declare_restored(
        marker=marker, ledger_size=size, sequences=sequences, reason=reason, by=node_actor(), at=clock.now()
    )
    path.rename(home / DECLARED)
    yield f"已记入账本：恢复后账本 {size:,} 行，此前备份所知 {marker['newest_ledger_size']:,} 行。"
    yield "请审计管理员在“见证”页面向见证节点声明恢复；"
    yield "请各节点执行 ./zikao node sequences --json，取回结果后用 --compare 核对；"
    yield "然后立即 ./zikao node backup --full：恢复之后另起一套。"


def node_at(target: Target) -> str:
    """The one node whose backups lie here. Raises RestoreTrouble."""
    folders = nodes_at(target)
    codes = {slug(code): code for code in ("national", "military", *(f"province:{n:02d}" for n in range(100)))}
    known = [codes[name] for name in folders if name in codes]
    if len(known) != 1:
        raise RestoreTrouble(
            "which-node",
            facts={"found": ", ".join(folders)},
            message=f"这个存放处有 {len(known)} 个节点的备份，不能确定恢复哪一个。",
            remedy="每个节点应有自己的存放处；请给出只含一个节点的目录或前缀。",
        )
    return check_code(known[0])


def _bring_keys(source: Path | None, key: Path | None, folder: Path) -> bool:
    if source is None:
        return folder.exists()
    if source.is_dir():
        shutil.copytree(source, folder)
        folder.chmod(0o700)
        for path in folder.iterdir():
            path.chmod(0o600)
        return True
    if key is None:
        raise NodeTrouble(
            "no-keys-key", message="打开密钥托管文件还需要托管人的私钥。", remedy="请用 --keys-key 指定。"
        )
    open_keys(source, read_key(key), folder)
    return True


def _signers(catalogue: Catalogue) -> Iterator[str]:
    from zikao.foundation.crypto import sm3

    for pem in sorted({signed.public_key for signed in catalogue.parts}):
        yield f"清单由公钥 {sm3(pem.encode()).hex()[:16]} 签名，请与该节点公布的公钥核对。"
