"""The pages of the draw, of rooms, and of a candidate's notice."""

from __future__ import annotations

from django.urls import path

from zikao.stages.seating.views import candidate, orders, staff, waiting

app_name = "seating"
waiters = waiting  # its queries register themselves
staff_urls = [
    path("", staff.draw_list, name="draws"),
    path("<str:sitting_code>/", staff.draw_page, name="draw"),
    path("<str:sitting_code>/commit/", staff.commit, name="commit"),
    path("<str:sitting_code>/reveal/", staff.reveal, name="reveal"),
    path("<str:sitting_code>/draw/", staff.draw, name="draw-seats"),
    path("<str:sitting_code>/issue/", staff.issue, name="issue"),
    path("<str:sitting_code>/notices/", orders.order_notices, name="order-notices"),
    path("<str:sitting_code>/record.json", staff.record, name="record"),
    path("<str:sitting_code>/rooms/", staff.room_list, name="rooms"),
    path("rooms/<int:room_id>/<int:unit_id>/", staff.room_page, name="room"),
    path("rooms/<int:room_id>/<int:unit_id>/sheet.pdf", staff.room_sheet, name="room-sheet"),
    path("rooms/<int:room_id>/<int:unit_id>/door.pdf", staff.door_list, name="door-list"),
    path("rooms/<int:room_id>/<int:unit_id>/labels.pdf", staff.card_labels, name="card-labels"),
]
candidate_urls = [
    path("", candidate.my_notices, name="my-notices"),
    path("<str:sitting_code>/", candidate.my_notice, name="my-notice"),
    path("<str:sitting_code>/notice.pdf", candidate.my_notice_pdf, name="my-notice-pdf"),
]
