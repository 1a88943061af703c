"""Housekeeping: pre-registrations whose time is over; the centre told of who is registered and what they passed."""

from __future__ import annotations

from django.conf import settings

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.commands import all_rows
from zikao.foundation.exchange.models import Peer
from zikao.foundation.jobs.caretaker import chore
from zikao.stages.candidates.commands import (
    forget_portraits,
    lapse_preregistrations,
    report_passes,
    report_registrations,
)
from zikao.stages.candidates.queries.gathering import not_reported
from zikao.stages.candidates.queries.queue import lapsing, registered_meanwhile

CENTRE = "national"
BATCHES_A_TURN = 10


@chore("lapse-preregistrations", every_seconds=600)
def lapse() -> None:
    """End what was not handed in, or whose owner did not come."""
    with all_rows("EA-47：清理逾期的预报名"):
        if lapsing().exists() or registered_meanwhile().exists():
            lapse_preregistrations(by=node_actor(), at=clock.now())


@chore("report-registrations", every_seconds=15)
def report() -> None:
    """Send those whom the centre does not know yet, some batches a turn."""
    if not knows_centre():
        return
    with all_rows("SR-5.2：全省考籍管理基础信息归集到国家层面学习账户"):
        for _ in range(BATCHES_A_TURN):
            if not not_reported().exists():
                return
            report_registrations(by=node_actor(settings.ZIKAO_NODE_CODE), at=clock.now())


@chore("report-passes", every_seconds=3600)
def report_changed_passes() -> None:
    """Send the numbers of passed courses that changed."""
    if not knows_centre():
        return
    after = 0
    with all_rows("SR-5.2：全省考籍管理基础信息归集到国家层面学习账户"):
        while True:
            after = report_passes(after=after, by=node_actor(settings.ZIKAO_NODE_CODE), at=clock.now()).value
            if not after:
                return


@chore("forget-portraits", every_seconds=86_400)
def forget() -> None:
    """Measurements of pictures that nobody will ask for again."""
    forget_portraits(clock.now())


def knows_centre() -> bool:
    """Whether this is a province's node that speaks with the centre."""
    return settings.ZIKAO_NODE != CENTRE and Peer.objects.filter(code=CENTRE).exists()
