"""Papers of the draw as PDF: notices one by one or in bulk, a room's sheet, door list and card labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse

from zikao.foundation.actors import Actor
from zikao.foundation.clock import LOCAL
from zikao.foundation.documents import code128, media_type, render, render_batch
from zikao.stages.seating import queries, rules
from zikao.stages.seating.queries import RoomUnit


def notice_pdf(candidate_id: int, sitting_code: str) -> bytes:
    """A candidate's exam notice; NotFound while it is not issued."""
    return render("seating/notice.typ", queries.notice_of(candidate_id, sitting_code))


def notices_pdfs(by: Actor, sitting_code: str, county_code: str = "") -> Iterator[bytes]:
    """The notices of the actor's subtree or of a county in it, in PDFs of fifty."""
    shared = queries.shared_notice_data(sitting_code)
    yield from render_batch("seating/notice.typ", queries.notices_in(by, sitting_code, county_code), shared=shared)


def room_sheet_pdf(found: RoomUnit) -> bytes:
    """The seating sheet of a room (考场座次表): the desks as they stand, door at the lower left."""
    desks = [[desk.column, desk.row, desk.number] for desk in rules.desks(found.room.seats)]
    return render("seating/room_sheet.typ", {**_room(found), "desks": desks})


def door_list_pdf(found: RoomUnit) -> bytes:
    """The list on a room's door (考场门贴)."""
    return render("seating/door_list.typ", _room(found))


def card_labels_pdf(found: RoomUnit) -> bytes:
    """Labels for the answer cards of a room: the barcode is course code and admission number, 17 digits."""
    data = _room(found)
    for seat in data["seats"]:
        seat["key"] = seat["code"] + seat["number"]
        seat["barcode"] = code128(seat["key"])
    return render("seating/card_labels.typ", data)


def as_pdf(pdf: bytes, name: str) -> HttpResponse:
    """A PDF to look at in the browser, saved under a name."""
    return HttpResponse(pdf, content_type=media_type, headers={"Content-Disposition": f'inline; filename="{name}"'})


def _room(found: RoomUnit) -> dict[str, Any]:
    begins, ends = found.unit.starts_at.astimezone(LOCAL), found.unit.ends_at.astimezone(LOCAL)
    return {
        "site": found.room.site.name,
        "site_code": found.room.site.code,
        "room": f"{found.room.number:03d}",
        "sitting": f"{found.unit.sitting.year}年{found.unit.sitting.month}月考试",
        "unit": f"第{found.unit.number}单元",
        "date": begins.date(),
        "time": f"{begins:%H:%M}—{ends:%H:%M}",
        "courses": [[code, name, count] for code, name, count in found.courses],
        "seats": [
            {"seat": seat.number, "name": seat.name, "number": seat.admission_number, "code": seat.course_code}
            for seat in found.seats
        ],
    }
