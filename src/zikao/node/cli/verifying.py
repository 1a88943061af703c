"""`./zikao verify ...`: checks that anyone can repeat."""

from __future__ import annotations

import argparse
import os
from importlib import import_module
from typing import Any

import django

from zikao.node.trouble import NodeTrouble

VERIFIERS = {
    "ledger": ("zikao.foundation.witness.verify", "账本：有没有一行被改、删、插或调换"),
    "files": ("zikao.foundation.witness.files", "数据文件：是否与入库时的摘要相符"),
    "receipt": ("zikao.foundation.witness.verify_receipt", "账本回执和纸面存证码：只用公钥核对，不用数据库"),
    "scores": ("zikao.stages.results.verify", "成绩档案库：逐条重算，名出被改、删、插的成绩；可离线核验导出文件"),
    "seating": ("zikao.stages.seating.verify", "座位编排：按公开的种子重算一遍"),
    "backup": ("zikao.node.backing_up.verify", "备份：一方保管的副本是否完整、未改、与另一方和账本一致"),
    "certificate": ("zikao.stages.registry.verify", "毕业证书：是否与注册信息相符"),
}


def add_to(groups: Any) -> None:
    """Add the group; each verifier reads its own arguments."""
    verify = groups.add_parser("verify", help="核验账本、备份、座位编排、证书")
    kinds = verify.add_subparsers(title="核验对象", metavar="对象", required=True)
    for name, (module, meaning) in VERIFIERS.items():
        kind = kinds.add_parser(name, help=meaning, add_help=False)
        kind.set_defaults(run=_verify, takes_rest=True, module=module, needs_node=name in ("ledger", "files", "scores"))


def _verify(options: argparse.Namespace) -> int:
    _enter(needs_node=options.needs_node and "--export" not in options.rest)
    return int(import_module(options.module).main(options.rest) or 0)


def _enter(*, needs_node: bool) -> None:
    """Work for this machine's node; a verifier that needs none works from the files it is given alone."""
    from zikao.node.nodes import existing_node, node_code

    try:
        existing_node(node_code(), say=lambda text: None).enter()
    except NodeTrouble as trouble:
        if needs_node or trouble.code != "no-such-node":
            raise
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zikao.node.settings")
        django.setup()
