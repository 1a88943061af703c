"""Serving a node: the web server, the worker of its queue, and its caretaker."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from zikao.node.backing_up.marks import check_declared
from zikao.node.nodes import Node
from zikao.node.ports import is_free
from zikao.node.supervisor import Child, Supervisor
from zikao.node.trouble import NodeTrouble

BLOCKING_THREADS = 4
Say = Callable[[str], None]


def children_of(
    node: Node,
    *,
    port: int,
    host: str = "127.0.0.1",
    workers: int = 1,
    log_folder: Path | None = None,
    **environment: str,
) -> list[Child]:
    """The processes of a node: web, worker, caretaker. With `log_folder` each writes its own log there."""
    python = sys.executable
    variables = node.environment(**{"ZIKAO_PUBLIC_URL": f"http://{host}:{port}", **environment})

    def child(name: str, command: Sequence[str]) -> Child:
        log = log_folder / f"{name}.log" if log_folder else None
        return Child(f"{node.code} {name}", [python, *command], variables, log)

    return [
        child("web", web_command(node, host=host, port=port, workers=workers)),
        child("worker", ["-m", "zikao.foundation.jobs", "worker"]),
        child("caretaker", ["-m", "zikao.foundation.jobs", "caretaker"]),
        child("backups", ["-m", "zikao.node.backing_up"]),
    ]


def web_command(node: Node, *, host: str, port: int, workers: int) -> list[str]:
    """The web server's arguments."""
    return [
        *("-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(BLOCKING_THREADS), "--no-ws"),
        *("--respawn-failed-workers", "--log-level", "warning"),
        *("--static-path-route", "/static", "--static-path-mount", str(node.home / "static")),
        "zikao.node.wsgi:application",
    ]


def check_port(port: int, *, host: str = "127.0.0.1") -> None:
    """Raise NodeTrouble when another program listens on the port."""
    if not is_free(port, host=host):
        raise NodeTrouble(
            "port-taken",
            facts={"port": port},
            message=f"端口 {port} 已被其他程序占用。",
            remedy="请用 --port 或 ZIKAO_PORT 换一个端口，或先停止占用它的程序。",
        )


@contextlib.contextmanager
def only_server(node: Node) -> Iterator[None]:
    """Be the one that serves this node on this machine. Raises NodeTrouble when another does."""
    node.home.mkdir(parents=True, exist_ok=True)
    with (node.home / "serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NodeTrouble(
                "already-serving",
                message=f"{node.code} 已在本机运行。",
                remedy="请直接使用正在运行的服务，或先停止它。",
            ) from None
        yield


def serve(node: Node, *, port: int, host: str = "127.0.0.1", workers: int | None = None, say: Say = print) -> None:
    """Serve the node until SIGTERM or SIGINT."""
    check_port(port, host=host)
    check_declared(node.home)
    count = workers or min(4, os.cpu_count() or 1)
    with only_server(node), Supervisor(children_of(node, port=port, host=host, workers=count), say) as group:
        say(f"{node.code} 正在 http://{host}:{port}/ 提供服务，按 Ctrl-C 停止。")
        group.run()
    say(f"{node.code} 已停止。")


def wait_until_ready(port: int, *, host: str = "127.0.0.1", seconds: float = 60.0) -> None:
    """Wait until the node answers at /healthz. Raises NodeTrouble when it does not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise NodeTrouble(
        "not-ready",
        facts={"port": port, "seconds": seconds},
        message=f"端口 {port} 上的服务 {seconds:.0f} 秒内没有应答。",
        remedy="请查看该节点目录下的日志。",
    )
