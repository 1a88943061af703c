"""The mark that a restore leaves in a node's home: the node does not serve before somebody answers for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from zikao.node.trouble import NodeTrouble

MARKER = "restored.json"
DECLARED = "restored-declared.json"


def read_marker(home: Path) -> dict[str, Any] | None:
    """What the restore left in the node's home, while it is not declared."""
    path = home / MARKER
    if not path.exists():
        return None
    said: dict[str, Any] = json.loads(path.read_text())
    return said


def check_declared(home: Path) -> None:
    """Raise NodeTrouble for a restored node that nobody has declared: it must not go on as if nothing had happened."""
    marker = read_marker(home)
    if marker is not None:
        until = marker["until"] or "日志末尾"
        raise NodeTrouble(
            "restored-undeclared",
            facts={"generation": marker["generation"], "until": until},
            message=f"本节点由备份 {marker['generation']} 恢复（到 {until}），尚未声明，历史可能变短，不能提供服务。",
            remedy="请核对后执行 ./zikao node declare-restored --reason '为何恢复、由谁批准'，再启动。",
            clause="EA-49.1",
        )
