"""A payment gateway that repeats, reorders, loses and pays twice, beside candidates who change their minds.

Whatever the order of events: money in = paid + kept + refunded + pending, no transaction counts twice, no place is sold
twice, and the counters agree with the entries.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.factories.actors import the_node
from tests.factories.candidates import as_candidate, candidates
from tests.factories.entries import UNIT_1, UNIT_2, entries, limited_places, money
from tests.factories.programmes import SITTING
from zikao.foundation.errors import ZikaoError
from zikao.stages.entries import commands, queries
from zikao.stages.entries.gateway.simulated import notice_of
from zikao.stages.entries.models import Entry, Order, Payment, Places, Refund
from zikao.stages.entries.states import Money, RefundState

AT = datetime(2026, 8, 20, 10, tzinfo=timezone(timedelta(hours=8)))
PEOPLE = 4
PLACES = 2
WHO = st.integers(0, PEOPLE - 1)


class Rush(RuleBasedStateMachine):
    """Four candidates, two places a unit, and a gateway that misbehaves."""

    people: list[Any] = []

    def __init__(self) -> None:
        super().__init__()
        self.now = AT
        self.bank: list[Money] = []
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def attempt(self, do: Any) -> None:
        with suppress(ZikaoError):
            do()

    @rule(who=WHO, both=st.booleans())
    def enters(self, who: int, both: bool) -> None:
        self.attempt(lambda: entries(self.now, self.people[who], (UNIT_1, UNIT_2) if both else (UNIT_2,)))

    @rule(who=WHO)
    def orders(self, who: int) -> None:
        person = self.people[who]
        call = {"candidate_id": person.pk, "sitting_code": SITTING, "by": as_candidate(person), "at": self.now}
        self.attempt(lambda: commands.place_order(**call))

    @rule(data=st.data(), wrong=st.sampled_from([0, 0, 0, -1]))
    def pays_at_the_bank(self, data: st.DataObject, wrong: int) -> None:
        orders = list(Order.objects.order_by("pk"))
        if orders:
            order = data.draw(st.sampled_from(orders))
            self.bank.append(money(order, self.now, f"G{len(self.bank)}", fen=order.amount_fen + wrong))

    @rule(data=st.data())
    def bank_calls_back(self, data: st.DataObject) -> None:
        if self.bank:  # any of them, any number of times, in any order; some never
            told = notice_of(data.draw(st.sampled_from(self.bank)), self.now)
            commands.hear_gateway(notice=told, address="", by=the_node(), at=self.now)

    @rule(data=st.data())
    def bank_is_asked(self, data: st.DataObject) -> None:
        if self.bank:
            number = data.draw(st.sampled_from(self.bank)).order_number
            told = [each for each in self.bank if each.order_number == number]
            commands.take_answer(money=told, by=the_node(), at=self.now)

    @rule(minutes=st.sampled_from([1, 29, 31]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        commands.release_holds(keep=[], by=the_node(), at=self.now)

    @rule(data=st.data())
    def somebody_withdraws(self, data: st.DataObject) -> None:
        rows = list(Entry.objects.order_by("pk").select_related("candidate"))
        if rows:
            entry = data.draw(st.sampled_from(rows))
            call = {"entry_id": entry.pk, "by": as_candidate(entry.candidate), "at": self.now}
            self.attempt(lambda: commands.withdraw_entry(**call))

    @rule(state=st.sampled_from([RefundState.SENT, RefundState.DONE]))
    def refund_is_answered(self, state: RefundState) -> None:
        for refund in Refund.objects.exclude(state=RefundState.DONE)[:1]:
            commands.note_refund(refund_id=refund.pk, answer=state, by=the_node(), at=self.now)

    @invariant()
    def all_adds_up(self) -> None:
        assert queries.balance(SITTING).adds_up
        assert queries.counters_off(SITTING) == []
        assert all(row.held + row.paid <= PLACES for row in Places.objects.filter(site_code=""))
        known = {each.transaction: each.amount_fen for each in self.bank}
        came = dict(Payment.objects.values_list("order_number", "amount_fen"))
        assert came.items() <= known.items(), "each movement once, with its own amount"


@pytest.mark.django_db
def test_gateway_and_candidates_in_any_order_leave_every_fen_and_every_place_accounted_for(at: datetime) -> None:
    """Random call-backs (repeated, reordered, lost, doubled, of wrong amounts) among candidates who enter and leave."""
    limited_places(at, PLACES)
    Rush.people = candidates(at, PEOPLE)
    quick = settings(max_examples=12, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Rush, settings=quick)
