"""`./zikao node ...`: a real node, from the first start to its daily state."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from zikao.node.cli import backing_up, keys
from zikao.node.trouble import NodeTrouble

DEFAULT_PORT = 8000


def add_to(groups: Any) -> None:
    """Add the group."""
    node = groups.add_parser("node", help="运行一个节点（ZIKAO_NODE=national 或 province:32）")
    parts = node.add_subparsers(title="节点命令", metavar="命令", required=True)
    parts.add_parser("init", help="建立数据库、密钥和首批管理员账号，可重复执行").set_defaults(run=_init)
    serve = parts.add_parser("serve", help="提供服务，直到停止")
    serve.add_argument("--port", type=_port, default=None, help="端口（或用 ZIKAO_PORT，默认 8000）")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址")
    serve.add_argument("--workers", type=int, default=None, help="网页进程数")
    serve.set_defaults(run=_serve)
    parts.add_parser("worker", help="只运行队列的工作进程").set_defaults(run=_worker)
    status = parts.add_parser("status", help="数据库、迁移、账本、发件箱、队列的现状")
    status.add_argument("--json", action="store_true", help="只输出一个 JSON 值")
    status.set_defaults(run=_status)
    backing_up.add_to(parts)
    keys.add_to(parts)


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError("端口应在 1 至 65535 之间")
    return port


def _port_of_environment() -> int:
    try:
        return _port(os.environ.get("ZIKAO_PORT") or str(DEFAULT_PORT))
    except (ValueError, argparse.ArgumentTypeError):
        raise NodeTrouble("bad-port", message="ZIKAO_PORT 不是端口号。", remedy="端口应在 1 至 65535 之间。") from None


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _init(options: argparse.Namespace) -> int:
    from zikao.node.nodes import node_code, prepare_node

    node = prepare_node(node_code(), say=_tell)
    node.enter()
    from zikao.node.administrators import open_administrators

    opened = open_administrators(node.agency_code)
    print(f"{node.code} 已就绪，数据在 {node.home}")
    for account in opened:
        print(f"  {account.post.label}  用户名 {account.username}  口令 {account.password}")
    if opened:
        print("以上口令只显示这一次，请立即交给本人保管，并在首次登录后更换。")
    return 0


def _serve(options: argparse.Namespace) -> int:
    from zikao.node.nodes import node_code, prepare_node
    from zikao.node.serving import check_port, serve

    port = options.port or _port_of_environment()
    check_port(port, host=options.host)
    serve(prepare_node(node_code(), say=_tell), port=port, host=options.host, workers=options.workers, say=_tell)
    return 0


def _worker(options: argparse.Namespace) -> int:
    from zikao.node.nodes import existing_node, node_code
    from zikao.node.postgres import keep_using_after_exec

    node = existing_node(node_code(), say=_tell)
    keep_using_after_exec()
    os.execve(sys.executable, [sys.executable, "-m", "zikao.foundation.jobs", "worker"], node.environment())


def _status(options: argparse.Namespace) -> int:
    from zikao.node.nodes import existing_node, node_code

    existing_node(node_code(), say=_tell).enter()
    from zikao.node.health import missing_migrations
    from zikao.node.vitals import take_vitals

    missing = missing_migrations()
    if missing:
        _tell(f"有 {len(missing)} 个迁移没有执行，请先运行 ./zikao node init。")
        return 1
    vitals = take_vitals()
    if options.json:
        sys.stdout.write(json.dumps(vitals.as_dict(), ensure_ascii=False) + "\n")
        return 0
    from zikao.node.backing_up.listing import status_lines

    for label, value in (*vitals.lines(), *status_lines()):
        print(f"{label}：{value}")
    return 0
