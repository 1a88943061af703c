"""The three nodes of the demonstration: prepared, served, and each with a process that lives its phases."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from zikao.node.nodes import Node, find_node, make_keys, prepare_node
from zikao.node.ports import free_port
from zikao.node.postgres import ensure_cluster
from zikao.node.postgres.twins import copy_migrated
from zikao.node.serving import children_of, wait_until_ready
from zikao.node.supervisor import Child
from zikao.node.trouble import NodeTrouble

CODES = ("national", "province:32", "province:33")
FIRST_PORT = 8320
Progress = Callable[[str, str, int, int], None]


def choose_ports(known: dict[str, int] | None = None) -> dict[str, int]:
    """A port a node: those used before where they are still free."""
    ports: dict[str, int] = {}
    for number, code in enumerate(CODES):
        wanted = (known or {}).get(code, FIRST_PORT + number)
        ports[code] = free_port(preferred=wanted)
    return ports


def prepare_nation(home: Path, say: Callable[[str], None]) -> dict[str, Node]:
    """Every node with its database, keys and tables: the first as any node, those still empty after its pattern."""
    first = prepare_node(CODES[0], home=home, say=say)
    with ThreadPoolExecutor(2) as pool:
        others = list(pool.map(lambda code: _prepare_after(first, code, home, say), CODES[1:]))
    return dict(zip(CODES, [first, *others], strict=True))


def _prepare_after(first: Node, code: str, home: Path, say: Callable[[str], None]) -> Node:
    """A new node takes tables and static files from the first, which nobody has used yet; an older one is prepared."""
    node = find_node(code, home=home, say=say)
    if (node.home / "keys").exists() or not copy_migrated(ensure_cluster(home), first.code, code):
        return prepare_node(code, home=home, say=say)
    make_keys(node)
    shutil.copytree(first.home / "static", node.home / "static", dirs_exist_ok=True)
    return node


def services(nation: dict[str, Node], ports: dict[str, int], log_home: Path) -> list[Child]:
    """The processes that serve the nodes."""
    return [
        child
        for code, node in nation.items()
        for child in children_of(node, port=ports[code], log_folder=log_home / code.replace(":", "-"), ZIKAO_DEMO="1")
    ]


def wait_for_all(ports: dict[str, int]) -> None:
    """Wait until every node answers."""
    for port in ports.values():
        wait_until_ready(port)


def move_clocks(nation: dict[str, Node], to: datetime) -> None:
    """Set every node's clock: it is `to` now, and goes on from there."""
    offset = int((to - datetime.now(tz=to.tzinfo)).total_seconds())
    for node in nation.values():
        part = node.home / "clock-offset.part"
        part.write_text(str(offset))
        part.replace(node.home / "clock-offset")


@dataclass
class Living:
    """A node's living process; `ask` sends one order and waits for its end."""

    code: str
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, node: Node, *, candidates: int, seed: int, log: Path) -> Living:
        """Start it."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a") as errors:
            process = subprocess.Popen(  # noqa: S603  our own interpreter
                [sys.executable, "-m", "zikao.world.living", node.agency_code, str(candidates), str(seed)],
                env=node.environment(ZIKAO_DEMO="1"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        return cls(node.code, process)

    def ask(self, order: dict[str, Any], progress: Progress) -> dict[str, Any]:
        """Send an order, pass progress on, return what it ended with. Raises NodeTrouble when it failed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer = json.loads(line)
            if "progress" in answer:
                progress(self.code, *answer["progress"])
            elif "done" in answer:
                done: dict[str, Any] = answer["done"]
                return done
            else:
                raise _failed(self.code, order, answer["failed"])
        raise _failed(self.code, order, "进程意外结束。")

    def stop(self) -> None:
        """End it."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=20)


def _failed(code: str, order: dict[str, Any], what: str) -> NodeTrouble:
    return NodeTrouble(
        "phase-failed",
        facts={"node": code, "phase": order.get("phase", "accounts")},
        message=f"{code} 在“{order.get('phase', '核对')}”阶段失败：\n{what}",
        remedy="请用 ./zikao demo --fresh 重新开始；仍然失败的，把以上内容告诉开发者。",
    )


def ask_together(living: Sequence[Living], orders: dict[str, dict[str, Any]], progress: Progress) -> dict[str, Any]:
    """Ask several at once and join what they end with. The first failure is raised after all have ended."""
    found: dict[str, Any] = {}
    troubles: list[BaseException] = []
    lock = threading.Lock()

    def one(each: Living) -> None:
        try:
            answer = each.ask(orders[each.code], progress)
        except BaseException as trouble:
            with lock:
                troubles.append(trouble)
        else:
            with lock:
                found[each.code] = answer

    threads = [threading.Thread(target=one, args=(each,)) for each in living if each.code in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    return found
