"""Addresses of long work."""

from django.urls import path

from zikao.portals.work import views

app_name = "work"

staff_urls = [
    path("", views.my_work, name="mine"),
    path("<int:work_id>/", views.one, name="one"),
    path("<int:work_id>/progress/", views.progress, name="progress"),
    path("<int:work_id>/result/", views.result, name="result"),
]
