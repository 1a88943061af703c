"""Lists handed in as files: wishes of candidates, and fees paid. Bad cells become faults; the law is asked later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from zikao.foundation.sheets import Fault, SheetRow, read_list, samples
from zikao.stages.entries.states import ListedPayment, ListedWish

WISH_HEADS = ("准考证号", "课程代码", "考区代码", "已签承诺书")
PAYMENT_HEADS = ("准考证号", "收款号", "金额")
ENTRY_SAMPLES = samples(WISH_HEADS, ("010226200001", "00037", "3201", "是"), ("010226200001", "00536", "", "是"))
PAYMENT_SAMPLES = samples(PAYMENT_HEADS, ("010226200001", "SJ20260820-0001", "92.00"))
_NUMBER, _COURSE, _AREA = re.compile(r"[0-9]{12}"), re.compile(r"[0-9]{1,5}"), re.compile(r"[0-9]{4}")
_VOUCHER = re.compile(r"[0-9A-Za-z_-]{1,40}")
_YUAN = re.compile(r"([0-9]{1,5})(?:\.([0-9]{1,2}))?")
_NO_NUMBER = "准考证号应为12位数字。"
_YES = {"是": True, "否": False, "": False}
Row = TypeVar("Row", ListedWish, ListedPayment)


def read_wishes(data: bytes) -> tuple[list[ListedWish], list[Fault]]:
    """The wishes of a list, one a row, and what is wrong with the other rows."""
    listed = read_list(data, WISH_HEADS, WISH_HEADS[:2])
    wishes, faults = _shaped(listed.rows, _wish)
    told = _told_before(wishes, lambda each: (each.number, each.course), "课程代码", "与第 {} 行相同，请去掉一行。")
    return wishes, sorted([*listed.faults, *faults, *told], key=_place)


def read_payments(data: bytes) -> tuple[list[ListedPayment], list[Fault]]:
    """The payments of a list, one a candidate, and what is wrong with the other rows."""
    listed = read_list(data, PAYMENT_HEADS, PAYMENT_HEADS)
    payments, faults = _shaped(listed.rows, _payment)
    told = [
        *_told_before(payments, lambda each: each.number, "准考证号", "这名考生在第 {} 行已有一笔，请合并为一笔。"),
        *_told_before(payments, lambda each: each.order, "收款号", "与第 {} 行的收款号相同；一名考生一个收款号。"),
    ]
    return payments, sorted([*listed.faults, *faults, *told], key=_place)


def _place(fault: Fault) -> tuple[int, str]:
    return fault.line, fault.column


def _shaped(rows: Iterable[SheetRow], read: Callable[[SheetRow], Row | list[Fault]]) -> tuple[list[Row], list[Fault]]:
    good: list[Row] = []
    faults: list[Fault] = []
    for row in rows:
        found = read(row)
        if isinstance(found, list):
            faults += found
        else:
            good.append(found)
    return good, faults


def _told_before(rows: list[Row], what: Callable[[Row], object], column: str, words: str) -> list[Fault]:
    """The rows that say again what an earlier one said; they are taken out of the rows."""
    first: dict[object, int] = {}
    again = [row for row in rows if first.setdefault(what(row), row.line) != row.line]
    rows[:] = [row for row in rows if first[what(row)] == row.line]
    return [Fault(row.line, column, words.format(first[what(row)])) for row in again]


def _wish(row: SheetRow) -> ListedWish | list[Fault]:
    number, course, area, pledged = (row.cells.get(head, "") for head in WISH_HEADS)
    faults = []
    if not _NUMBER.fullmatch(number):
        faults.append(Fault(row.line, "准考证号", _NO_NUMBER))
    if not _COURSE.fullmatch(course):
        faults.append(Fault(row.line, "课程代码", "课程代码应为5位数字。"))
    if area and not _AREA.fullmatch(area):
        faults.append(Fault(row.line, "考区代码", "考区代码应为地（市）的4位代码；在报名地考试的可以留空。"))
    if pledged not in _YES:
        faults.append(Fault(row.line, "已签承诺书", "应填“是”或“否”。"))
    return faults or ListedWish(row.line, number, course.zfill(5), area, _YES[pledged])


def _payment(row: SheetRow) -> ListedPayment | list[Fault]:
    number, order, amount = (row.cells[head] for head in PAYMENT_HEADS)
    yuan = _YUAN.fullmatch(amount)
    faults = []
    if not _NUMBER.fullmatch(number):
        faults.append(Fault(row.line, "准考证号", _NO_NUMBER))
    if not _VOUCHER.fullmatch(order):
        faults.append(Fault(row.line, "收款号", "应为40位以内的数字、字母和连字符，例如票据号或汇款流水号加序号。"))
    if yuan is None:
        faults.append(Fault(row.line, "金额", "请填以元为单位的金额，例如 92.00。"))
    if faults or yuan is None:
        return faults
    return ListedPayment(row.line, number, order, int(yuan[1]) * 100 + int((yuan[2] or "0").ljust(2, "0")))
