"""One page of many rows: by keyset, never by a deep OFFSET; groups and lists by position, for there are few of them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.db.models.sql.where import WhereNode

COUNT_LIMIT = 10_000
Rows = QuerySet[Any] | Sequence[Any]
Found = tuple[list[Any], dict[str, str], dict[str, str]]


class Sorted(Protocol):
    """What rows are sorted by: an ORM path, and the value of a row that is none of the database's."""

    @property
    def order_by(self) -> str: ...

    def of(self, row: Any) -> Any: ...


def counted(rows: Rows) -> tuple[int, bool]:
    """How many rows, no further than a look needs, and whether there are more."""
    if not isinstance(rows, QuerySet):
        return len(rows), False
    n = rows.order_by()[: COUNT_LIMIT + 1].count()
    return min(n, COUNT_LIMIT), n > COUNT_LIMIT


def page_at(rows: Rows, by: Sorted | None, descending: bool, size: int, params: Mapping[str, str]) -> Found:
    """The rows that the parameters ask for; the parameters of the page before and after, empty where there is none."""
    if isinstance(rows, QuerySet) and not _is_grouped(rows):
        return _keyset(rows, by, descending, size, params)
    return _by_position(rows, by, descending, size, params)


def _by_position(rows: Rows, by: Sorted | None, descending: bool, size: int, params: Mapping[str, str]) -> Found:
    if isinstance(rows, QuerySet):
        if by is not None:
            rows = rows.order_by(f"{'-' * descending}{by.order_by}", *rows.query.order_by)
    elif by is not None:
        value_of = by.of
        rows = sorted(rows, key=lambda r: (value_of(r) is None, value_of(r)), reverse=descending)
    text = params.get("page", "1")
    page = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    found = list(rows[(page - 1) * size : page * size])
    before = {"page": str(page - 1)} if page > 1 else {}
    more = list(rows[page * size : page * size + 1])
    return found, before, {"page": str(page + 1)} if more else {}


def _is_grouped(rows: QuerySet[Any]) -> bool:
    """Whether its rows are groups (`.values(...)`), which have no primary key to go on from."""
    return rows.query.group_by is not None and rows.query.combinator is None and bool(rows.query.values_select)


def _keyset(rows: QuerySet[Any], by: Sorted | None, descending: bool, size: int, params: Mapping[str, str]) -> Found:
    path = by.order_by if by else "pk"
    backwards = "before" in params
    down = descending != backwards
    token = _unpack(params.get("before") or params.get("after") or "", rows.model, path)
    sign = "-" if down else ""
    ordered = rows.order_by(*([f"{sign}{path}", f"{sign}pk"] if path != "pk" else [f"{sign}pk"]))
    if token is not None:
        ordered = ordered.filter(_beyond(path, token, "lt" if down else "gt"))
    got = _shown(ordered, size + 1)
    more, got = len(got) > size, got[:size]
    if backwards:
        got.reverse()
    has_before = more if backwards else token is not None
    has_after = True if backwards else more
    if not got:
        return got, {}, {}
    before = {"before": _pack(got[0], path)} if has_before else {}
    return got, before, {"after": _pack(got[-1], path)} if has_after else {}


def _shown(ordered: QuerySet[Any], most: int) -> list[Any]:
    """The first rows, found by their keys first: what hangs on rows is joined for those shown, however many there are.

    A planner that takes rows for fewer than they are would join all of them before it sorts, or look for the keys
    found among all that match: so the rows are read by their keys and nothing else.
    """
    if not ordered.query.select_related:
        return list(ordered[:most])
    keys = list(ordered.select_related(None).values_list("pk", flat=True)[:most])
    named = ordered.order_by()
    named.query.where = WhereNode()
    found = {row.pk: row for row in named.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def _beyond(path: str, token: tuple[Any, Any], op: str) -> Q:
    value, pk = token
    if path == "pk":
        return Q(**{f"pk__{op}": pk})
    return Q(**{f"{path}__{op}": value}) | Q(**{path: value, f"pk__{op}": pk})


def _pack(row: Any, path: str) -> str:
    value = row
    for name in path.split("__"):
        value = getattr(value, name)
    return base64.urlsafe_b64encode(json.dumps([str(value), str(row.pk)]).encode()).decode().rstrip("=")


def _unpack(text: str, model: type[Model], path: str) -> tuple[Any, Any] | None:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return _field(model, path).to_python(value), _field(model, "pk").to_python(pk)
    except (ValueError, TypeError, binascii.Error, ValidationError, FieldDoesNotExist):
        return None


def _field(model: type[Model], path: str) -> Field[Any, Any]:
    field: Any = None
    for name in path.split("__"):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        if field.remote_field is not None:
            model = field.remote_field.model
    return field  # type: ignore[no-any-return]
