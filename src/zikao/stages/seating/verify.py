"""`./zikao verify seating FILE`: repeat a draw from its public record, offline and without a database.

Exit code 0 only when everything holds; whatever does not is named. `--new-secret` makes a secret number with the
digest to commit to, on a machine that need not be connected to anything.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from zikao.foundation.crypto.hashing import sm3
from zikao.stages.seating import rules
from zikao.stages.seating.rules.drawing import ordered_keys
from zikao.stages.seating.states import (
    ALGORITHMS,
    WITHOUT_WISHES,
    Block,
    Demand,
    Group,
    PlacedSeat,
    PublicEntry,
    RoomFacts,
)

Record = Mapping[str, Any]
SHOWN = 5
LEAST_OFFICIALS = 2
SECRET_BYTES = 32
CLAIMS = 3


def main(args: Sequence[str]) -> int:
    """Verify the named record, or make a secret; returns the exit code."""
    options = _options(args)
    if options.new_secret:
        secret = secrets.token_hex(SECRET_BYTES)
        _say(f"密数（自己保管，名册封存后再公开）：{secret}")
        _say(f"承诺（现在提交）：{rules.digest_of_secret(secret)}")
        return 0
    try:
        record = json.loads(Path(options.file).read_text(encoding="utf-8"))
        problems = list(verify(record))
    except (OSError, ValueError, KeyError, TypeError) as error:
        problems = [f"文件无法读取或缺少内容：{error}"]
        record = {}
    count = len(record.get("entries", ()))
    if options.json:
        _say(json.dumps({"holds": not problems, "entries": count, "problems": problems}, ensure_ascii=False))
    elif problems:
        _say("编排核验不通过：")
        for problem in problems:
            _say(f"  · {problem}")
    else:
        _say(f"编排核验通过：{count} 科次的名册、承诺、种子、次序和座位全部相符。编排摘要 {record['digest']}")
    return 1 if problems else 0


def verify(record: Record) -> Iterator[str]:
    """What does not hold in a record, in Chinese; nothing when all holds."""
    if record["algorithm"] not in ALGORITHMS:
        yield f"算法是 {record['algorithm']}，本程序只能核验 {'、'.join(ALGORITHMS)}"
        return
    yield from _check_list(record)
    yield from _check_commitments(record)
    secrets_in_order = [each["secret"] for each in sorted(record["commitments"], key=lambda each: each["order"])]
    if not all(rules.is_secret(secret) for secret in secrets_in_order):
        return
    seed = rules.seed_of(record["entry_digest"], secrets_in_order)
    if seed.hex() != record["seed"]:
        yield "随机种子不是由名册摘要和各人密数算出的"
    yield from _check_seats(record, seed)


def _check_list(record: Record) -> Iterator[str]:
    if sm3("\n".join(record["entries"]).encode()).hex() != record["entry_digest"]:
        yield "名册内容与公布的名册摘要不符"


def _check_commitments(record: Record) -> Iterator[str]:
    closed_at = datetime.fromisoformat(record["list_closed_at"])
    if len(record["commitments"]) < LEAST_OFFICIALS:
        yield f"提交承诺的只有 {len(record['commitments'])} 人，至少需要 {LEAST_OFFICIALS} 人"
    for each in record["commitments"]:
        if not rules.is_secret(each["secret"]) or rules.digest_of_secret(each["secret"]) != each["digest"]:
            yield f"第 {each['order']} 个密数（{each['official']}）与承诺不符"
        if datetime.fromisoformat(each["committed_at"]) >= closed_at:
            yield f"第 {each['order']} 个承诺（{each['official']}）晚于名册封存"


def _check_seats(record: Record, seed: bytes) -> Iterator[str]:
    algorithm = record["algorithm"]
    entries = [_entry(line, algorithm) for line in record["entries"]]
    blocks = _plan(record, entries)
    expected = rules.assign(seed, entries, blocks)
    told = [PlacedSeat(*row) for row in record["seats"]]
    if sorted(map(_seat_line, told)) != sorted(map(_seat_line, expected)):
        yield from _differences({seat.key: seat for seat in expected}, told)
    order = ordered_keys(seed, entries)
    groups = [(group, rules.group_digest(order[group])) for group in dict.fromkeys(block.group for block in blocks)]
    if rules.draw_digest(groups, blocks, algorithm) != record["digest"]:
        yield "编排摘要与重算的结果不符"


def _entry(line: str, algorithm: str) -> PublicEntry:
    _, admission_number, course, unit, area, *claims = line.split(",")
    if algorithm == WITHOUT_WISHES or len(claims) != CLAIMS:
        return PublicEntry(admission_number, course, area, int(unit))
    return PublicEntry(admission_number, course, area, int(unit), claims[0], claims[1] == "1", claims[2])


def _plan(record: Record, entries: Sequence[PublicEntry]) -> list[Block]:
    counts: dict[Group, int] = defaultdict(int)
    for entry in entries:
        counts[entry.group] += 1
    areas = {area for area, *_ in counts}
    rooms = [_room(*row) for row in record["rooms"] if row[0] in areas]
    return rules.plan(rooms, [Demand(*group[:3], count, *group[3:]) for group, count in counts.items()])


def _room(area: str, site: str, number: int, seats: int, premises: str = "") -> RoomFacts:
    return RoomFacts(area, site, number, seats, premises=premises)


def _seat_line(seat: PlacedSeat) -> str:
    return f"{seat.key} {seat.room} {seat.number}"


def _differences(expected: Mapping[str, PlacedSeat], told: Sequence[PlacedSeat]) -> Iterator[str]:
    seen: set[str] = set()
    found = []
    for seat in told:
        should = expected.get(seat.key)
        if seat.key in seen:
            found.append(f"{seat.key} 编入了两个座位")
        elif should is None:
            found.append(f"{seat.key} 不在名册内，却有座位")
        elif should != seat:
            found.append(f"{seat.key} 应在 {should.room} 座位 {should.number}，记录为 {seat.room} 座位 {seat.number}")
        seen.add(seat.key)
    found += [f"{key} 在名册内，却没有座位" for key in expected.keys() - seen]
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        yield f"……共 {len(found)} 处座位不符"


def _options(args: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="zikao verify seating", description="按公开记录重算一次随机编排")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", metavar="文件", help="导出的编排公开记录（JSON）")
    what.add_argument("--new-secret", action="store_true", help="生成一个密数和它的承诺")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    return parser.parse_args(list(args))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
