"""Addresses of papers."""

from django.urls import path

from zikao.stages.papers.states import HandOverKind
from zikao.stages.papers.views import boxes, hand_overs, printed

app_name = "papers"

staff_urls = [
    path("", boxes.box_list, name="boxes"),
    path("pack/", hand_overs.pack, name="pack"),
    *(path(f"{kind.value}/", hand_overs.MANY[kind], name=kind.value) for kind in HandOverKind),
    path("units/<int:unit_id>/sheet.pdf", printed.unit_sheet, name="unit-sheet"),
    path("<int:box_id>/", boxes.box_page, name="box"),
    path("<int:box_id>/sheet.pdf", printed.box_sheet, name="box-sheet"),
    path("<int:box_id>/labels.pdf", printed.labels, name="labels"),
    *(path(f"<int:box_id>/{kind.value}/", hand_overs.ONE[kind], name=f"{kind.value}-box") for kind in HandOverKind),
]
