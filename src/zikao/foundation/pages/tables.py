"""Tables: filters, sorting and paging on the server, quick at 100,000 rows.

How one page of the rows is found is `paging`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.core.exceptions import FieldError, ValidationError
from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.pages.beginnings import LOOKUP, beginning
from zikao.foundation.pages.doors import Doors
from zikao.foundation.pages.paging import Rows, counted, page_at
from zikao.foundation.pages.parts import Action, Kind, RowLink, url_or_empty


@dataclass(frozen=True)
class Column:
    """One column. `key` is an attribute path of the row ("candidate.name", or a dict key).

    value     a callable row -> value, where an attribute path is not enough
    sort      the ORM path to sort by, when it differs from key with dots as "__"
    sortable  give it only to columns with an index and without NULL
    personal  it tells who somebody is: an export masks it unless an approval names it
    """

    key: str
    label: str
    kind: Kind = "text"
    sortable: bool = False
    value: Callable[[Any], Any] | None = None
    sort: str = ""
    personal: bool = False

    @property
    def order_by(self) -> str:
        """The ORM path that sorts by this column."""
        return self.sort or self.key.replace(".", "__")

    def of(self, row: Any) -> Any:
        """The column's value of a row."""
        if self.value is not None:
            return self.value(row)
        for name in self.key.split("."):
            row = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
            if callable(row):
                row = row()
        return row


@dataclass(frozen=True)
class Filter:
    """A filter above a table: `Filter("name", "姓名", lookup="name__startswith")`.

    kind     text | choice (with choices [(value, label)]) | date
    lookup   an ORM lookup, or a callable (rows, value) -> rows; default: key, exact
    """

    key: str
    label: str
    kind: Literal["text", "choice", "date"] = "text"
    choices: Sequence[tuple[str, str]] = ()
    lookup: str | Callable[[Any, str], Any] = ""
    placeholder: str = ""

    def apply(self, rows: Rows, value: str) -> Rows:
        """The rows that match; a value of the wrong shape matches nothing."""
        if callable(self.lookup):
            return self.lookup(rows, value)  # type: ignore[no-any-return]
        path = self.lookup or self.key
        if isinstance(rows, QuerySet):
            try:
                if path.endswith(LOOKUP):
                    return beginning(rows, path, value)
                return rows.filter(**{path: value})
            except (ValidationError, ValueError, FieldError):
                return rows.none()
        name, _, test = path.partition("__")
        column = Column(name, "")
        return [r for r in rows if _matches(str(column.of(r) or ""), value, test)]


def _matches(have: str, want: str, test: str) -> bool:
    if test in {"startswith", "istartswith"}:
        return have.lower().startswith(want.lower())
    if test in {"contains", "icontains"}:
        return want.lower() in have.lower()
    return have == want


@dataclass(frozen=True)
class Bulk:
    """An act on the rows that are ticked: `Bulk("审核通过", "graduation:review-chosen")`, a view of `bulk_action`."""

    label: str
    url_name: str
    kwargs: Mapping[str, object] = field(default_factory=dict)
    danger: bool = False

    def offered_to(self, actor: Actor | None) -> bool:
        """Whether this actor may open its page."""
        return Action(self.label, self.url_name, self.kwargs).offered_to(actor)

    @property
    def url(self) -> str:
        """The address of its page."""
        return url_or_empty(self.url_name, self.kwargs)


@dataclass(frozen=True)
class Table:
    """What to list and how.

    rows    a queryset already scoped to the actor (select_related done), or a list
    link    row -> address of its page
    order   the first sorting: a column key, "-key" for the other way round
    empty   what to say when there is nothing; empty_action what to do about it
    bulk    acts on the rows that are ticked; pickable says which rows can be
    export  where the list can be exported (`exportable` puts it there)
    """

    rows: Rows
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    size: int = 50
    link: RowLink | None = None
    order: str = ""
    empty: str = "还没有内容。"
    empty_action: Action | None = None
    row_actions: Callable[[Any], Sequence[Action]] | None = None
    bulk: Sequence[Bulk] = ()
    pickable: Callable[[Any], bool] | None = None
    export: str = ""


@dataclass(frozen=True)
class Cell:
    """A value and how to draw it."""

    value: Any
    kind: Kind


@dataclass(frozen=True)
class Row:
    """One row, ready to be drawn."""

    cells: tuple[Cell, ...]
    url: str
    actions: tuple[Action, ...] = ()
    pick: str = ""


@dataclass(frozen=True)
class Head:
    """One column's head: where a click on it sorts, and how it is sorted now."""

    label: str
    kind: Kind
    query: str
    sorted: Literal["", "ascending", "descending"]


@dataclass(frozen=True)
class FilterField:
    """A filter with its present value."""

    filter: Filter
    value: str


@dataclass(frozen=True)
class TablePage:
    """One page of a table: what the template draws. `count_text` is "12,345" or "10,000 以上"."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    filters: tuple[FilterField, ...]
    filtered: bool
    count: int
    count_is_least: bool
    first_query: str
    previous_query: str
    next_query: str
    empty: str
    empty_action: Action | None
    bulk: tuple[Bulk, ...] = ()
    export_url: str = ""


def filtered(table: Table, params: Mapping[str, str]) -> tuple[Rows, dict[str, str]]:
    """The rows of a table under the filter that the parameters ask for, and that filter by key."""
    values = {f.key: params.get(f.key, "").strip() for f in table.filters}
    rows: Rows = table.rows
    for f in table.filters:
        if values[f.key] and not (f.kind == "choice" and values[f.key] not in {v for v, _ in f.choices}):
            rows = f.apply(rows, values[f.key])
    return rows, values


def page_of(table: Table, params: Mapping[str, str], actor: Actor | None = None) -> TablePage:
    """The page of a table that the query parameters ask for; parameters that make no sense are ignored."""
    rows, values = filtered(table, params)
    column, descending = _order(table, params.get("sort", ""))
    kept = {k: v for k, v in values.items() if v}
    sort = (("-" if descending else "") + column.key) if column else ""
    if sort and params.get("sort"):
        kept["sort"] = sort
    count, least = counted(rows)
    bulk = tuple(act for act in table.bulk if act.offered_to(actor))
    doors = Doors(actor)
    found, before, after = page_at(rows, column, descending, table.size, params)
    return TablePage(
        heads=tuple(_head(c, column, descending, values) for c in table.columns),
        rows=tuple(_row(table, r, bool(bulk), doors) for r in found),
        filters=tuple(FilterField(f, values[f.key]) for f in table.filters),
        filtered=any(values.values()),
        count=count,
        count_is_least=least,
        first_query=query_of(kept) if before else "",
        previous_query=query_of({**kept, **before}) if before else "",
        next_query=query_of({**kept, **after}) if after else "",
        empty=table.empty,
        empty_action=table.empty_action,
        bulk=bulk,
        export_url=_export_url(table, values) if count else "",
    )


def _export_url(table: Table, values: Mapping[str, str]) -> str:
    if not table.export:
        return ""
    kept = {key: value for key, value in values.items() if value}
    return f"{table.export}{'&' if kept and '?' in table.export else ''}{query_of(kept)[1:] if kept else ''}"


def query_of(params: Mapping[str, str]) -> str:
    """Parameters as "?a=b&c=d"."""
    from urllib.parse import urlencode

    return "?" + urlencode(params)


def _row(table: Table, row: Any, picking: bool, doors: Doors) -> Row:
    cells = tuple(Cell(c.of(row), c.kind) for c in table.columns)
    actions = tuple(a for a in table.row_actions(row) if a.open and doors.open(a.url)) if table.row_actions else ()
    pick = str(row.pk) if picking and (table.pickable is None or table.pickable(row)) else ""
    url = table.link(row) if table.link else ""
    return Row(cells, url if doors.open(url) else "", actions, pick)


def _order(table: Table, asked: str) -> tuple[Column | None, bool]:
    for wanted, trusted in ((asked, False), (table.order, True)):
        key = wanted.removeprefix("-")
        column = next((c for c in table.columns if c.key == key and (c.sortable or trusted)), None)
        if column is not None:
            return column, wanted.startswith("-")
        if trusted and key:
            return Column(key, ""), wanted.startswith("-")
    return None, False


def _head(column: Column, by: Column | None, descending: bool, values: Mapping[str, str]) -> Head:
    kept = {k: v for k, v in values.items() if v}
    here = by is not None and by.key == column.key
    state: Literal["", "ascending", "descending"] = "" if not here else "descending" if descending else "ascending"
    target = ("-" if here and not descending else "") + column.key
    return Head(column.label, column.kind, query_of({**kept, "sort": target}) if column.sortable else "", state)
