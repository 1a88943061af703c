"""Reading the province's detailed rules, and giving their values to the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import Parameter, parameters
from zikao.foundation.regulation.own_values import Values, keep_own_values
from zikao.stages.programmes import rules
from zikao.stages.programmes.models import DetailedRules, DetailedSetting
from zikao.stages.programmes.states import BINDING, RulesState

SCALARS = (bool, int, str)


def detailed_rules() -> QuerySet[DetailedRules]:
    """All documents with the number of their values."""
    return DetailedRules.objects.annotate(value_count=Count("settings"))


def rules_document(rules_id: int) -> DetailedRules:
    """One document; NotFound where there is none."""
    found = DetailedRules.objects.filter(pk=rules_id).first()
    if found is None:
        raise NotFound("detailed-rules-not-found", facts={"rules": rules_id})
    return found


def settable() -> list[Parameter]:
    """The parameters that the regulations leave to provinces and that one value sets, in the order of clauses."""
    found = [each for each in parameters() if each.province is not None and isinstance(each.values[-1].value, SCALARS)]
    return sorted(found, key=lambda each: (each.clause[:2], each.title))


def range_of(name: str) -> str:
    """What the regulations leave to the province, in words."""
    return rules.in_words(name)


@dataclass(frozen=True)
class SettingRow:
    """A parameter as it stands here: the regulations' value, our own, since when, by which document."""

    parameter: Parameter
    national: Any
    own: Any
    since: date | None
    document: DetailedRules | None

    @property
    def title(self) -> str:
        """What the parameter is about."""
        return self.parameter.title

    @property
    def range(self) -> str:
        """What the regulations leave to the province."""
        return rules.in_words(self.parameter.name)


def settings_on(day: date) -> list[SettingRow]:
    """All settable parameters on a day."""
    rows = DetailedSetting.objects.filter(rules__state__in=BINDING, rules__since__lte=day).select_related("rules")
    newest = {row.name: row for row in rows.order_by("rules__since", "rules_id")}
    return [_row(each, newest.get(each.name), day) for each in settable()]


def _row(law: Parameter, own: DetailedSetting | None, day: date) -> SettingRow:
    national = law.on(max(day, law.values[0].since))
    if own is None:
        return SettingRow(law, national, None, None, None)
    return SettingRow(law, national, own.value, own.rules.since, own.rules)


def rules_to_move() -> QuerySet[DetailedRules]:
    """The documents that wait for being proposed, or that the centre sent back."""
    return DetailedRules.objects.filter(state__in=(RulesState.DRAFTED, RulesState.RETURNED))


@keep_own_values
def own_values() -> Values:
    """Every binding value of this province, by parameter and day."""
    found: Values = {}
    rows = DetailedSetting.objects.filter(rules__state__in=BINDING).order_by("rules__since", "rules_id")
    for name, since, value in rows.values_list("name", "rules__since", "value"):
        found.setdefault((settings.ZIKAO_NODE_CODE, name), []).append((since, value))
    return found
