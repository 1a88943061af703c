"""What the demonstration tells at its end: what happened, whether it adds up, where to look, who can sign in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from zikao.world.password import PASSWORD

NAMES = {"national": "全国中心", "province:32": "江苏", "province:33": "浙江"}
ROLES = (
    ("全国考务管理", "national", "officer"),
    ("全国考籍管理", "national", "registrar"),
    ("省级主要负责人", "province:32", "head"),
    ("省级考务负责人", "province:32", "exam-affairs"),
    ("省级考务员", "province:32", "clerk"),
    ("考籍负责人", "province:32", "records-head"),
    ("考籍管理员", "province:32", "records-clerk"),
    ("成绩信息管理责任人", "province:32", "score-officer"),
    ("试卷保密管理员", "province:32", "papers"),
    ("考区主任", "province:32", "director-3201"),
    ("地市考务员", "province:32", "clerk-3201"),
    ("县区报名员", "province:32", "county-320102"),
    ("主考", "province:32", "chief-3201-01"),
    ("监考员", "province:32", "invigilator"),
    ("答题卡识读员", "province:32", "reader"),
    ("答案录入员", "province:32", "key-clerk"),
    ("评卷员", "province:32", "marker-1"),
    ("评卷组长", "province:32", "leader"),
    ("积分复核员", "province:32", "totals"),
    ("主考学校经办", "province:32", "school"),
    ("系统管理员", "province:32", "system-admin"),
    ("安全管理员", "province:32", "security-admin"),
    ("审计管理员", "province:32", "auditor"),
)


def tell(console: Console, summary: dict[str, Any], ports: dict[str, int]) -> None:
    """Print everything."""
    _tell_figures(console, summary["figures"])
    _tell_accounts(console, summary["accounts"])
    for line in summary["notes"]:
        console.print(f"  {line}")


def _tell_figures(console: Console, figures: dict[str, dict[str, int]]) -> None:
    table = Table(title="这一个周期", title_justify="left")
    table.add_column("")
    for code in figures:
        table.add_column(NAMES[code], justify="right")
    for name in next(iter(figures.values()), {}):
        table.add_row(name, *(f"{each[name]:,}" for each in figures.values()))
    console.print(table)


def _tell_accounts(console: Console, accounts: dict[str, list[dict[str, Any]]]) -> None:
    table = Table(title="每个数字两边对得上", title_justify="left")
    for heading in ("节点", "账目", "左边", "右边", ""):
        table.add_column(heading, justify="right" if heading == "左边" else "left")
    for code, lines in accounts.items():
        for line in lines:
            mark = "[green]✓ 相符[/]" if line["holds"] else "[red]✗ 不符[/]"
            table.add_row(NAMES[code], line["what"], f"{line['left']:,}", line["parts"], mark)
    console.print(table)


def tell_addresses(console: Console, ports: dict[str, int], visitors: list[list[str]]) -> None:
    """Where the nodes answer and who can sign in."""
    table = Table(title="地址与演示账号", title_justify="left")
    for heading in ("岗位", "地址", "用户名"):
        table.add_column(heading)
    for role, code, username in ROLES:
        table.add_row(role, f"http://127.0.0.1:{ports[code]}/sign-in/staff/", username)
    for code, who, number in visitors:
        table.add_row(f"{NAMES[code]}{who}", f"http://127.0.0.1:{ports[code]}/sign-in/", number)
    console.print(table)
    console.print(
        f"所有演示账号的口令：[bold]{PASSWORD}[/]    浙江：http://127.0.0.1:{ports['province:33']}/（账号列在登录页上）"
    )


def write_accounts(home: Path, code: str, visitors: list[list[str]]) -> None:
    """Let the node's sign-in page list the demonstration's accounts."""
    kind = "national" if code == "national" else "province:32"
    rows = [
        {"username": _in(code, username), "password": PASSWORD, "name": role, "post": role, "kind": "staff"}
        for role, node, username in ROLES
        if node == kind
    ]
    rows += [
        {"username": number, "password": PASSWORD, "name": who, "post": "考生", "kind": "candidate"}
        for node, who, number in visitors
        if node == code
    ]
    (home / "demo-accounts.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _in(code: str, username: str) -> str:
    """The user name of the same role in another province: its agency codes begin with that province's."""
    return username.replace("-32", f"-{code.partition(':')[2]}") if code != "national" else username
