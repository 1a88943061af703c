"""`./zikao export ledger` and `export keys`: what an auditor takes away to check without us."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from zikao.node.trouble import NodeTrouble


def add_to(groups: Any) -> None:
    """Add the group."""
    export = groups.add_parser("export", help="导出账本、公钥，供断网核验")
    kinds = export.add_subparsers(title="导出对象", metavar="对象", required=True)
    for name, meaning in (("ledger", "签名检查点以内的全部账本行、检查点、共同签名"), ("keys", "公钥与使用期")):
        kind = kinds.add_parser(name, help=meaning)
        kind.add_argument("file", type=Path, metavar="文件", help="写到这里；已有的文件不覆盖")
        kind.set_defaults(run=_export, kind=name)


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _export(options: argparse.Namespace) -> int:
    from zikao.node.nodes import existing_node, node_code

    existing_node(node_code(), say=_tell).enter()
    from zikao.foundation import clock
    from zikao.foundation.witness.exporting import export_own
    from zikao.foundation.witness.keys import keybook

    try:
        if options.kind == "ledger":
            print(f"已导出 {export_own(options.file, clock.now()):,} 行到 {options.file}")
        else:
            with options.file.open("x") as file:
                file.write(keybook().as_json())
            print(f"已导出公钥到 {options.file}")
    except FileExistsError:
        raise NodeTrouble(
            "file-exists", message=f"{options.file} 已经存在。", remedy="请换一个文件名；导出从不覆盖已有的文件。"
        ) from None
    except OSError as trouble:
        raise NodeTrouble(
            "cannot-write", message=f"写不了 {options.file}：{trouble.strerror}。", remedy="请核对目录和权限。"
        ) from None
    return 0
