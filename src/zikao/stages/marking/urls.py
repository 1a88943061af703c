"""Addresses of marking."""

from django.urls import path

from zikao.stages.marking.views import cards, corrections, desk, keys, papers, rubrics, worklog

app_name = "marking"

staff_urls = [
    path("", papers.paper_list, name="papers"),
    path("papers/<int:paper_id>/", papers.paper_page, name="paper"),
    path("papers/<int:paper_id>/questions/", papers.register_questions, name="register-questions"),
    path("papers/<int:paper_id>/key/", keys.enter_key, name="enter-key"),
    path("papers/<int:paper_id>/scans/", papers.receive_scans, name="receive-scans"),
    path("papers/<int:paper_id>/markers/", papers.appoint_marker, name="appoint-marker"),
    path("markers/<int:marker_id>/take-back/", papers.take_back_script, name="take-back-script"),
    path("papers/<int:paper_id>/open/", papers.open_scripts, name="open-scripts"),
    path("papers/<int:paper_id>/score/", papers.score_objective, name="score-objective"),
    path("papers/<int:paper_id>/total/", papers.total, name="total"),
    path("papers/<int:paper_id>/rubric/", rubrics.rubric_page, name="rubric"),
    path("papers/<int:paper_id>/rubric/make/", rubrics.make_rubric, name="make-rubric"),
    path("keys/<int:key_id>/", keys.key_page, name="key"),
    path("keys/<int:key_id>/sign/", keys.sign_key, name="sign-key"),
    path("doubts/", cards.doubts, name="doubts"),
    path("doubts/<int:doubt_id>/picture/", cards.doubt_picture, name="doubt-picture"),
    path("set-aside/", cards.set_aside_list, name="set-aside"),
    path("cards/<int:card_id>/", cards.card_page, name="card"),
    path("cards/<int:card_id>/picture/", cards.card_picture, name="card-picture"),
    path("cards/<int:card_id>/place/", cards.place_card, name="place-card"),
    path("papers/<int:paper_id>/correct/", corrections.propose, name="propose-data-correction"),
    path("data/", corrections.correction_list, name="data-corrections"),
    path("data/<int:correction_id>/", corrections.correction, name="data-correction"),
    path("data/<int:correction_id>/confirm/", corrections.confirm, name="confirm-data-correction"),
    path("data/<int:correction_id>/refuse/", corrections.refuse, name="refuse-data-correction"),
    path("log/", worklog.log, name="log"),
    path("desk/", desk.desk, name="desk"),
    path("desk/<int:task_id>/mark/", desk.give_mark, name="give-mark"),
    path("desk/<int:task_id>/picture/", desk.script_picture, name="script-picture"),
]
