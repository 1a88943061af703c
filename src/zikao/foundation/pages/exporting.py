"""A list becomes exportable where it is built: its columns, filters and scope are the page's own.

    @exportable("records.records", "考籍档案", posts=policies.READERS)
    def records_table(actor: Actor) -> Table: ...

    table_page(request, title="考籍档案", table=records_table(actor))

More parameters of the function (a sitting's code) come from the page's address and stand in the export's filter.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import LOCAL
from zikao.foundation.errors import BadInput
from zikao.foundation.exports.datasets import Dataset, ExportColumn, Extract, register
from zikao.foundation.pages.formats import masked as masked_code
from zikao.foundation.pages.paging import Rows, counted
from zikao.foundation.pages.parts import Pill, url_or_empty
from zikao.foundation.pages.tables import Column, Filter, Table, filtered

CHUNK = 2000
Build = Callable[..., Table]


def exportable(name: str, title: str, *, posts: Collection[Post], marking: bool = False) -> Callable[[Build], Build]:
    """Register the list that a function builds, and put "导出" on its pages.

    `marking`: it tells of answers, marking or scores, which stay in the province (EA-50).
    """

    def decorate(build: Build) -> Build:
        fixed = [each for each in inspect.signature(build).parameters if each != "actor"]

        def open_list(actor: Actor, params: Mapping[str, str]) -> Extract:
            if missing := [each for each in fixed if not params.get(each)]:
                raise BadInput("list-not-named", facts={"missing": missing}, message="没有说明是哪一个名单。")
            told = {each: params[each] for each in fixed}
            try:
                return _extract(build(actor, **told), params, told)
            except ValueError:
                raise BadInput("list-not-named", facts=told, message="没有这个名单。") from None

        register(Dataset(name, title, frozenset(posts), open_list, marking))

        def built(actor: Actor, **given: Any) -> Table:
            url = url_or_empty("exports:ask")
            query = urlencode({"list": name, **{key: str(value) for key, value in given.items()}})
            return replace(build(actor, **given), export=f"{url}?{query}" if url and actor.post in posts else "")

        return built

    return decorate


def _extract(table: Table, params: Mapping[str, str], fixed: Mapping[str, str]) -> Extract:
    rows, values = filtered(table, params)
    kept = {key: value for key, value in values.items() if value}
    return Extract(
        columns=tuple(_column(each) for each in table.columns if each.kind not in {"image", "link"}),
        looked=lambda: counted(rows),
        counted=lambda: rows.order_by().count() if isinstance(rows, QuerySet) else len(rows),
        rows=lambda: _stream(table, rows),
        params={**kept, **fixed},
        told=(
            *(("范围", value) for value in fixed.values()),
            *((f.label, _told(f, kept[f.key])) for f in table.filters if f.key in kept),
        ),
    )


def _told(of: Filter, value: str) -> str:
    return dict(of.choices).get(value, value) if of.kind == "choice" else value


def _stream(table: Table, rows: Rows) -> Iterable[Any]:
    if not isinstance(rows, QuerySet):
        return rows
    column = next((each for each in table.columns if each.key == table.order.removeprefix("-")), None)
    path = column.order_by if column is not None else ""
    sign = "-" if table.order.startswith("-") else ""
    ordered = rows.order_by(f"{sign}{path}", "pk") if path else rows.order_by("pk") if _has_rows(rows) else rows
    return ordered.iterator(chunk_size=CHUNK)


def _has_rows(rows: QuerySet[Any]) -> bool:
    """Whether each row is an object; groups of rows have no primary key of their own."""
    return rows._fields is None  # type: ignore[attr-defined]


def _column(column: Column) -> ExportColumn:
    return ExportColumn(
        key=column.key,
        label=column.label,
        text=lambda row: text_of(column.of(row), column.kind),
        masked=(_masked_of(column)) if column.personal else None,
        is_number=column.kind in {"number", "money"},
    )


def _masked_of(column: Column) -> Callable[[str], str]:
    return masked_code if column.kind in {"code", "masked"} else masked_name


def masked_name(text: str) -> str:
    """The first character, then ○: 王○○."""
    return text[:1] + "○" * max(1, len(text) - 1) if text else ""


def text_of(value: Any, kind: str) -> str:
    """A value as a file holds it: 2026-10-17, 2026-10-17 09:00 in local time, 35.00 yuan, 是 or 否."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Pill):
        return value.label
    if isinstance(value, datetime):
        return f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if kind == "money" and isinstance(value, int):
        return str(Decimal(value) / 100)
    return str(value)
