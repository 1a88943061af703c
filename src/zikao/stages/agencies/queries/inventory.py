"""Reading the inventory of exam information against the tables that are really there (EA-45)."""

from __future__ import annotations

from datetime import date

from django.apps import apps

from zikao.foundation.regulation import Decision
from zikao.foundation.regulation.inventory import InformationKind, information_kinds
from zikao.stages.agencies import rules

HOUSE = "zikao."


def information() -> list[InformationKind]:
    """Every kind, those that the clause names first."""
    kinds = information_kinds().values()
    return sorted(kinds, key=lambda kind: not kind.named)


def information_kind(name: str) -> InformationKind | None:
    """One kind."""
    return information_kinds().get(name)


def stored_tables() -> dict[str, str]:
    """Every table of the house: its label, and what it holds in Chinese."""
    models = [model for model in apps.get_models() if model.__module__.startswith(HOUSE)]
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in models}


def tables_missing() -> list[str]:
    """Tables that no kind of the inventory names: there should be none."""
    named = {table for kind in information_kinds().values() for table in kind.tables}
    return sorted(stored_tables().keys() - named)


def tables_unknown() -> list[str]:
    """Tables that the inventory names and that are not there."""
    named = {table for kind in information_kinds().values() for table in kind.tables}
    return sorted(named - stored_tables().keys())


def inventory_complete(on: date) -> Decision:
    """Whether every table of the house is in the inventory; the finding names those that are not."""
    return rules.INVENTORY(on=on, missing=tuple(tables_missing()))


def kept_for(kind: InformationKind, on: date, province: str | None) -> str:
    """How long, in words: by the schedule where it has an entry, else as the inventory says."""
    said = []
    for keeping in kind.keepings:
        months = keeping.months(on, province)
        since = "成绩发布后" if keeping.event == "publication" else "批准后"
        term = (
            "永久" if months is None else f"{since} {months // 12} 年" if months % 12 == 0 else f"{since} {months} 个月"
        )
        said.append(f"{keeping.title}：{term}")
    return "；".join([*said, *([kind.retention] if kind.retention not in ("按保存期表", "") else [])])
