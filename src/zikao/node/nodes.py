"""A node on this machine: its folder, its ways into the database, and making both ready."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from zikao.foundation.crypto import complete_keys, create_keys
from zikao.node.files import locked
from zikao.node.postgres import archive_role, destroy_cluster, ensure_cluster, role_statements, use_cluster
from zikao.node.trouble import NodeTrouble

SOURCE = Path(__file__).resolve().parents[2]
PROJECT = SOURCE.parent
CODE = re.compile(r"national|military|province:\d{2}")

Say = Callable[[str], None]


def data_home() -> Path:
    """Where this machine's data lies: ZIKAO_HOME, else var/ in the project."""
    return Path(os.environ.get("ZIKAO_HOME") or PROJECT / "var").resolve()


def node_code() -> str:
    """The node this process is to work for: ZIKAO_NODE, else province:32. Raises NodeTrouble."""
    return check_code(os.environ.get("ZIKAO_NODE", "province:32"))


def check_code(code: str) -> str:
    """The code itself when it is one: national, military or province:NN. Raises NodeTrouble."""
    if CODE.fullmatch(code):
        return code
    raise NodeTrouble(
        "unknown-node",
        message=f"不认识的节点“{code}”。",
        remedy="ZIKAO_NODE 应为 national、military 或 province:32 这样的省份代码。",
    )


@dataclass(frozen=True)
class Node:
    """A node: what its processes need to know. `owner_url` is None where only the application's role is given."""

    code: str
    home: Path
    app_url: str
    owner_url: str | None

    @property
    def agency_code(self) -> str:
        """The code of its root agency: "32" for a province, "" for the centre."""
        return self.code.partition(":")[2]

    @property
    def app_role(self) -> str:
        """The name of the application's role."""
        return str(psycopg.conninfo.conninfo_to_dict(self.app_url).get("user", ""))

    def environment(self, **more: str) -> dict[str, str]:
        """The whole environment of a process of this node, working as the application's role."""
        here = {
            "ZIKAO_NODE": self.code,
            "ZIKAO_NODE_HOME": str(self.home),
            "ZIKAO_DATABASE_URL": self.app_url,
            "ZIKAO_APP_ROLE": self.app_role,
            "DJANGO_SETTINGS_MODULE": "zikao.node.settings",
            "PYTHONPATH": str(SOURCE),
        }
        outer = {name: value for name, value in os.environ.items() if name != "ZIKAO_OWNER_URL"}
        return {**outer, **here, **more}

    def enter(self) -> None:
        """Make this process work for the node; once, before Django is loaded."""
        import django

        os.environ.update(self.environment())
        django.setup()

    def manage(self, *arguments: str) -> str:
        """Run one of Django's commands in a process of its own; returns what it printed. Raises NodeTrouble."""
        return self.run("django", *arguments)

    def run(self, module: str, *arguments: str, as_owner: bool = False) -> str:
        """Run a module in a process of its own; returns what it printed. Raises NodeTrouble."""
        owner = {"ZIKAO_DATABASE_URL": self.owner_url} if as_owner and self.owner_url else {}
        answer = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.environment(**owner),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if answer.returncode != 0:
            raise NodeTrouble(
                "preparation-failed",
                facts={"command": arguments[0] if arguments else module},
                message=f"{self.code}：{' '.join(arguments) or module} 没有成功。\n{answer.stdout[-3000:]}",
                remedy="请把以上内容告诉系统维护人员。",
            )
        return answer.stdout


def find_node(code: str, *, home: Path | None = None, say: Say = print) -> Node:
    """The node by its code, with the server running: an outside server when ZIKAO_DATABASE_URL is set, else our own.

    Raises NodeTrouble when the outside server does not let us in, or our own does not start.
    """
    home = (home or data_home()).resolve()
    folder = home / check_code(code).replace(":", "-")
    outside = os.environ.get("ZIKAO_DATABASE_URL")
    if outside:
        return _outside_node(code, folder, outside, os.environ.get("ZIKAO_OWNER_URL") or None)
    use_cluster(home)
    database = ensure_cluster(home, say=say).create_node_database(code)
    return Node(code, folder, database.app_url, database.owner_url)


def existing_node(code: str, *, home: Path | None = None, say: Say = print) -> Node:
    """The node, which must have been prepared before. Raises NodeTrouble when it was not."""
    folder = (home or data_home()).resolve() / check_code(code).replace(":", "-")
    if not (folder / "keys").exists():
        raise NodeTrouble(
            "no-such-node",
            facts={"node": code, "home": folder},
            message=f"本机没有节点 {code}（{folder} 中没有它的密钥）。",
            remedy="请先运行 ./zikao node init，或用 ZIKAO_NODE、ZIKAO_HOME 指明要用的节点。",
        )
    return find_node(code, home=home, say=say)


def prepare_node(code: str, *, home: Path | None = None, say: Say = print) -> Node:
    """Find the node and make it ready: folder, keys, migrations as the owner, static files. Idempotent."""
    node = find_node(code, home=home, say=say)
    with locked(node.home / "prepare.lock"):
        make_keys(node)
        if node.owner_url is not None:
            with _archive_lent(node):
                node.run("zikao.node.readying", "migrate", as_owner=True)
        else:
            _check_migrated(node)
            node.run("zikao.node.readying")
    return node


def make_keys(node: Node) -> None:
    """The node's folder, for itself alone, and the keys that are missing in it."""
    node.home.mkdir(parents=True, exist_ok=True)
    node.home.chmod(0o700)
    if not (node.home / "keys").exists():
        create_keys(node.home / "keys")
    complete_keys(node.home / "keys")


def _check_migrated(node: Node) -> None:
    try:
        node.manage("migrate", "--check", "--verbosity=0")
    except NodeTrouble:
        raise NodeTrouble(
            "owner-needed",
            message=f"{node.code} 的数据库需要建表或升级，应用账号无权执行。",
            remedy="请在 ZIKAO_OWNER_URL 中给出数据库所有者的连接地址，再运行一次。",
        ) from None


def _archive_lent(node: Node) -> AbstractContextManager[None]:
    """Our own server lends the score archive's role to the migrations; an outside one's administrator has done so."""
    if os.environ.get("ZIKAO_DATABASE_URL"):
        _check_archive_lent(node)
        return nullcontext()
    return ensure_cluster(node.home.parent).archive_lent(node.code)


def _check_archive_lent(node: Node) -> None:
    """On an outside server: nothing to migrate, or the archive's role is lent. Raises NodeTrouble with what to run."""
    assert node.owner_url is not None
    with suppress(NodeTrouble):
        node.manage("migrate", "--check", "--verbosity=0")
        return
    with psycopg.connect(node.owner_url, connect_timeout=10) as connection:
        archive = archive_role(node.app_role)
        query = "SELECT pg_has_role(current_user, oid, 'SET') FROM pg_roles WHERE rolname = %s"
        lent = connection.execute(query, [archive]).fetchone()
    if lent is None or not lent[0]:
        raise NodeTrouble(
            "archive-not-lent",
            message=f"{node.code} 需要建表或升级，成绩档案库的角色 {archive} 还没有借给数据库所有者。",
            remedy="请由数据库管理员执行以下语句中尚未执行的部分，再运行一次，完成后立即收回：\n\n"
            + role_statements(node.code),
        )


def forget_everything(home: Path | None = None) -> None:
    """Delete all nodes of a home: databases, keys and files."""
    home = (home or data_home()).resolve()
    destroy_cluster(home)
    for folder in home.glob("*") if home.exists() else ():
        if CODE.fullmatch(folder.name.replace("-", ":")):
            shutil.rmtree(folder, ignore_errors=True)


def _outside_node(code: str, folder: Path, app_url: str, owner_url: str | None) -> Node:
    for url in filter(None, (owner_url, app_url)):
        try:
            psycopg.connect(url, connect_timeout=10).close()
        except psycopg.Error as error:
            raise NodeTrouble(
                "server-refuses",
                message=f"外部数据库不能登录：{str(error).strip()[:300]}",
                remedy="请由数据库管理员执行以下语句（自设口令），再写入 ZIKAO_DATABASE_URL（app）"
                f"和 ZIKAO_OWNER_URL（owner）：\n\n{role_statements(code)}",
            ) from None
    return Node(code, folder, app_url, owner_url)
