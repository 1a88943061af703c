"""Where the pages of candidates are."""

from django.urls import path

from zikao.stages.candidates.views import importing, own, revealing, staff

app_name = "candidates"
staff_urls = [
    path("", staff.candidate_list, name="list"),
    path("register/", staff.register, name="register"),
    path("find/", revealing.find, name="find"),
    path("import/", importing.import_candidates, name="import"),
    path("import/sample.csv", importing.sample, name="import-sample"),
    path("<int:candidate_id>/", staff.candidate, name="candidate"),
    path("<int:candidate_id>/portrait", staff.portrait, name="portrait"),
    path("<int:candidate_id>/card.pdf", staff.card, name="card"),
    path("<int:candidate_id>/issue-card/", staff.issue_card, name="issue-card"),
    path("<int:candidate_id>/reveal/", revealing.reveal, name="reveal"),
    path("<int:candidate_id>/password/", staff.set_password, name="set-password"),
    path("<int:candidate_id>/suspend/", staff.suspend, name="suspend"),
]
candidate_urls = [
    path("", own.mine, name="mine"),
    path("card.pdf", own.my_card, name="my-card"),
    path("portrait", own.my_portrait, name="my-portrait"),
    path("pledge/<str:sitting_code>/", own.my_pledge, name="my-pledge"),
]
