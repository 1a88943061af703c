"""Addresses of personnel."""

from django.urls import path

from zikao.stages.personnel.views import duties, people

app_name = "personnel"

staff_urls = [
    path("", people.person_list, name="persons"),
    path("register/", people.register, name="register"),
    path("<int:person_id>/", people.person_page, name="person"),
    path("<int:person_id>/certify/", people.certify, name="certify"),
    path("<int:person_id>/declare/", people.declare, name="declare"),
    path("<int:person_id>/account/", people.link_account, name="link-account"),
    path("<int:person_id>/appoint/", duties.appoint_chief, name="appoint-chief"),
    path("certificates/<int:certificate_id>.pdf", people.certificate_pdf, name="certificate"),
    path("duties/", duties.duty_list, name="duties"),
    path("duties/<int:duty_id>/hand-over/", duties.hand_over, name="hand-over"),
    path("duties/draw/", duties.draw, name="draw"),
]
