"""`./zikao demo`: a nation in small, lived through one cycle."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any


def add_to(groups: Any) -> None:
    """Add the command; its own arguments are read by the world."""
    demo = groups.add_parser("demo", help="建立演示用的全国中心和两个省，走完一个考试周期", add_help=False)
    demo.set_defaults(run=_demo, takes_rest=True)


def _demo(options: argparse.Namespace) -> int:
    return int(import_module("zikao.world.demo").main(options.rest) or 0)
