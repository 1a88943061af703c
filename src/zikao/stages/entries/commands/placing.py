"""The province says how many places each area and site has: from the seats of its usable sites."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.locks import window_alone
from zikao.stages.entries.models import Entry, EntryWindow, Places
from zikao.stages.entries.states import EntryState
from zikao.stages.programmes.models import Unit


@command(writes="entries.places-set", clauses=("EA-13.2",), posts=policies.WINDOW_KEEPERS)
def set_places(*, sitting_code: str, percent: int = 100, by: Actor, at: datetime) -> Outcome[int]:
    """Set or renew the places of every unit, area and site: a share of the seats that are usable on the exam's day.

    What is held and paid stays, even where a site fell away: such an area is full until the seats are found. Gives the
    number of counters whose seats no longer suffice.

    Source:  EA-13.2
    Writes:  entries.places-set
    Raises:  NotPermitted, NotFound, WrongState (frozen), BadInput (a share outside 1 to 100)
    """
    window = window_alone(sitting_code)
    policies.check_window_open(window)
    policies.check_share(percent)
    seats: dict[tuple[str, str], int] = defaultdict(int)
    for area, site, count in queries.seats_by_site(queries.exam_day(window.sitting_id, at)):
        seats[area, site] += count
        seats[area, ""] += count
    known = {(row.unit_id, row.area_code, row.site_code) for row in queries.places_of(sitting_code)}
    units = list(Unit.objects.filter(sitting_id=window.sitting_id).values_list("pk", flat=True))
    keys = {(unit, area, site) for unit in units for area, site in seats} | known
    rows = [_counted(window, key, seats.get(key[1:], 0), percent) for key in sorted(keys)]
    Places.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["unit", "area_code", "site_code"],
        update_fields=["capacity", "seats"],
    )
    short = sum(row.capacity > row.seats for row in rows)
    facts = {"counters": len(rows), "areas": len({area for area, _ in seats}), "percent": percent, "short": short}
    return Outcome(short, on=window, facts=facts)


def _counted(window: EntryWindow, key: tuple[int, str, str], seats: int, percent: int) -> Places:
    unit, area, site = key
    rows = Entry.objects.filter(unit_id=unit, area_code=area, sitting_id=window.sitting_id)
    if site:
        rows = rows.filter(site_code=site)
    paid = rows.filter(state=EntryState.PAID).count()
    held = rows.filter(state=EntryState.ENTERED, held_until__isnull=False).count()
    return Places(
        unit_id=unit,
        area_code=area,
        site_code=site,
        seats=seats,
        capacity=max(seats * percent // 100, held + paid),
        held=held,
        paid=paid,
    )
