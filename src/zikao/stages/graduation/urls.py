"""Where the pages of graduation are."""

from django.urls import path

from zikao.stages.graduation.views import applications, applying, deciding, own, rosters

app_name = "graduation"
staff_urls = [
    path("", applications.application_list, name="applications"),
    path("start/", applying.start, name="start"),
    path("check/<int:candidate_id>/", applying.check, name="check"),
    path("apply/<int:candidate_id>/<int:plan_id>/", applying.apply, name="apply"),
    path("decide/", deciding.decide, name="decide"),
    path("decide/chosen/", deciding.decide_chosen, name="decide-chosen"),
    path("<int:application_id>/", applications.application, name="application"),
    path("<int:application_id>/decide/", deciding.decide, name="decide-one"),
    path("<int:application_id>/postpone/", applications.postpone, name="postpone"),
    path("<int:application_id>/return/", applications.return_, name="return"),
    path("<int:application_id>/form.pdf", rosters.form_pdf, name="form-pdf"),
    path("certificates/<int:certificate_id>/hand-out/", applications.hand_out, name="hand-out"),
    path("certificates/<int:certificate_id>/certificate.pdf", rosters.certificate_pdf, name="certificate-pdf"),
    path("rosters/", rosters.roster_list, name="rosters"),
    path("rosters/make/", rosters.make, name="make"),
    path("rosters/<int:roster_id>/", rosters.roster, name="roster"),
    path("rosters/<int:roster_id>/roster.pdf", rosters.roster_pdf, name="roster-pdf"),
    path("rosters/<int:roster_id>/roster-<str:share>.pdf", rosters.share_pdf, name="share-pdf"),
    path("rosters/<int:roster_id>/certificates-<part:part>.pdf", rosters.certificates_pdf, name="certificates-pdf"),
]
candidate_urls = [path("", own.mine, name="mine")]
