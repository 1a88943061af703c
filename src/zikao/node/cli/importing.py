"""`./zikao import candidates`: a file of any size, checked whole and taken whole or not at all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zikao.node.trouble import NodeTrouble

if TYPE_CHECKING:
    from zikao.stages.candidates.states import BulkRow, RowProblem

MOST_ROWS = 1_000_000
LARGEST_PORTRAIT = 2 * 1024 * 1024


class Folder(Mapping[str, bytes]):
    """The files of a folder by name, each read when it is asked for; larger ones than a portrait are not there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __getitem__(self, name: str) -> bytes:
        path = self._path / name
        if Path(name).name != name or not path.is_file() or path.stat().st_size > LARGEST_PORTRAIT:
            raise KeyError(name)
        return path.read_bytes()

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in self._path.iterdir())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def add_to(groups: Any) -> None:
    """Add the group."""
    parser = groups.add_parser("import", help="从文件导入，整批核对，整批导入或全部不导入")
    kinds = parser.add_subparsers(title="导入对象", metavar="对象", required=True)
    candidates = kinds.add_parser("candidates", help=f"考生名单（CSV，至多 {MOST_ROWS:,} 行）")
    candidates.add_argument("file", type=Path, metavar="文件", help="列名与页面“批量导入考生”的样表相同")
    candidates.add_argument("--sitting", required=True, metavar="考次", help="首次报考考次，例如 2026-10")
    candidates.add_argument("--portraits", type=Path, metavar="目录", help="名单“照片文件”一列所指的照片")
    candidates.add_argument("--rehearse", action="store_true", help="只核对，不导入")
    candidates.set_defaults(run=_candidates)


def _candidates(options: argparse.Namespace) -> int:
    from zikao.node.nodes import existing_node, node_code

    existing_node(node_code(), say=_tell).enter()
    from zikao.foundation import clock
    from zikao.foundation.actors import node_actor
    from zikao.stages.candidates.commands import RowsRefused, register_many
    from zikao.stages.candidates.forms import parse_candidates_csv

    portraits = Folder(options.portraits) if options.portraits else None
    rows, problems = parse_candidates_csv(_content(options.file), portraits, MOST_ROWS)
    if not problems and options.rehearse:
        problems = _rehearsed(rows)
    if not problems and not options.rehearse:
        try:
            done = register_many(rows=rows, sitting_code=options.sitting, by=node_actor(), at=clock.now())
            print(f"已注册 {len(done.value):,} 名考生，回执 {done.line_id}。")
        except RowsRefused as refusal:
            problems = list(refusal.problems)
    elif not problems:
        print(f"{len(rows):,} 行都可以导入。")
    return _listed(problems)


def _rehearsed(rows: Sequence[BulkRow]) -> list[RowProblem]:
    from zikao.foundation import clock
    from zikao.foundation.actors import node_actor
    from zikao.foundation.commands import rows_of
    from zikao.stages.candidates.commands.rows import row_problems

    with rows_of(node_actor()):
        return row_problems(rows, node_actor(), clock.local_day(clock.now()))


def _listed(problems: Sequence[RowProblem]) -> int:
    for each in problems:
        _tell(f"第 {each.line} 行\t{each.column}\t{each.reason}")
    if problems:
        _tell(f"共 {len(problems):,} 处，全部未导入。请改正后重新导入整个文件。")
    return 1 if problems else 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise NodeTrouble(
            "cannot-read", message=f"读不了 {path}：{trouble.strerror}。", remedy="请核对文件和权限。"
        ) from None


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
