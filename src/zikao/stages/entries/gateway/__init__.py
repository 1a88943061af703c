"""The payment gateway behind one interface: collecting, asking, refunding, the day's statement, signed call-backs.

    gateway = current()                      # the one that the settings choose, or None where there is none
    url = gateway.collect(order_number=..., amount_fen=..., title=..., until=...)
    gateway.money_of(order_number)           # what came for an order: none, one, or by mistake two
    gateway.refund(refund_number=..., transaction=..., amount_fen=...)
    gateway.statement(day)                   # the signed file of a day

Every call may raise GatewayAway: nothing is known then, and the caller asks again later. Calls are made outside
transactions; what they answered is taken in by a command. A province's own gateway is a class of this shape, named in
ZIKAO_GATEWAY as "module:Class"; "simulated" is the one that demonstrations and tests play.
"""

from __future__ import annotations

from datetime import date, datetime
from importlib import import_module
from typing import Protocol

from django.conf import settings

from zikao.stages.entries.states import Money, RefundState


class GatewayAway(Exception):
    """The gateway did not answer, or not in time: what became of the request is not known."""


class Gateway(Protocol):
    """What a payment provider does for us. Amounts are fen, times aware."""

    def collect(self, *, order_number: str, amount_fen: int, title: str, until: datetime) -> str:
        """Tell the gateway of an order, once however often; returns the address at which the candidate pays."""
        ...

    def money_of(self, order_number: str) -> tuple[Money, ...]:
        """Every movement that came for an order, the oldest first."""
        ...

    def refund(self, *, refund_number: str, transaction: str, amount_fen: int) -> RefundState:
        """Ask for money back, once however often: SENT while it is being done, DONE, or STUCK when refused."""
        ...

    def statement(self, on: date) -> bytes:
        """The signed statement of a local day: see `statements`."""
        ...


def current() -> Gateway | None:
    """The gateway of this node; None where candidates pay at the counter only."""
    name: str = settings.ZIKAO_GATEWAY
    if not name:
        return None
    if name == "simulated":
        from zikao.stages.entries.gateway.simulated import SimulatedGateway

        return SimulatedGateway.of_this_node()
    module, _, kind = name.partition(":")
    made: Gateway = getattr(import_module(module), kind)()
    return made
