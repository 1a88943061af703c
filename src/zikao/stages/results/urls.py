"""Where the pages of results are."""

from django.urls import path

from zikao.stages.results.views import importing, own, scores, sittings

app_name = "results"
staff_urls = [
    path("", sittings.sitting_list, name="list"),
    path("take-over/", importing.take_over, name="take-over"),
    path("assessments/", importing.assessments, name="assessments"),
    path("sample.csv", importing.sample, name="sample"),
    path("candidates/<int:candidate_id>/", scores.candidate_scores, name="candidate"),
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
