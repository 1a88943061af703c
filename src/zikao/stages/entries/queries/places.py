"""Places: how many are left in each area and at each site, and which site a candidate may wish for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Min, QuerySet, Sum

from zikao.foundation.clock import local_day
from zikao.stages.agencies.models import Agency, Site
from zikao.stages.agencies.queries import usable_sites
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.entries.models import EntryWindow, Places
from zikao.stages.programmes.models import Unit


@dataclass(frozen=True)
class Area:
    """An area or a site that a candidate may wish for: `left` is the fewest places of any unit; None: not limited."""

    code: str
    name: str
    left: int | None = None
    capacity: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether some unit has no place left."""
        return self.left is not None and self.left <= 0


def places_of(sitting_code: str) -> QuerySet[Places]:
    """The counters of a sitting, by unit, area and site."""
    rows = Places.objects.filter(unit__sitting__code=sitting_code).select_related("unit")
    return rows.order_by("area_code", "site_code", "unit__number")


def areas_offered(window: EntryWindow, unit_ids: Collection[int] = ()) -> list[Area]:
    """The province's areas with what is left, over all units of the sitting or those given."""
    left = _left(window, unit_ids, is_site=False)
    rows = Agency.objects.filter(kind=AgencyKind.PREFECTURE).order_by("code").values_list("code", "name")
    return [Area(code, name, *left.get(code, (None, None))) for code, name in rows]


def sites_offered(window: EntryWindow, area_code: str, unit_ids: Collection[int] = ()) -> list[Area]:
    """The sites of an area that candidates may wish for: those that have counters."""
    left = _left(window, unit_ids, is_site=True, area_code=area_code)
    names = dict(Site.objects.filter(code__in=left).values_list("code", "name"))
    return [Area(code, names.get(code, code), *left[code]) for code in sorted(left)]


def _left(
    window: EntryWindow, unit_ids: Collection[int], *, is_site: bool, area_code: str = ""
) -> dict[str, tuple[int, int]]:
    rows = Places.objects.filter(unit__sitting_id=window.sitting_id)
    rows = rows.exclude(site_code="") if is_site else rows.filter(site_code="")
    if area_code:
        rows = rows.filter(area_code=area_code)
    if unit_ids:
        rows = rows.filter(unit_id__in=set(unit_ids))
    fewest: dict[str, tuple[int, int]] = {}
    for row in rows.order_by("id"):
        code = row.site_code or row.area_code
        fewest[code] = min(fewest.get(code, (row.left, row.capacity)), (row.left, row.capacity))
    return fewest


def full_places(unit_ids: Iterable[int], area_code: str, site_code: str) -> tuple[str, ...]:
    """Where no place is left for these units, in words; empty where there is one in each."""
    rows = Places.objects.filter(unit_id__in=set(unit_ids), area_code=area_code, site_code__in={"", site_code})
    full = [row for row in rows.select_related("unit").order_by("unit__number", "site_code") if row.left <= 0]
    names = _names(full)
    return tuple(f"{names[row.site_code or row.area_code]}第{row.unit.number}单元" for row in full)


def _names(rows: Collection[Places]) -> dict[str, str]:
    codes = {row.site_code or row.area_code for row in rows}
    found = dict(Agency.objects.filter(code__in=codes).values_list("code", "name"))
    found |= dict(Site.objects.filter(code__in=codes).values_list("code", "name"))
    return {code: found.get(code, code) for code in codes}


def is_usable_site(site_code: str, area_code: str, on: date) -> bool:
    """Whether an accepted site of the area has this code."""
    return usable_sites(area_code, on).filter(code=site_code, area__code=area_code).exists()


def seats_by_site(on: date) -> list[tuple[str, str, int]]:
    """Area code, site code and seats of every usable site of the node."""
    rows = usable_sites("", on).annotate(n=Sum("rooms__seats", default=0)).order_by("area__code", "code")
    return list(rows.values_list("area__code", "code", "n"))


def exam_day(sitting_id: int, at: datetime) -> date:
    """The day of the first unit; today where none is set."""
    first = Unit.objects.filter(sitting_id=sitting_id).aggregate(first=Min("starts_at"))["first"]
    return local_day(first or at)


@dataclass(frozen=True)
class Off:
    """A counter that does not agree with the entries: none should ever be found."""

    places_id: int
    held: int
    paid: int
    counted_held: int
    counted_paid: int


def counters_off(sitting_code: str) -> list[Off]:
    """The counters of a sitting that a recount of all entries does not confirm."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, [sitting_code])
        return [Off(*row) for row in cursor.fetchall()]


_RECOUNT = """
SELECT p.id, p.held, p.paid, c.n_held, c.n_paid FROM entries_places p
JOIN programmes_unit u ON u.id = p.unit_id JOIN programmes_sitting s ON s.id = u.sitting_id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE e.state = 'entered' AND e.held_until IS NOT NULL) AS n_held,
        count(*) FILTER (WHERE e.state = 'paid') AS n_paid
    FROM entries_entry e WHERE e.unit_id = p.unit_id AND e.area_code = p.area_code
        AND p.site_code IN ('', e.site_code)
) c
WHERE s.code = %s AND (p.held, p.paid) <> (c.n_held, c.n_paid)
"""
