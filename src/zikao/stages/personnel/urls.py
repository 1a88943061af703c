"""Addresses of personnel."""

from django.urls import path

from zikao.stages.personnel import views

app_name = "personnel"

staff_urls = [
    path("", views.person_list, name="persons"),
    path("register/", views.register, name="register"),
    path("<int:person_id>/", views.person_page, name="person"),
    path("<int:person_id>/certify/", views.certify, name="certify"),
    path("<int:person_id>/declare/", views.declare, name="declare"),
    path("<int:person_id>/appoint/", views.appoint_chief, name="appoint-chief"),
    path("certificates/<int:certificate_id>.pdf", views.certificate_pdf, name="certificate"),
    path("duties/", views.duty_list, name="duties"),
    path("duties/draw/", views.draw, name="draw"),
]
