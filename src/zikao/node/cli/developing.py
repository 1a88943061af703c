"""`./zikao test`, `check` and `bench`: for those who build."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from importlib import import_module
from typing import Any


def add_to(groups: Any) -> None:
    """Add the three commands."""
    test = groups.add_parser("test", help="运行全部测试；其余参数交给 pytest", add_help=False)
    test.set_defaults(run=_test, takes_rest=True)
    check = groups.add_parser("check", help="格式、类型、导入约定、生成的文档、条款登记")
    check.add_argument("--write", action="store_true", help="重新生成 docs/reference")
    check.set_defaults(run=_check)
    bench = groups.add_parser("bench", help="基准测试，各与对照物同场比较")
    bench.add_argument("names", nargs="*", metavar="名称", help="只跑这几项")
    bench.add_argument("--json", action="store_true", help="只输出一个 JSON 值")
    bench.set_defaults(run=_bench)


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _test(options: argparse.Namespace) -> int:
    from zikao.node.browser import chromium_path, install_chromium
    from zikao.node.nodes import PROJECT

    if chromium_path() is None and not install_chromium(say=_tell):
        sys.stderr.write("没有 Chromium：浏览器测试将跳过（apt-get install chromium 之后可运行）。\n")
    arguments = list(options.rest)
    if not any(one.startswith(("-n", "-p", "--numprocesses", "--pdb")) for one in arguments):
        # runs of neighbours, which share worlds; who has none left takes over from the other
        arguments = ["-n", "2", "--dist", "worksteal", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZIKAO_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=PROJECT, env=environment, check=False
    ).returncode


def _check(options: argparse.Namespace) -> int:
    from zikao.node.checking import check

    return check(write=options.write)


def _bench(options: argparse.Namespace) -> int:
    from zikao.node.nodes import PROJECT

    sys.path.insert(0, str(PROJECT))
    return int(import_module("bench").run(options.names, options.json))
