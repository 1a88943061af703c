"""Where the pages of transfers are."""

from django.urls import path

from zikao.stages.transfers.views import counter, moves, own, platform, staff

app_name = "transfers"
staff_urls = [
    path("", staff.transfer_list, name="list"),
    path("apply/", counter.apply, name="apply"),
    path("moves/", moves.move_list, name="moves"),
    path("moves/apply/", moves.apply_to_move, name="apply-to-move"),
    path("moves/<int:move_id>/", moves.move_page, name="move"),
    path("moves/<int:move_id>/decide/", moves.decide_move, name="decide-move"),
    path("substitutions/", platform.substitution_list, name="substitutions"),
    path("substitutions/publish/", platform.publish, name="publish-substitution"),
    path("<int:transfer_id>/", staff.transfer, name="transfer"),
    path("<int:transfer_id>/form/", counter.print_form, name="form"),
    path("<int:transfer_id>/confirm/", counter.confirm, name="confirm"),
    path("<int:transfer_id>/withdraw/", counter.withdraw, name="withdraw"),
    path("<int:transfer_id>/upload/", platform.upload, name="upload"),
    path("<int:transfer_id>/review/", platform.review, name="review"),
    path("<int:transfer_id>/complete/", counter.complete, name="complete"),
    path("<int:transfer_id>/refuse/", platform.refuse, name="refuse"),
]
candidate_urls = [path("", own.mine, name="mine")]
