"""Addresses of violations."""

from django.urls import path

from zikao.stages.violations.views import acts, cases, own, printed

app_name = "violations"

staff_urls = [
    path("", cases.case_list, name="cases"),
    path("find/", cases.find, name="find"),
    path("record/<int:entry_id>/", acts.record, name="record"),
    path("<int:case_id>/", cases.case_page, name="case"),
    path("<int:case_id>/notify/", acts.notify, name="notify"),
    path("<int:case_id>/decide/", acts.decide, name="decide"),
    path("<int:case_id>/dismiss/", acts.dismiss, name="dismiss"),
    path("<int:case_id>/deliver/", acts.deliver, name="deliver"),
    path("<int:case_id>/notice.pdf", printed.notice, name="notice"),
    path("<int:case_id>/decision.pdf", printed.decision, name="decision"),
]
candidate_urls = [
    path("", own.my_cases, name="my-cases"),
    path("<int:case_id>/", own.my_case, name="my-case"),
    path("<int:case_id>/state/", acts.state, name="state"),
    path("<int:case_id>/notice.pdf", printed.my_notice, name="my-notice"),
    path("<int:case_id>/decision.pdf", printed.my_decision, name="my-decision"),
]
