"""Lists of people that follow each other: a committee, a leading group, a site's working groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from zikao.foundation.errors import BadInput, Conflict
from zikao.stages.agencies import rules
from zikao.stages.agencies.states import SAME_PHONE, ContactRow


def give_way(rows: QuerySet[Any], since_on: date, today: date) -> None:
    """End what stands for a list that begins on the day; one that has not begun yet never comes into effect.

    Raises Conflict where a list with a later beginning is in effect already: what was is not written anew.
    """
    begun = rows.filter(since_on__gt=since_on, since_on__lte=today).order_by("-since_on").first()
    if begun is not None:
        raise Conflict(
            "later-list-stands",
            message=f"{begun.since_on} 起的名单已经生效，新名单的起始日期不能早于它。",
            remedy="请把起始日期改为今天或以后。",
        )
    ending = Q(until_on__isnull=True) | Q(until_on__gt=since_on)
    rows.filter(ending, since_on__lt=since_on).update(until_on=since_on)
    rows.filter(since_on__gte=since_on).exclude(until_on=F("since_on")).update(until_on=F("since_on"))


def with_phones(rows: Sequence[ContactRow], known: Mapping[tuple[str, str], str]) -> list[ContactRow]:
    """The rows with the numbers on record where theirs stay the same; `known` is by group and name.

    Raises BadInput where nobody of that name is on record with a number.
    """
    strange = [
        n for n, row in enumerate(rows, 1) if row.phone == SAME_PHONE and not known.get((row.body, row.name.strip()))
    ]
    if strange:
        said = " ".join(f"第{n}人：现在的名单里没有此人的电话，请填写号码。" for n in strange)
        raise BadInput("phone-not-on-record", field_errors={"members": said})
    return [replace(row, phone=known[row.body, row.name.strip()]) if row.phone == SAME_PHONE else row for row in rows]


def faults_of(rows: Sequence[ContactRow], roles: set[str], leader: str, model: type[Model]) -> list[str]:
    """What is wrong with the people handed in, person by person, in words."""
    faults = [
        f"第{n}人：请填写姓名和单位。" for n, row in enumerate(rows, 1) if not (row.name.strip() and row.unit.strip())
    ]
    faults += [f"第{n}人：没有“{row.role}”这一职务。" for n, row in enumerate(rows, 1) if row.role not in roles]
    for n, row in enumerate(rows, 1):
        if row.phone and not rules.is_phone(row.phone):
            faults.append(f"第{n}人：电话请填写带区号的固定电话或手机号码。")
        faults += [f"第{n}人：{fault}" for fault in too_long(model, row, ("name", "unit", "other_channel"))]
    leaders = [row.body for row in rows if row.role == leader]
    if len(set(leaders)) != len(leaders):
        faults.append("一个小组只有一名组长。")
    return faults if rows else ["名单是空的。"]


def too_long(model: type[Model], row: Any, names: Iterable[str]) -> list[str]:
    """The attributes of a row that the table's columns do not hold, in words."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    known = [fields[name] for name in names if name in fields]
    return [
        f"{field.verbose_name}不能超过{field.max_length}个字。"
        for field in known
        if len(getattr(row, field.name)) > (field.max_length or 0)
    ]
