"""Sittings with seats that are still to be held, told to agencies: rooms do not change under the candidates."""

from __future__ import annotations

from datetime import date

from zikao.foundation.actors import range_of
from zikao.stages.agencies.registers import runs_rounds
from zikao.stages.programmes.models import Sitting
from zikao.stages.seating.models import Seat


@runs_rounds
def seated_sittings(agency_code: str, on: date) -> list[str]:
    """The coming sittings that seat candidates at the agency's sites, or at the site."""
    lo, hi = range_of(agency_code)
    seats = Seat.objects.filter(agency_code__gte=lo, agency_code__lt=hi)
    coming = Sitting.objects.filter(code__gte=f"{on:%Y-%m}").order_by("code")
    return [f"{sitting}考场编排" for sitting in coming if seats.filter(paper__sitting=sitting).exists()]
