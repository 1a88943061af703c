"""What the caretaker does for entries: asks the gateway, gives back places, sends refunds; in a demonstration it also
plays the gateway's own part.

The gateway is called outside transactions; its answers are taken in by commands. Away, it is asked again later.
"""

from __future__ import annotations

import logging
from datetime import datetime

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.commands import rows_of
from zikao.stages.entries import commands, queries
from zikao.stages.entries.gateway import Gateway, GatewayAway, current

log = logging.getLogger(__name__)


def settle_from_time_to_time() -> None:
    """One round: call-backs that are played, orders asked, holds that ran out, refunds."""
    at, gateway = clock.now(), current()
    with rows_of(node_actor()):
        if gateway is not None:
            _play(gateway, at)
            commands.ask_about(gateway, queries.orders_to_ask(at), at)
        commands.release(gateway, at)
        if gateway is not None:
            commands.send_refunds(gateway, at)


def measure_from_time_to_time() -> None:
    """One round of the waiting rooms: the early drawn by lot at the opening, the rate set by what was measured."""
    at = clock.now()
    with rows_of(node_actor()):
        for queue in queries.queues_running(at):
            commands.measure_queue(queue_id=queue.pk, by=node_actor(), at=at)


def reconcile_from_time_to_time() -> None:
    """Compare each day that is over with the gateway's statement of it."""
    at, gateway = clock.now(), current()
    if gateway is None:
        return
    with rows_of(node_actor()):
        for day in queries.days_to_reconcile(clock.local_day(at)):
            try:
                statement = gateway.statement(day)
            except GatewayAway:
                return
            commands.reconcile(on=day, statement=statement, by=node_actor(), at=at)


def _play(gateway: Gateway, at: datetime) -> None:
    from zikao.stages.entries.gateway.simulated import SimulatedGateway

    if isinstance(gateway, SimulatedGateway):
        for notice in gateway.notices_due(at):
            commands.hear_gateway(notice=notice, address="simulated", by=node_actor(), at=at)
