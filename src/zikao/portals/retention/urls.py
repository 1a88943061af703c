"""Addresses of keeping and destroying."""

from django.urls import path

from zikao.portals.retention import views

app_name = "retention"

staff_urls = [
    path("", views.holding_list, name="list"),
    path("schedule/", views.schedule, name="schedule"),
    path("due/", views.due, name="due"),
    path("register/", views.register, name="register"),
    path("publication/", views.note_publication, name="publication"),
    path("<int:holding_id>/", views.holding_page, name="holding"),
    path("<int:holding_id>/move/", views.move, name="move"),
    path("<int:holding_id>/contents/", views.contents, name="contents"),
    path("holds/", views.hold_list, name="holds"),
    path("holds/new/", views.place_hold, name="place-hold"),
    path("holds/<int:hold_id>/", views.hold_page, name="hold"),
    path("holds/<int:hold_id>/release/", views.release_hold, name="release-hold"),
    path("destructions/", views.destruction_list, name="destructions"),
    path("destructions/new/", views.propose, name="propose"),
    path("destructions/<int:destruction_id>/", views.destruction_page, name="destruction"),
    path("destructions/<int:destruction_id>/carry-out/", views.carry_out, name="carry-out"),
    path("destructions/<int:destruction_id>/witness/", views.witness, name="witness"),
    path("destructions/<int:destruction_id>/certificate.pdf", views.certificate, name="certificate"),
]
