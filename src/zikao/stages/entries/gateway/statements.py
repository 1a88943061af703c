"""The gateway's statement of a day: one movement a line, the sums, and the mark of the shared key.

kind,transaction,order,fen,at
paid,G...,3226...,7400,2026-09-03T10:00:00+08:00
refunded,R...,3226...,-3700,2026-09-03T11:00:00+08:00
total,2,,3700,2026-09-03
hmac-sm3,9f...
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from zikao.stages.entries.gateway.signing import is_mac, mac

HEADER = ("kind", "transaction", "order", "fen", "at")
KINDS = frozenset({"paid", "refunded"})
LONGEST_NUMBER, LARGEST_FEN = 40, 10**9


class BadStatement(ValueError):
    """The statement cannot be used, with the line and the reason in Chinese."""


@dataclass(frozen=True)
class StatedLine:
    """A movement of the day: paid in (positive) or refunded (negative), in fen."""

    kind: str
    transaction: str
    order_number: str
    fen: int
    at: datetime


def written(lines: Iterable[StatedLine], on: date) -> bytes:
    """A statement as the gateway writes it."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(HEADER)
    rows = list(lines)
    out.writerows((each.kind, each.transaction, each.order_number, each.fen, each.at.isoformat()) for each in rows)
    out.writerow(("total", len(rows), "", sum(each.fen for each in rows), on.isoformat()))
    body = text.getvalue().encode()
    return body + f"hmac-sm3,{mac(body)}\n".encode()


def read(data: bytes, on: date) -> list[StatedLine]:
    """The lines of a genuine, whole statement of the day. Raises BadStatement."""
    body, mark, signature = data.rpartition(b"hmac-sm3,")
    if not mark or not is_mac(body, signature.decode("ascii", "replace").strip()):
        raise BadStatement("对账单的签名不符，可能被改动过，或者不是支付方出具的。")
    try:
        rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise BadStatement("对账单不是 UTF-8 编码的 CSV，不能读取。") from None
    if len(rows) < 2 or tuple(rows[0]) != HEADER:
        raise BadStatement("第 1 行：表头应为 " + ",".join(HEADER) + "。")
    lines = [_line(number, row) for number, row in enumerate(rows[1:-1], 2)]
    _check_whole(rows[-1], lines, on)
    return lines


def _line(number: int, row: list[str]) -> StatedLine:
    try:
        kind, transaction, order, fen, at = row
        line = StatedLine(kind, transaction, order, int(fen), datetime.fromisoformat(at))
    except ValueError:
        raise BadStatement(f"第 {number} 行：列数、金额或时间不符。") from None
    if not (0 < len(transaction) <= LONGEST_NUMBER and len(order) <= LONGEST_NUMBER and abs(line.fen) < LARGEST_FEN):
        raise BadStatement(f"第 {number} 行：流水号、订单号过长，或金额过大。")
    if kind not in KINDS or (line.fen > 0) != (kind == "paid") or line.at.tzinfo is None:
        raise BadStatement(f"第 {number} 行：类别与金额正负不符，或时间没有时区。")
    return line


def _check_whole(total: list[str], lines: list[StatedLine], on: date) -> None:
    if len(total) != len(HEADER) or total[0] != "total":
        raise BadStatement("末行应为合计。")
    if total[4] != on.isoformat():
        raise BadStatement(f"这是 {total[4]} 的对账单，不是 {on.isoformat()} 的。")
    if (total[1], total[3]) != (str(len(lines)), str(sum(each.fen for each in lines))):
        raise BadStatement("合计的笔数或金额与明细不符。")
    if len({each.transaction for each in lines}) != len(lines):
        raise BadStatement("同一个流水号出现了不止一次。")
