"""A second node's database made from the first one's, for demonstrations and tests: a dump with its names changed.

What migrations make depends on nothing of a node but the names of its three roles and the code of its agency, so the
same statements with others give the same database; `tests/node/test_twins.py` compares one with another that was
migrated itself.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import psycopg

from zikao.node.postgres import roles
from zikao.node.postgres.binaries import wheel_binaries
from zikao.node.postgres.cluster import Cluster
from zikao.node.trouble import NodeTrouble

_PARTS = ("owner", "app", "archive")
_ROOT = re.compile(r"(CREATE FUNCTION public\.zikao_root\(\).*?RETURN )'\d*'", re.DOTALL)


def copy_migrated(cluster: Cluster, of: str, to: str) -> bool:
    """Fill a node's database, made but still empty, with all that another node's has; False where it is not empty.

    Only what no person has written yet may be copied: `of` was migrated and never used.
    Raises:  NodeTrouble where PostgreSQL's programs fail; the database stays empty then
    """
    with psycopg.connect(cluster.superuser_url(roles.names(to)[0])) as connection:
        if connection.execute("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone():
            return False
    text = dumped(cluster, of)
    script = f"DROP SCHEMA archive;\n{renamed(text, of, to)}"
    _run("psql", cluster, to, "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", given=script)
    cluster.create_node_database(to)
    return True


def dumped(cluster: Cluster, node_code: str, *, rows: bool = True) -> str:
    """Everything in a node's database as statements: schema, owners, grants, policies, and the rows unless not."""
    return _run("pg_dump", cluster, node_code, "--restrict-key=zikao", *([] if rows else ["--schema-only"]))


def renamed(text: str, of: str, to: str) -> str:
    """The statements with one node's roles and agency in place of the other's."""
    old, new = (roles.names(code)[0] for code in (of, to))
    text = re.sub(rf"\b{old}_({'|'.join(_PARTS)})\b", rf"{new}_\1", text)
    return _ROOT.sub(rf"\g<1>'{to.partition(':')[2]}'", text, count=1)


def _run(program: str, cluster: Cluster, node_code: str, *options: str, given: str | None = None) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(cluster.superuser_url(roles.names(node_code)[0]))
    command: list[str | Path] = [wheel_binaries().path(program), "--no-password", *options]
    ways = {f"PG{name.upper()}": str(parts[name]) for name in ("user", "password", "host", "port")}
    answer = subprocess.run(
        [*command, f"--dbname={parts['dbname']}"],
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "PGCLIENTENCODING": "UTF8", **ways},
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if answer.returncode != 0:
        raise NodeTrouble(
            "copy-failed",
            facts={"program": program, "node": node_code},
            message=f"{node_code} 的数据库没有建成：{answer.stderr.strip()[-400:]}",
            remedy="请用 ./zikao demo --fresh 重新开始。",
        )
    return answer.stdout
