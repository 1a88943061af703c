"""Addresses of the national centre."""

from django.urls import path

from zikao.national.views import (
    accounts,
    certificates,
    detailed_rules,
    incidents,
    letters,
    permissions,
    reports,
    timetables,
    transfers,
)

app_name = "national"

staff_urls = [
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/find/", accounts.find, name="find-account"),
    path("accounts/gathered/", accounts.gathered, name="gathered"),
    path("accounts/reviews/<int:review_id>/", accounts.review, name="review"),
    path("accounts/<str:number>/", accounts.account, name="account"),
    path("accounts/<str:number>/merge/", accounts.merge, name="merge"),
    path("accounts/<str:number>/unlink/<int:link_id>/", accounts.unlink, name="unlink"),
    path("suspensions/", accounts.suspensions, name="suspensions"),
    path("filings/", timetables.filing_list, name="filings"),
    path("filings/<int:filing_id>/", timetables.filing_page, name="filing"),
    path("letters/", letters.letter_list, name="letters"),
    path("letters/<int:letter_id>/", letters.letter_page, name="letter"),
    path("incidents/", incidents.incident_list, name="incidents"),
    path("incidents/<int:incident_id>/", incidents.incident_page, name="incident"),
    path("incidents/<int:incident_id>/acknowledge/", incidents.acknowledge, name="acknowledge-incident"),
    path("incidents/<int:incident_id>/told/<int:told_id>/call/", incidents.call, name="call-ministry"),
    path("incident-reports/<int:report_id>/", incidents.report_page, name="incident-report"),
    path("incident-reports/<int:report_id>/reveal/", incidents.reveal_content, name="reveal-incident"),
    path("timetables/issue/", timetables.issue, name="issue-timetable"),
    path("timetables/<str:sitting_code>/", timetables.issued_page, name="issued-timetable"),
    path("timetables/<str:sitting_code>/send/", timetables.send_again, name="send-timetable"),
    path("reports/", reports.demand_list, name="reports"),
    path("reports/ask/", reports.ask, name="ask-report"),
    path("reports/<int:demand_id>/", reports.demand_page, name="report"),
    path("report-tasks/", reports.task_list, name="report-tasks"),
    path("report-tasks/<int:task_id>/", reports.task_page, name="report-task"),
    path("report-tasks/<int:task_id>/send/", reports.send_figures, name="send-report"),
    path("rules/", detailed_rules.filing_list, name="rules-filings"),
    path("rules/<int:filing_id>/", detailed_rules.filing_page, name="rules-filing"),
    path("rules/<int:filing_id>/answer/", detailed_rules.answer, name="answer-rules-filing"),
    path("permissions/", permissions.request_list, name="permissions"),
    path("permissions/<int:request_id>/", permissions.request_page, name="permission"),
    path("permissions/<int:request_id>/answer/", permissions.answer, name="answer-permission"),
    path("certificates/", certificates.certificate_list, name="certificates"),
    path("certificates/<str:number>/", certificates.certificate, name="certificate"),
    path("certificates/<str:number>/revoke/", certificates.revoke, name="revoke"),
    path("transfers/", transfers.file_list, name="transfers"),
    path("transfers/<str:number>/", transfers.file_page, name="transfer"),
]
