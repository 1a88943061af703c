"""Shapes of input of entering: windows, choices, payments, and lists in files."""

from zikao.stages.entries.forms.acts import (
    CategoryPeriodForm,
    ChoiceForm,
    CounterPaymentForm,
    DropPeriodForm,
    MoveForm,
    PeriodForm,
    PlacesForm,
    ReviewForm,
    SettlementForm,
    StatementForm,
    VoucherForm,
    WaitingRoomForm,
    WindowForm,
)
from zikao.stages.entries.forms.rows import ENTRY_SAMPLES, PAYMENT_SAMPLES, read_payments, read_wishes

__all__ = [
    "ENTRY_SAMPLES",
    "PAYMENT_SAMPLES",
    "CategoryPeriodForm",
    "ChoiceForm",
    "CounterPaymentForm",
    "DropPeriodForm",
    "MoveForm",
    "PeriodForm",
    "PlacesForm",
    "ReviewForm",
    "SettlementForm",
    "StatementForm",
    "VoucherForm",
    "WaitingRoomForm",
    "WindowForm",
    "read_payments",
    "read_wishes",
]
