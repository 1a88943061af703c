"""`./zikao clauses` and `./zikao commands`: what the program does of the regulations, and what it can do."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import Any

from zikao.node.survey import command_lines, covered_clauses, register_problems

STATUS = {"implemented": "已实现", "owed": "待实现", "not-software": "不属软件"}


def add_to(groups: Any) -> None:
    """Add the two commands."""
    for name, meaning, run in (
        ("clauses", "逐条列出两部规定的实现情况", _clauses),
        ("commands", "列出全部命令：依据、权限、写入", _commands),
    ):
        command = groups.add_parser(name, help=meaning)
        command.add_argument("--json", action="store_true", help="只输出一个 JSON 值")
        command.set_defaults(run=run)


def _clauses(options: argparse.Namespace) -> int:
    covers = covered_clauses()
    if options.json:
        return _print_json([cover.as_dict() for cover in covers])
    for cover in covers:
        print(f"{cover.id:<16}{STATUS[cover.status]}  {cover.title}  {cover.why}".rstrip())
    counts = Counter(cover.status for cover in covers)
    print("  ".join(f"{STATUS[status]} {count}" for status, count in sorted(counts.items())))
    problems = register_problems()
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def _commands(options: argparse.Namespace) -> int:
    lines = command_lines()
    if options.json:
        return _print_json([line.as_dict() for line in lines])
    for line in lines:
        print(f"{line.name}\n    {line.summary}\n    写入 {line.writes}  依据 {'、'.join(line.clauses) or '—'}")
        print(f"    可由 {'、'.join(line.posts_zh)}")
    return 0


def _print_json(value: Any) -> int:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    return 0
