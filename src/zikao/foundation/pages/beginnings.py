"""Rows whose text begins so, as a range: under row security LIKE is no index condition, a comparison is."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Field, Model, QuerySet, TextField
from django.db.models.functions import Collate

LOOKUP = "__startswith"
LAST = "\U0010ffff"


def beginning(rows: QuerySet[Any], path: str, text: str) -> QuerySet[Any]:
    """`rows.filter(**{path: text})` for a path that ends in `LOOKUP`, in the order of code points."""
    name = path.removesuffix(LOOKUP)
    found = _field(rows.model, name)
    if not isinstance(found, CharField | TextField):
        return rows.filter(**{path: text})
    if found.db_collation != "C":
        plain = f"{name}_plain"
        rows, name = rows.alias(**{plain: Collate(name, "C")}), plain
    return rows.filter(**{f"{name}__gte": text, f"{name}__lt": f"{text}{LAST}"})


def _field(model: type[Model], path: str) -> Field[Any, Any] | None:
    here, found = model, None
    for name in path.split("__"):
        try:
            found = here._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        here = getattr(found, "related_model", None) or here
    return found if isinstance(found, Field) else None
