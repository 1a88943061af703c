"""Addresses of incidents."""

from django.urls import path

from zikao.stages.incidents.views import acts, incidents, papers, reporting

app_name = "incidents"

staff_urls = [
    path("", incidents.incident_list, name="list"),
    path("report/", reporting.report, name="report"),
    path("reports/<int:report_id>/", incidents.report_page, name="one-report"),
    path("reports/<int:report_id>/reveal/", incidents.reveal_content, name="reveal-content"),
    path("files/<int:file_id>/", papers.evidence, name="file"),
    path("<int:incident_id>/", incidents.incident_page, name="incident"),
    path("<int:incident_id>/report.pdf", papers.report_paper, name="paper"),
    path("<int:incident_id>/acknowledge/", acts.acknowledge, name="acknowledge"),
    path("<int:incident_id>/follow-up/", reporting.follow_up, name="follow-up"),
    path("<int:incident_id>/close/", acts.close, name="close"),
    path("<int:incident_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("<int:incident_id>/told/<int:told_id>/call/", acts.call, name="call"),
]
