"""Where the pages of entries are."""

from django.urls import path

from zikao.stages.entries.views import choosing, own, windows

app_name = "entries"
staff_urls = [
    path("", windows.overview, name="overview"),
    path("open/", windows.open_window, name="open-window"),
    path("list/", windows.entry_list, name="list"),
    path("windows/<str:sitting_code>/", windows.window, name="window"),
    path("windows/<str:sitting_code>/move/", windows.move_window, name="move-window"),
    path("windows/<str:sitting_code>/freeze/", windows.freeze, name="freeze"),
    path("<int:entry_id>/withdraw/", windows.withdraw, name="withdraw"),
    path("candidates/<int:candidate_id>/enter/", choosing.enter_for, name="enter-for"),
    path("candidates/<int:candidate_id>/<str:sitting_code>/payment/", own.take_payment, name="take-payment"),
]
candidate_urls = [
    path("", own.mine, name="mine"),
    path("<str:sitting_code>/choose/", choosing.choose, name="choose"),
    path("<str:sitting_code>/check/", choosing.check_choice, name="check-choice"),
    path("<str:sitting_code>/pay/", own.pay, name="pay"),
    path("<int:entry_id>/withdraw/", own.withdraw_mine, name="withdraw-mine"),
]
