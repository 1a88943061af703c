"""Addresses of the national centre."""

from django.urls import path

from zikao.national.views import timetables

app_name = "national"

staff_urls = [
    path("filings/", timetables.filing_list, name="filings"),
    path("filings/<int:filing_id>/", timetables.filing_page, name="filing"),
    path("timetables/issue/", timetables.issue, name="issue-timetable"),
]
