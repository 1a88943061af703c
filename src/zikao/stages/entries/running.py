"""Sittings with entries that are still to be held, told to agencies: while one runs, an agency does not just close."""

from __future__ import annotations

from datetime import date

from zikao.foundation.actors import range_of
from zikao.stages.agencies.registers import runs_rounds
from zikao.stages.entries.models import Entry
from zikao.stages.programmes.models import Sitting


@runs_rounds
def entered_sittings(agency_code: str, on: date) -> list[str]:
    """The coming sittings for which somebody of the agency has entered."""
    lo, hi = range_of(agency_code)
    entries = Entry.objects.filter(agency_code__gte=lo, agency_code__lt=hi)
    coming = Sitting.objects.filter(code__gte=f"{on:%Y-%m}").order_by("code")
    return [f"{sitting}报考" for sitting in coming if entries.filter(sitting=sitting).exists()]
