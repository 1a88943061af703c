"""The room sheets of a whole site and unit: a table to fill in, taken in together, and what is printed."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Receipt
from zikao.foundation.documents import media_type, render
from zikao.foundation.pages import action, staff_page
from zikao.foundation.regulation import clause
from zikao.stages.conduct import commands, forms, policies, queries
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.personnel.models import Duty, Person
from zikao.stages.programmes.models import Unit
from zikao.stages.seating.models import Seat


def _on_duty(site_id: int, unit: Unit) -> dict[int, list[Person]]:
    duties = Duty.objects.filter(
        site_id=site_id, sitting_code=unit.sitting.code, unit_number=unit.number, room__isnull=False
    ).select_related("person")
    found: dict[int, list[Person]] = {}
    for duty in duties.order_by("id"):
        if duty.room_id is not None:
            found.setdefault(duty.room_id, []).append(duty.person)
    return found


def _options(actor: Actor, *, site_id: int, unit_id: int) -> Mapping[str, Any]:
    site, unit = queries.site(actor, site_id), queries.unit(unit_id)
    rooms = {row.room.number: row.room for row in queries.rooms_used(site, unit)}
    return {"rooms": rooms, "on_duty": _on_duty(site_id, unit)}


def _take_in(*, site_id: int, by: Actor, **given: Any) -> Receipt[int]:
    """The command, told the site by its page."""
    return commands.take_in_room_sheets(site_code=queries.site(by, site_id).code, by=by, **given)


take_in = action(
    _take_in,
    forms.SheetsForm,
    title="成批登记考场情况记录",
    what="把本考点本单元全部考场签过字的记录单一次登记；缺一个考场、有一处不对，就都不登记。",
    clause="EA-A5.6",
    posts=policies.SHEET_RECEIVERS,
    form_options=_options,
    context=lambda actor, site_id, unit_id: {"site_id": site_id, "unit_id": unit_id},
    extra_template="conduct/_take_in.html",
    done=lambda receipt: f"各考场记录已登记，实到 {receipt.value} 人。",
    back=lambda receipt, site_id, unit_id: reverse("conduct:day", args=[site_id]),
)


@staff_page(posts=policies.SHEET_RECEIVERS)
def table_to_fill(request: HttpRequest, actor: Actor, site_id: int, unit_id: int) -> HttpResponse:
    """The table with every room and its invigilators; the absent are to be filled in."""
    site, unit = queries.site(actor, site_id), queries.unit(unit_id)
    on_duty = _on_duty(site_id, unit)
    name = f"rooms-{site.code}-{unit.sitting.code}-{unit.number}.csv"
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    out = csv.writer(response)
    out.writerow(forms.COLUMNS)
    for row in queries.rooms_used(site, unit):
        names = [person.name for person in on_duty.get(row.room.pk, ())][:2]
        out.writerow([row.room.number, "", "", *names, *([""] * (2 - len(names))), ""])
    return response


def _pdf(template: str, data: dict[str, Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(render(template, data), content_type=media_type, headers=headers)


@staff_page(posts=policies.READERS)
def record(request: HttpRequest, actor: Actor, session_id: int) -> HttpResponse:
    """The room's record as a paper to sign."""
    session = queries.room_session(actor, session_id)
    return _pdf("conduct/room_record.typ", record_data(session), f"room-{session.pk}")


def record_data(session: RoomSession) -> dict[str, Any]:
    """考场情况记录单: each seat with attendance and handwriting, the counts, and who signed."""
    site, unit = session.room.site, session.unit
    seats = queries.seats_in(session.room, unit)
    known = [seat.attendance for seat in seats if hasattr(seat, "attendance")]
    signers = (session.first_invigilator, session.second_invigilator)
    return {
        **_head(session),
        "room": f"{session.room.number:03d}",
        "courses": sorted({f"{seat.paper.course.name} {seat.paper.course.code}" for seat in seats}),
        "expected": len(seats),
        "present": sum(each.present for each in known) if known else "",
        "absent": sum(not each.present for each in known) if known else "",
        "handwriting": sum(each.handwriting_taken for each in known),
        "state": session.get_state_display(),
        "signed_at": session.signed_at or "",
        "signers": [person.name if person else "" for person in signers],
        "remarks": session.remarks,
        "seats": [_seat_row(seat) for seat in seats],
        "clauses": [clause(cited).chip for cited in ("EA-A5.6", "EA-A6.10", "EA-26.2")],
        "agency": site.area.name,
    }


def _seat_row(seat: Seat) -> dict[str, Any]:
    attendance = getattr(seat, "attendance", None)
    return {
        "number": f"{seat.number:02d}",
        "admission_number": seat.entry.candidate.admission_number,
        "name": seat.entry.candidate.name,
        "present": _said(attendance),
        "handwriting": attendance is not None and attendance.handwriting_taken,
    }


def _said(attendance: Attendance | None) -> str:
    if attendance is None:
        return ""
    return "到考" if attendance.present else "缺考"


def _head(session: RoomSession) -> dict[str, Any]:
    unit = session.unit
    return {
        "site": session.room.site.name,
        "site_code": session.room.site.code,
        "sitting": unit.sitting.code,
        "unit": str(unit),
        "starts_at": unit.starts_at,
    }


@staff_page(posts=policies.READERS)
def absentees(request: HttpRequest, actor: Actor, site_id: int, unit_id: int) -> HttpResponse:
    """Who did not come to a site in a unit, as a paper."""
    site, unit = queries.site(actor, site_id), queries.unit(unit_id)
    rows = queries.rooms_used(site, unit)
    data = {
        "agency": site.area.name,
        "site": site.name,
        "site_code": site.code,
        "sitting": unit.sitting.code,
        "unit": str(unit),
        "starts_at": unit.starts_at,
        "rooms": len(rows),
        "recorded_rooms": sum(row.session is not None for row in rows),
        "expected": sum(row.seated for row in rows),
        "absent": [
            {
                "room": f"{each.session.room.number:03d}",
                "seat": f"{each.seat.number:02d}",
                "admission_number": each.seat.entry.candidate.admission_number,
                "name": each.seat.entry.candidate.name,
                "course": f"{each.seat.paper.course.name} {each.seat.paper.course.code}",
            }
            for each in queries.absentees(site, unit)
        ],
        "clauses": [clause("EA-A6.10").chip],
    }
    return _pdf("conduct/absentees.typ", data, f"absent-{site.code}-{unit.sitting.code}-{unit.number}")
