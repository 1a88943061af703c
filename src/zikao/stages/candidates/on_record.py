"""How many persons are on record, told to agencies: the number of staff that record departments need (SR-7)."""

from __future__ import annotations

from django.db.models import Sum

from zikao.foundation.actors import range_of
from zikao.stages.agencies.registers import counts_people
from zikao.stages.candidates.models import AdmissionCounter


@counts_people
def registered(agency_code: str) -> int:
    """The persons registered at the agency and below: by the counters of admission numbers, not row by row."""
    lo, hi = range_of(agency_code)
    counters = AdmissionCounter.objects.filter(county_code__gte=lo, county_code__lt=hi)
    return int(counters.aggregate(total=Sum("last", default=0))["total"])
