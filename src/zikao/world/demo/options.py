"""The demonstration's own arguments."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

DEFAULT_CANDIDATES, LEAST_CANDIDATES, SEED = 1_400, 100, 20_261_024


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """--candidates N, --fresh, --no-serve, --seed N. Exits with 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="zikao demo", description="建立全国中心和两个省，走完一个考试周期，然后提供服务。"
    )
    parser.add_argument(
        "--candidates", type=_number, default=DEFAULT_CANDIDATES, help="两省考生总数（默认 %(default)s）"
    )
    parser.add_argument("--fresh", action="store_true", help="删除上次的演示数据，重新开始")
    parser.add_argument("--no-serve", action="store_true", help="走完周期、核对数字后退出，不提供服务")
    parser.add_argument("--seed", type=int, default=SEED, help="随机种子：同一种子得到同一批考生")
    return parser.parse_args(list(arguments))


def _number(text: str) -> int:
    number = int(text)
    if not LEAST_CANDIDATES <= number <= 2_000_000:
        raise argparse.ArgumentTypeError(f"考生数应在 {LEAST_CANDIDATES} 至 2000000 之间")
    return number
