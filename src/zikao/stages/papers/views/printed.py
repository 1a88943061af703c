"""What is printed: the hand-over sheet of a box or of a unit's whole route, and the labels of the packs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import code128, media_type, render
from zikao.foundation.pages import staff_page
from zikao.foundation.regulation import clause
from zikao.stages.papers import policies, queries
from zikao.stages.papers.models import Box, HandOver
from zikao.stages.papers.states import HandOverKind


def _pdf(template: str, data: dict[str, Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(render(template, data), content_type=media_type, headers=headers)


@staff_page(posts=policies.READERS)
def box_sheet(request: HttpRequest, actor: Actor, box_id: int) -> HttpResponse:
    """The hand-over sheet of one box."""
    box = queries.box(actor, box_id)
    one = next(each for each in queries.boxes_of_unit(actor, box.unit_id) if each.pk == box.pk)
    return _pdf("papers/hand_over.typ", sheet_data([one]), f"hand-over-{box.code}")


@staff_page(posts=policies.READERS)
def unit_sheet(request: HttpRequest, actor: Actor, unit_id: int) -> HttpResponse:
    """The hand-over sheet of all boxes of a unit in the actor's area."""
    boxes = queries.boxes_of_unit(actor, unit_id)
    return _pdf("papers/hand_over.typ", sheet_data(boxes), f"hand-over-{boxes[0].unit.sitting.code}-{unit_id}")


def sheet_data(boxes: Sequence[Box]) -> dict[str, Any]:
    """The hand-over sheet as its template takes it: the boxes, and a block to sign for each hand-over."""
    unit = boxes[0].unit
    single = boxes[0].hand_overs.order_by("number") if len(boxes) == 1 else ()
    made = {HandOverKind(each.kind): each for each in single}
    return {
        "agency": boxes[0].site.area.name,
        "sitting": unit.sitting.code,
        "unit": str(unit),
        "starts_at": unit.starts_at,
        "printed_at": clock.now(),
        "boxes": [_box_row(box) for box in boxes],
        "stages": [_stage_row(kind, made.get(kind)) for kind in HandOverKind],
        "total": sum(box.pack_count for box in boxes),  # type: ignore[attr-defined]
        "clauses": [clause(cited).chip for cited in ("EA-17", "EA-21.9", "EA-A4.12")],
    }


def _box_row(box: Box) -> dict[str, Any]:
    return {
        "code": box.code,
        "site": box.site.name,
        "packs": box.pack_count,  # type: ignore[attr-defined]
        "seal": box.seal_number,
        "state": box.get_state_display(),
        "barcode": code128(box.code),
    }


def _stage_row(kind: HandOverKind, made: HandOver | None) -> dict[str, Any]:
    if made is None:
        return {"name": kind.label, "giver": "", "taker": "", "at": ""}
    return {"name": kind.label, "giver": made.giver, "taker": made.taker, "at": made.at}


@staff_page(posts=policies.READERS)
def labels(request: HttpRequest, actor: Actor, box_id: int) -> HttpResponse:
    """The labels of the packs in a box."""
    box = queries.box(actor, box_id)
    return _pdf("papers/labels.typ", labels_data(box), f"labels-{box.code}")


def labels_data(box: Box) -> dict[str, Any]:
    """A label for every pack of a box."""
    packs = box.packs.select_related("paper__course", "room").order_by("room__number", "code")
    return {
        "site": box.site.name,
        "unit": f"{box.unit.sitting.code}　{box.unit}",
        "starts_at": box.unit.starts_at,
        "labels": [
            {
                "code": pack.code,
                "course": pack.paper.course.name,
                "course_code": pack.paper.course.code,
                "room": f"{pack.room.number:03d}",
                "copies": pack.copies,
                "spare": pack.spare,
                "barcode": code128(pack.code),
            }
            for pack in packs
        ],
    }
