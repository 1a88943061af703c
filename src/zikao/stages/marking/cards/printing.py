"""What the printing template `marking/card.typ` is given: the layout as plain numbers, and the words on the card."""

from __future__ import annotations

from zikao.stages.marking.cards.layout import OPTIONS, Box, CardLayout


def card_data(layout: CardLayout) -> dict[str, object]:
    """The geometry of `layout` for `marking/card.typ`: plain numbers in millimetres."""
    return {
        "corners": [_box(box) for box in layout.corners],
        "orientation": _box(layout.orientation),
        "form": [_box(box) for box, black in layout.form if black],
        "barcode": _box(layout.barcode),
        "identity": _box(layout.identity),
        "notes": _box(layout.notes),
        "absent": _box(layout.absent),
        "handwriting": _box(layout.handwriting),
        "frame": _box(layout.frame) if layout.items else None,
        "items": [
            {"number": index + 1, "bubbles": [_box(box) | {"letter": OPTIONS[at]} for at, box in enumerate(row)]}
            for index, row in enumerate(layout.bubbles)
        ],
        "answer": _box(layout.answer) if layout.answer else None,
    }


SENTENCE = "诚信考试，遵守考场规则"


def sheet_data(
    layout: CardLayout, *, title: str, subtitle: str, barcode: object = None, **identity: str
) -> dict[str, object]:
    """One card. `barcode` is the raster of its 17 digits (none: left blank); `identity` is name, admission_number,
    course, room, seat and number (the digits in clear), each empty when not given.
    """
    words = dict.fromkeys(("name", "admission_number", "course", "room", "seat", "number"), "") | identity
    return {
        "layout": card_data(layout),
        "title": title,
        "subtitle": subtitle,
        "sentence": SENTENCE,
        "barcode": barcode,
        **words,
    }


def _box(box: Box) -> dict[str, object]:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
