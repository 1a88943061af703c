"""Windows, entries, places; orders, money, refunds; reconciliation; the waiting room."""

from zikao.stages.entries.models.entering import Entry, EntryList, EntryPeriod, EntryWindow, Places, WindowChange
from zikao.stages.entries.models.paying import GatewayNotice, Order, Payment, Refund
from zikao.stages.entries.models.reconciling import Difference, ReconciledLine, Reconciliation
from zikao.stages.entries.models.waiting import Queue, Ticket

__all__ = [
    "Difference",
    "Entry",
    "EntryList",
    "EntryPeriod",
    "EntryWindow",
    "GatewayNotice",
    "Order",
    "Payment",
    "Places",
    "Queue",
    "ReconciledLine",
    "Reconciliation",
    "Refund",
    "Ticket",
    "WindowChange",
]
