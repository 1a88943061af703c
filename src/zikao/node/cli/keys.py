"""`./zikao node keys ...`: what a node's keys are, and how they are changed while it works."""

from __future__ import annotations

import argparse
import sys
from typing import Any

KINDS = {"data": "数据密钥", "index": "索引密钥", "sign": "签名密钥", "agree": "信封密钥"}


def add_to(parts: Any) -> None:
    """Add the group to `node`."""
    keys = parts.add_parser("keys", help="密钥：现状、更换、重新加密、停用、销毁")
    acts = keys.add_subparsers(title="密钥命令", metavar="命令", required=True)
    acts.add_parser("status", help="每个密钥的状态和用量").set_defaults(run=_status)
    rotate = acts.add_parser("rotate", help="增加一个新密钥，从现在起使用；旧的仍可解密、核验")
    rotate.add_argument(
        "kind", choices=tuple(KINDS), help="、".join(f"{name} {label}" for name, label in KINDS.items())
    )
    rotate.set_defaults(run=_rotate)
    acts.add_parser("reseal", help="用最新数据密钥重新加密全部数据和文件；可中断，再运行即接着做").set_defaults(
        run=_reseal
    )
    acts.add_parser("reindex", help="用最新索引密钥重写全部索引；可中断，再运行即接着做").set_defaults(run=_reindex)
    retire = acts.add_parser("retire", help="停用一个旧密钥（须已没有数据用它）")
    retire.add_argument("key", help="密钥编号")
    retire.set_defaults(run=_retire)


def _enter() -> Any:
    from zikao.node.nodes import existing_node, node_code

    node = existing_node(node_code(), say=lambda text: None)
    node.enter()
    from zikao.foundation.actors import node_actor

    return node_actor(node.agency_code)


def _status(options: argparse.Namespace) -> int:
    _enter()
    from zikao.foundation.custody.queries import keys_now

    for key in keys_now():
        used = f"　用量 {key.uses:,}" if key.kind == "data" else ""
        seals = f"　已加密不超过 {key.seals:,} 次" if key.seals else ""
        print(f"{key.label} {key.number:04d}-{key.key_id}　{key.state_label}{used}{seals}")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    by = _enter()
    from zikao.foundation import clock
    from zikao.foundation.custody.commands import rotate_key
    from zikao.foundation.custody.states import KeyKind

    key = rotate_key(kind=KeyKind(options.kind), by=by, at=clock.now()).value
    print(f"已启用{key}。旧密钥仍在，请先备份密钥目录。")
    then = {"data": "接着运行 reseal，全部完成后停用旧密钥。", "index": "接着运行 reindex，全部完成后停用旧密钥。"}
    print(then.get(options.kind, "新公钥已列入发往各节点的数据，由旧密钥签名。"))
    return 0


def _reseal(options: argparse.Namespace) -> int:
    _enter()
    from zikao.foundation.custody.tasks import reseal_everything

    return _ended(reseal_everything(_told()))


def _reindex(options: argparse.Namespace) -> int:
    _enter()
    from zikao.foundation.custody.tasks import reindex_everything

    return _ended(reindex_everything(_told()))


def _told() -> Any:
    counts: dict[str, int] = {}

    def tell(name: str, count: int) -> None:
        counts[name] = counts.get(name, 0) + count
        if count:
            sys.stderr.write(f"\r{name}：{counts[name]:,}")

    return tell


def _ended(counts: dict[str, int]) -> int:
    sys.stderr.write("\n")
    print(f"完成：{counts['sealed']:,} 处已换成新密钥，{counts['broken']:,} 处不能解开。")
    if counts["broken"]:
        print("不能解开的数据请由审计管理员核查来源，必要时从备份恢复；旧密钥不要停用。")
    return 1 if counts["broken"] else 0


def _retire(options: argparse.Namespace) -> int:
    by = _enter()
    from zikao.foundation import clock
    from zikao.foundation.custody.commands import retire_key

    key = retire_key(key_id=options.key, by=by, at=clock.now()).value
    print(f"{key} 已停用，移入密钥目录的 retired/。请离线封存；销毁须由安全管理员提出、两人签字。")
    return 0
