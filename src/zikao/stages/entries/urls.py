"""Where the pages of entries are."""

from django.urls import path

from zikao.stages.entries.views import (
    choosing,
    gateway,
    orders,
    own,
    paying,
    printed,
    public,
    reconciling,
    waiting,
    windows,
)

app_name = "entries"
_CANDIDATE = "candidates/<int:candidate_id>"
staff_urls = [
    path("", windows.overview, name="overview"),
    path("open/", windows.open_window, name="open-window"),
    path("list/", windows.entry_list, name="list"),
    path("windows/<str:sitting_code>/", windows.window, name="window"),
    path("windows/<str:sitting_code>/move/", windows.move_window, name="move-window"),
    path("windows/<str:sitting_code>/period/", windows.set_period, name="set-period"),
    path("windows/<str:sitting_code>/period/drop/", windows.drop_period, name="drop-period"),
    path("windows/<str:sitting_code>/places/", orders.place_list, name="places"),
    path("windows/<str:sitting_code>/places/set/", windows.set_places, name="set-places"),
    path("windows/<str:sitting_code>/room/", waiting.set_room, name="set-room"),
    path("windows/<str:sitting_code>/freeze/", windows.freeze, name="freeze"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<str:number>/", orders.order_of, name="order-of"),
    path("orders/<str:order_number>/refund/", orders.refund_reviewed, name="refund-reviewed"),
    path("refunds/", orders.refund_list, name="refunds"),
    path("refunds/<int:refund_id>/retry/", orders.retry_refund, name="retry-refund"),
    path("refunds/<int:refund_id>/hand-out/", orders.hand_out_refund, name="hand-out-refund"),
    path("notices/", orders.notice_list, name="notices"),
    path("reconciliations/", reconciling.days, name="reconciliations"),
    path("reconciliations/new/", reconciling.reconcile, name="reconcile"),
    path("reconciliations/<int:pk>/", reconciling.day, name="reconciliation"),
    path("reconciliations/<int:pk>/lines/", reconciling.lines, name="reconciled-lines"),
    path("differences/", reconciling.differences, name="differences"),
    path("differences/<int:difference_id>/", reconciling.difference, name="difference"),
    path("differences/<int:difference_id>/propose/", reconciling.propose, name="propose-settlement"),
    path("differences/<int:difference_id>/confirm/", reconciling.confirm, name="confirm-settlement"),
    path("<int:entry_id>/withdraw/", windows.withdraw, name="withdraw"),
    path(f"{_CANDIDATE}/enter/", choosing.enter_for, name="enter-for"),
    path(f"{_CANDIDATE}/<str:sitting_code>/choose/", choosing.choose_for, name="choose-for"),
    path(f"{_CANDIDATE}/<str:sitting_code>/check/", choosing.check_for, name="check-for"),
    path(f"{_CANDIDATE}/<str:sitting_code>/live/", choosing.live_for, name="live-for"),
    path(f"{_CANDIDATE}/<str:sitting_code>/confirm/", choosing.confirm_for, name="confirm-for"),
    path(f"{_CANDIDATE}/<str:sitting_code>/confirmation/", printed.confirmation_for, name="confirmation-for"),
    path(f"{_CANDIDATE}/<str:sitting_code>/pledge/", printed.pledge_for, name="pledge-for"),
    path(f"{_CANDIDATE}/<str:sitting_code>/payment/", own.take_payment, name="take-payment"),
]
candidate_urls = [
    path("", own.mine, name="mine"),
    path("orders/<str:number>/", paying.order, name="order"),
    path("orders/<str:number>/state/", paying.order_state, name="order-state"),
    path("orders/<str:number>/ask/", paying.ask, name="ask"),
    path("<str:sitting_code>/wait/", waiting.wait, name="wait"),
    path("<str:sitting_code>/choose/", choosing.choose, name="choose"),
    path("<str:sitting_code>/check/", choosing.check, name="check"),
    path("<str:sitting_code>/live/", choosing.live, name="live"),
    path("<str:sitting_code>/confirm/", choosing.confirm, name="confirm"),
    path("<str:sitting_code>/confirmation/", printed.my_confirmation, name="my-confirmation"),
    path("<str:sitting_code>/pay/", paying.pay, name="pay"),
    path("<int:entry_id>/withdraw/", own.withdraw_mine, name="withdraw-mine"),
]
public_urls = [
    path("windows/", public.windows, name="public-windows"),
    path("queue/<str:token>/", waiting.queue, name="queue"),
    path("gateway/notice/", gateway.notice, name="gateway-notice"),
    path("till/<str:number>/", paying.till, name="till"),
]
