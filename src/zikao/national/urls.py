"""Addresses of the national centre."""

from django.urls import path

from zikao.national.views import certificates, timetables, transfers

app_name = "national"

staff_urls = [
    path("filings/", timetables.filing_list, name="filings"),
    path("filings/<int:filing_id>/", timetables.filing_page, name="filing"),
    path("timetables/issue/", timetables.issue, name="issue-timetable"),
    path("certificates/", certificates.certificate_list, name="certificates"),
    path("certificates/<str:number>/", certificates.certificate, name="certificate"),
    path("certificates/<str:number>/revoke/", certificates.revoke, name="revoke"),
    path("transfers/", transfers.file_list, name="transfers"),
    path("transfers/<str:number>/", transfers.file_page, name="transfer"),
]
