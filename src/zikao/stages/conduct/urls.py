"""Addresses of conduct."""

from django.urls import path

from zikao.stages.conduct.views import acts, checks, day, rooms, sheets

app_name = "conduct"

staff_urls = [
    path("", day.site_list, name="sites"),
    path("rooms/", day.room_list, name="rooms"),
    path("checks/", checks.site_list, name="checks"),
    path("sites/<int:site_id>/checks/<str:sitting>/", checks.site_page, name="site-checks"),
    path("sites/<int:site_id>/checks/<str:sitting>/record/", checks.record, name="record-checks"),
    path("sites/<int:site_id>/checks/<str:sitting>/history/", checks.history, name="check-history"),
    path("sites/<int:site_id>/checks/<str:sitting>/list.pdf", checks.checklist, name="checklist"),
    path("rooms/<int:room_id>/checks/<str:sitting>/record/", checks.record_room, name="check-room"),
    path("sites/<int:site_id>/", day.day_page, name="day"),
    path("sites/<int:site_id>/units/<int:unit_id>/take-in/", sheets.take_in, name="take-in"),
    path("sites/<int:site_id>/units/<int:unit_id>/table.csv", sheets.table_to_fill, name="table"),
    path("sites/<int:site_id>/units/<int:unit_id>/absent.pdf", sheets.absentees, name="absentees"),
    path("rooms/<int:room_id>/units/<int:unit_id>/", rooms.room_page, name="room"),
    path("rooms/<int:room_id>/units/<int:unit_id>/open/", acts.open_room, name="open"),
    path("records/<int:session_id>/mark/", acts.mark, name="mark"),
    path("records/<int:session_id>/sign/", acts.sign, name="sign"),
    path("records/<int:session_id>/record.pdf", sheets.record, name="record"),
    path("seats/<int:seat_id>/admit/", acts.admit, name="admit"),
    path("seats/<int:seat_id>/hand-in/", acts.hand_in, name="hand-in"),
]
