"""Where the pages of results are."""

from django.urls import path

from zikao.stages.results.views import (
    check,
    comparing,
    corrections,
    custody,
    filing,
    importing,
    own,
    scores,
    sittings,
    told,
)

app_name = "results"
staff_urls = [
    path("", sittings.sitting_list, name="list"),
    path("take-over/", importing.take_over, name="take-over"),
    path("assessments/", importing.assessments, name="assessments"),
    path("sample.csv", importing.sample, name="sample"),
    path("candidates/<int:candidate_id>/", scores.candidate_scores, name="candidate"),
    path("archive/", filing.change_lists, name="archive"),
    path("archive/lists/<int:list_id>/", filing.change_list, name="change-list"),
    path("archive/lists/<int:list_id>/approve/", filing.approve_list, name="approve-list"),
    path("archive/lists/<int:list_id>/withdraw/", filing.withdraw_list, name="withdraw-list"),
    path("archive/lists/<int:list_id>/window/", filing.request_window, name="request-window"),
    path("archive/windows/<int:window_id>/present/", custody.present, name="present"),
    path("archive/windows/<int:window_id>/file/", filing.file_list, name="file-list"),
    path("archive/windows/<int:window_id>/close/", filing.close_window, name="close-window"),
    path("archive/segment/", custody.segment, name="segment"),
    path("archive/segment/take/", custody.take_segment, name="take-segment"),
    path("archive/segment/change/", custody.change_segment, name="change-segment"),
    path("archive/segment/ask/", custody.ask_segment, name="ask-segment"),
    path("archive/windows/<int:window_id>/install/", custody.install_segment, name="install-segment"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:correction_id>/", corrections.correction, name="correction"),
    path("corrections/<int:correction_id>/form.pdf", corrections.document, name="correction-document"),
    path("scores/<int:score_id>/correct/", corrections.propose, name="propose-correction"),
    path("told/", told.told_list, name="told-list"),
    path("told/<str:sitting>/", told.told, name="told"),
    path("told/<str:sitting>/scores/", told.told_scores, name="told-scores"),
    path("comparisons/", comparing.comparisons, name="comparisons"),
    path("comparisons/order/", comparing.compare, name="compare"),
    path("comparisons/<int:comparison_id>/", comparing.comparison, name="comparison"),
    path("<str:sitting>/", sittings.publication, name="publication"),
    path("<str:sitting>/collect/", sittings.collect, name="collect"),
    path("<str:sitting>/approve/", sittings.approve, name="approve"),
    path("<str:sitting>/publish/", sittings.publish, name="publish"),
    path("<str:sitting>/digest/", sittings.digest, name="digest"),
]
candidate_urls = [
    path("", own.mine, name="mine"),
    path("<str:sitting>/statement.pdf", own.my_statement, name="my-statement"),
]
public_urls = [path("check/", check.check, name="check")]
