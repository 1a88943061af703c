"""When a code gives way to another: the accounts of its people, its sites, and every row that bears it.

Rows that may not be changed (ledger, archive, issued documents) keep the code that was right on their day; the old
code leads to the new one through the successions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.apps import apps
from django.db import connection
from django.db.models import Q

from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.clock import local_day
from zikao.stages.agencies.commands.sites import next_number
from zikao.stages.agencies.models import Agency, SecureRoom, Site, Succession
from zikao.stages.agencies.states import AgencyKind, SiteState, SuccessionKind

COLUMNS = ("agency_code", "area_code")
STAGES = "zikao.stages."
_MOVE = """
UPDATE {table} moved SET {column} = codes.new FROM unnest(%s::text[], %s::text[]) AS codes (old, new)
WHERE moved.{column} = codes.old COLLATE "C"
"""
_WRITABLE = """
SELECT has_table_privilege(current_user, %s, 'UPDATE') AND NOT EXISTS (
    SELECT FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgtype & 1 = 0 AND tgtype & 16 = 16)
"""
"""Whether a table's rows may be changed at all: by right, and no trigger refuses every UPDATE as a statement."""


def sites_follow(agency: Agency, successor: Agency, at: datetime) -> dict[str, str]:
    """The sites of an area get the next codes of the area that takes over; returns new codes by old ones."""
    if agency.kind == AgencyKind.COUNTY:
        Site.objects.filter(county=agency).update(county=successor)
        return {}
    old_code = successor.code if agency.pk == successor.pk else agency.code
    sites = list(Site.objects.filter(area=agency).exclude(code__startswith=f"{successor.code}-").order_by("code"))
    moved = {}
    for number, site in enumerate(sites, next_number(successor)):
        new = f"{successor.code}-{number:02d}"
        moved[site.code] = new
        takes_over = site.state != SiteState.CLOSED
        Succession.objects.create(
            old_code=site.code,
            new_code=new,
            kind=SuccessionKind.RECODED,
            on=local_day(at),
            document_number=f"随 {old_code}",
            takes_over=takes_over,
        )
        site.code, site.area = new, successor
        site.save(update_fields=["code", "area"])
    return moved


def holdings_follow(agency: Agency, successor: Agency) -> None:
    """Secure rooms, vehicles, printing units and supporting schools are the successor's; no name stands there twice."""
    taken = set(successor.secure_rooms.values_list("name", flat=True))
    for room in agency.secure_rooms.order_by("id"):
        room.agency, room.name = successor, _untaken(room.name, agency, taken)
        room.save(update_fields=["agency", "name"])
    agency.facilities.update(agency=successor)
    agency.supporting_schools.update(area=successor)


def _untaken(name: str, agency: Agency, taken: set[str]) -> str:
    """The name, or with the former agency's where another bears it already."""
    if name not in taken:
        return name
    longest = SecureRoom._meta.get_field("name").max_length or 0
    mark = f"（原{agency.code}）"
    return name[: longest - len(mark)] + mark


def people_follow(codes: Mapping[str, str], at: datetime) -> dict[str, int]:
    """Accounts, appointments and the rows of all stages go over to the new codes; how many in each table."""
    moved = {"access_appointment": sum(_reappointed(old, new, at) for old, new in codes.items())}
    for old, new in codes.items():
        Account.objects.filter(agency_code=old).update(agency_code=new)
    with connection.cursor() as cursor:
        for table, column in _movable():
            cursor.execute(_WRITABLE, [table, table])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(_MOVE.format(table=table, column=column), [list(codes), list(codes.values())])
            if cursor.rowcount:
                moved[table] = moved.get(table, 0) + cursor.rowcount
    return {table: count for table, count in moved.items() if count}


def _reappointed(old: str, new: str, at: datetime) -> int:
    """Who has a post there today has it at the new code from today on; the old appointment ends."""
    on = local_day(at)
    standing = Appointment.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=on), agency_code=old, since_on__lte=on
    )
    rows = list(standing)
    held = set(Appointment.objects.filter(agency_code=new, since_on=on).values_list("account_id", "post"))
    Appointment.objects.bulk_create(
        Appointment(account_id=row.account_id, post=row.post, agency_code=new, since_on=on, until_on=row.until_on)
        for row in rows
        if (row.account_id, row.post) not in held
    )
    standing.update(until_on=on)
    return len(rows)


def _movable() -> Iterator[tuple[str, str]]:
    """Every table of the stages that bears a code, with the column."""
    for model in apps.get_models():
        if not model.__module__.startswith(STAGES) or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if field.column in COLUMNS:
                yield model._meta.db_table, field.column
