"""Reading the provinces' detailed rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import Parameter, parameter
from zikao.national.models import RulesFiling
from zikao.national.states import RulesFilingState
from zikao.stages.programmes.rules import in_words


def filings() -> QuerySet[RulesFiling]:
    """All filed rules, the newest first; without their values."""
    return RulesFiling.objects.defer("values")


def waiting() -> QuerySet[RulesFiling]:
    """The filed rules without an answer, the oldest first."""
    return RulesFiling.objects.filter(state=RulesFilingState.RECEIVED).order_by("received_at")


def filing(filing_id: int) -> RulesFiling:
    """One document; NotFound where there is none."""
    found = RulesFiling.objects.filter(pk=filing_id).first()
    if found is None:
        raise NotFound("rules-filing-not-found", facts={"filing": filing_id})
    return found


@dataclass(frozen=True)
class FiledValue:
    """One value of a document beside what the regulations say."""

    parameter: Parameter
    national: Any
    value: Any
    range: str

    @property
    def national_text(self) -> str:
        """The regulations' value in words."""
        return _said(self.national)

    @property
    def value_text(self) -> str:
        """The province's value in words."""
        return _said(self.value)


def _said(value: Any) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def values_of(found: RulesFiling) -> list[FiledValue]:
    """The values of a document, each beside the regulations' own and their range."""
    laws = [(parameter(row["name"]), row["value"]) for row in found.values]
    return [FiledValue(law, law.on(found.since), value, in_words(law.name)) for law, value in laws]
