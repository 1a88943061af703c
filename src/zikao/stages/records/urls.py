"""Where the pages of records are."""

from django.urls import path

from zikao.stages.records.views import certificates, consulting, own, reading, staff

app_name = "records"
staff_urls = [
    path("", staff.record_list, name="list"),
    path("waiting/", staff.waiting, name="waiting"),
    path("open/", staff.open_all, name="open-all"),
    path("open/<int:candidate_id>/", staff.open_record, name="open"),
    path("open/chosen/", staff.open_chosen, name="open-chosen"),
    path("consultations/", consulting.consultation_list, name="consultations"),
    path("consultations/request/", consulting.request_consultation, name="consult"),
    path("consultations/<int:consultation_id>/", consulting.consultation, name="consultation"),
    path("consultations/<int:consultation_id>/begin/", consulting.begin, name="begin-consultation"),
    path("consultations/<int:consultation_id>/end/", consulting.end, name="end-consultation"),
    path("consultations/<int:consultation_id>/read/", reading.read, name="read-consultation"),
    path("consultations/<int:consultation_id>/letter", consulting.letter, name="consultation-letter"),
    path("consultations/<int:consultation_id>/slip.pdf", consulting.slip_pdf, name="consultation-slip"),
    path("<int:record_id>/", staff.record, name="record"),
    path("<int:record_id>/portrait", staff.portrait, name="portrait"),
    path("scores/<int:score_id>/certify/", certificates.certify, name="certify"),
    path("certificates/<int:certificate_id>/", certificates.certificate, name="certificate"),
    path("certificates/<int:certificate_id>/certificate.pdf", certificates.certificate_pdf, name="certificate-pdf"),
    path("certificates/<int:certificate_id>/lost/", certificates.issue_statement, name="issue-statement"),
    path("certificates/<int:certificate_id>/statement.pdf", certificates.statement_pdf, name="statement-pdf"),
]
candidate_urls = [
    path("", own.mine, name="mine"),
    path("certificates/<int:certificate_id>.pdf", own.my_certificate, name="my-certificate"),
]
