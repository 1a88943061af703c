"""Where the pages of candidates are."""

from django.urls import path

from zikao.stages.candidates.views import desk, importing, needs, online, own, revealing, staff

app_name = "candidates"
staff_urls = [
    path("", staff.candidate_list, name="list"),
    path("register/", staff.register, name="register"),
    path("find/", revealing.find, name="find"),
    path("import/", importing.import_candidates, name="import"),
    path("import/sample.csv", importing.sample, name="import-sample"),
    path("queue/", desk.queue_list, name="queue"),
    path("desk/", desk.desk, name="desk"),
    path("desk/<int:queued_id>/", desk.desk_one, name="desk-one"),
    path("desk/<int:queued_id>/portrait", desk.desk_portrait, name="desk-portrait"),
    path("queue/<int:queued_id>/", desk.queued, name="queued"),
    path("queue/<int:queued_id>/call/", desk.call, name="call"),
    path("queue/<int:queued_id>/return/", desk.return_queued, name="return-queued"),
    path("queue/<int:queued_id>/put-back/", desk.put_back, name="put-back"),
    path("<int:candidate_id>/", staff.candidate, name="candidate"),
    path("<int:candidate_id>/portrait", staff.portrait, name="portrait"),
    path("<int:candidate_id>/card.pdf", staff.card, name="card"),
    path("<int:candidate_id>/issue-card/", staff.issue_card, name="issue-card"),
    path("<int:candidate_id>/reveal/", revealing.reveal, name="reveal"),
    path("<int:candidate_id>/password/", staff.set_password, name="set-password"),
    path("<int:candidate_id>/suspend/", staff.suspend, name="suspend"),
    path("<int:candidate_id>/accommodation/", needs.apply_for, name="apply-accommodation"),
    path("accommodations/", needs.accommodation_list, name="accommodations"),
    path("accommodations/<int:accommodation_id>/", needs.accommodation, name="accommodation"),
    path("accommodations/<int:accommodation_id>/evidence", needs.evidence, name="accommodation-evidence"),
    path("accommodations/<int:accommodation_id>/decision.pdf", needs.paper, name="accommodation-paper"),
    path("accommodations/<int:accommodation_id>/decide/", needs.decide, name="decide-accommodation"),
    path("accommodations/<int:accommodation_id>/withdraw/", needs.withdraw, name="withdraw-accommodation"),
]
candidate_urls = [
    path("", own.mine, name="mine"),
    path("card.pdf", own.my_card, name="my-card"),
    path("portrait", own.my_portrait, name="my-portrait"),
    path("needs/", needs.mine, name="my-needs"),
    path("needs/apply/", needs.apply_mine, name="apply-need"),
    path("needs/<int:accommodation_id>/decision.pdf", needs.my_paper, name="my-need-paper"),
    path("needs/<int:accommodation_id>/withdraw/", needs.withdraw_mine, name="withdraw-my-need"),
    path("pledge/<str:sitting_code>/", own.my_pledge, name="my-pledge"),
]
public_urls = [
    path("register/", online.start, name="online"),
    path("register/begin/", online.begin, name="online-begin"),
    path("register/resume/", online.resume, name="online-resume"),
    path("register/check/", online.check, name="online-check"),
    path("register/portrait.jpg", online.portrait, name="online-portrait"),
    path("register/withdraw/", online.withdraw, name="online-withdraw"),
    path("register/<str:section>/", online.section, name="online-section"),
]
