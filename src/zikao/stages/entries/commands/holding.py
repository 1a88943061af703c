"""What commands about places and money share: places refused in words, orders ended, refunds owed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from zikao.foundation.clock import local_day
from zikao.foundation.commands import check_transition
from zikao.foundation.errors import Conflict
from zikao.stages.entries import queries
from zikao.stages.entries.models import Entry, EntryWindow, Order, Payment, Refund
from zikao.stages.entries.rules import HOLD, PLACE
from zikao.stages.entries.states import ORDER_TRANSITIONS, OrderState, PaymentState, RefundReason

OVERSOLD = "places_not_oversold"


@contextmanager
def taking_places(entries: Collection[Entry], at: datetime) -> Iterator[None]:
    """Refuse in words, naming unit and area, where the database says that a place would be sold twice."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if OVERSOLD not in str(error):
            raise
        check_places(entries, at)
        raise Conflict(
            "places-contended", message="名额刚刚有变化，没有办成。", remedy="请再提交一次。", clause="EA-13.2"
        ) from error


def check_places(entries: Collection[Entry], at: datetime) -> None:
    """Raise Refused where a unit has no place left in the area or at the site wished for."""
    wishes: dict[tuple[str, str], set[int]] = {}
    for entry in entries:
        wishes.setdefault((entry.area_code, entry.site_code), set()).add(entry.unit_id)
    full = tuple(each for (area, site), units in wishes.items() for each in queries.full_places(units, area, site))
    PLACE(on=local_day(at), full=full).require()


def held_until(window: EntryWindow, at: datetime, *, is_online: bool) -> datetime:
    """Until when a place taken now is kept unpaid."""
    province = settings.ZIKAO_NODE_CODE
    return HOLD(on=local_day(at), at=at, closes_at=window.closes_at, is_online=is_online, province=province)


def end_open_order(candidate_id: int, sitting_id: int) -> None:
    """Cancel the order that no longer says what is owed; money that still comes for it goes back by itself."""
    order = queries.open_order(candidate_id, sitting_id)
    if order is not None:
        move_order(order, OrderState.CANCELLED)


def move_order(order: Order, state: OrderState, **more: object) -> None:
    """Put an order in a state that may follow. Raises WrongState."""
    check_transition(ORDER_TRANSITIONS, OrderState(order.state), state)
    order.state = state
    for name, value in more.items():
        setattr(order, name, value)
    order.save(update_fields=["state", *more])


def owe_back(payment: Payment, fen: int, reason: RefundReason, at: datetime) -> Refund | None:
    """Owe money back from a payment that is locked; None where nothing goes back."""
    if fen <= 0:
        return None
    payment.refund_fen += fen
    payment.state = PaymentState.REFUND_DUE
    payment.save(update_fields=["refund_fen", "state"])
    number = f"R{settings.ZIKAO_NODE_CODE}{secrets.randbelow(10**14):014d}"
    return Refund.objects.create(payment=payment, number=number, amount_fen=fen, reason=reason, due_at=at)
