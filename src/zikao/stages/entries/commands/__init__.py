"""Every write of entries."""

from zikao.stages.entries.commands.asking import ask_about, release, send_refunds
from zikao.stages.entries.commands.bulk import enter_many, may_enter_lists
from zikao.stages.entries.commands.closing import close_entries
from zikao.stages.entries.commands.entering import enter_courses, examine, examine_place, may_enter
from zikao.stages.entries.commands.hearing import hear_gateway, take_answer
from zikao.stages.entries.commands.orders import begin_payment, note_asked, place_order
from zikao.stages.entries.commands.paying import record_payment, record_payments
from zikao.stages.entries.commands.placing import set_places
from zikao.stages.entries.commands.reconciling import confirm_settlement, propose_settlement, reconcile
from zikao.stages.entries.commands.refunding import hand_out_refund, note_refund, refund_reviewed, retry_refund
from zikao.stages.entries.commands.releasing import release_holds
from zikao.stages.entries.commands.waiting import come_in, measure_queue, set_waiting_room, take_ticket
from zikao.stages.entries.commands.windows import drop_period, move_window, open_window, set_period
from zikao.stages.entries.commands.withdrawing import withdraw_entry

__all__ = [
    "ask_about",
    "begin_payment",
    "close_entries",
    "come_in",
    "confirm_settlement",
    "drop_period",
    "enter_courses",
    "enter_many",
    "examine",
    "examine_place",
    "hand_out_refund",
    "hear_gateway",
    "may_enter",
    "may_enter_lists",
    "measure_queue",
    "move_window",
    "note_asked",
    "note_refund",
    "open_window",
    "place_order",
    "propose_settlement",
    "reconcile",
    "record_payment",
    "record_payments",
    "refund_reviewed",
    "release",
    "release_holds",
    "retry_refund",
    "send_refunds",
    "set_period",
    "set_places",
    "set_waiting_room",
    "take_answer",
    "take_ticket",
    "withdraw_entry",
]
