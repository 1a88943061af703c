"""Places, orders and the gateway: who gets the last seat, and what becomes of money however it is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from tests.factories.actors import AREA, county_clerk, head, the_node
from tests.factories.candidates import a_candidate, as_candidate, candidates
from tests.factories.entries import UNIT_1, UNIT_2, a_frozen_list, a_window, after_window, entries, limited_places
from tests.factories.entries import money as came
from tests.factories.entries import order_of as an_order
from tests.factories.programmes import SITTING, a_paper
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, NotPermitted, Refused, WrongState, ZikaoError
from zikao.stages.entries import commands, queries
from zikao.stages.entries.gateway import GatewayAway
from zikao.stages.entries.gateway.simulated import SimulatedGateway, notice_of
from zikao.stages.entries.models import Entry, GatewayNotice, Order, Payment, Places, Refund
from zikao.stages.entries.states import EntryState, NoticeVerdict, OrderState, PaymentState, RefundState

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOLD = 30 * MINUTE


def hear(notice: Any, at: datetime) -> NoticeVerdict:
    verdict: NoticeVerdict = commands.hear_gateway(notice=notice, address="10.0.0.1", by=the_node(), at=at).value
    return verdict


def state_of(order: Order) -> str:
    order.refresh_from_db()
    return str(order.state)


def sound(at: datetime) -> None:
    """What must hold after whatever happened."""
    assert queries.balance(SITTING).adds_up
    assert queries.counters_off(SITTING) == []


@pytest.mark.django_db(transaction=True)
def test_of_twenty_candidates_for_five_places_five_get_them(at: datetime) -> None:
    """Twenty candidates confirm at once for five places: five are entered, fifteen are told that it is full."""
    limited_places(at, 5)
    several = candidates(at, 20)
    papers = [a_paper(at, UNIT_1).pk, a_paper(at, UNIT_2).pk]

    def confirm(candidate: Any) -> Any:
        call = {"sitting_code": SITTING, "paper_ids": papers, "area_code": AREA, "accepts_pledge": True, "at": at}
        try:
            return commands.enter_courses(candidate_id=candidate.pk, by=as_candidate(candidate), **call)
        except ZikaoError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(confirm, several))
    refused = [each for each in done if isinstance(each, ZikaoError)]
    assert len(done) - len(refused) == 5
    assert {error.code for error in refused} <= {"refused", "no-place-left", "places-contended"}
    assert Entry.objects.count() == 10
    assert {row.left for row in Places.objects.filter(unit__number__in=(1, 2), site_code="")} == {0}
    sound(at)


def test_database_refuses_the_place_too_many_by_any_way(at: datetime) -> None:
    limited_places(at, 1)
    entry = entries(at, courses=(UNIT_1,))[0]
    with pytest.raises(Refused, match="no-place-left"):
        entries(at, courses=(UNIT_1,))
    columns = [field.column for field in Entry._meta.concrete_fields if field.column != "id"]
    values = [str(a_candidate(at).pk) if name == "candidate_id" else name for name in columns]
    copied = f"INSERT INTO entries_entry ({', '.join(columns)}) SELECT {', '.join(values)} FROM entries_entry"
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="places_not_oversold"):
        cursor.execute(f"{copied} WHERE id = {entry.pk}")


def test_bulk_entry_stops_at_the_last_place_and_names_those_left_over(at: datetime) -> None:
    from zikao.stages.entries.states import EntryRow

    limited_places(at, 2)
    rows = [EntryRow(each.pk, a_paper(at, UNIT_1).pk, AREA, pledged=True) for each in candidates(at, 3)]
    done = commands.enter_many(rows=rows, sitting_code=SITTING, by=the_node(), at=at).value
    assert (done.entered, [row.code for row in done.refused]) == (2, ["no-place-left"])
    sound(at)


def test_places_come_from_the_seats_of_usable_sites_and_never_fall_below_what_is_taken(at: datetime) -> None:
    limited_places(at, 5)
    made = [entries(at, each, (UNIT_1,))[0] for each in candidates(at, 4)]
    commands.set_places(sitting_code=SITTING, percent=8, by=head(), at=at)
    row = Places.objects.get(unit=made[0].unit, site_code="")
    assert (row.seats, row.capacity, row.left) == (25, 4, 0)
    with pytest.raises(BadInput):
        commands.set_places(sitting_code=SITTING, percent=0, by=head(), at=at)
    with pytest.raises(NotPermitted):
        commands.set_places(sitting_code=SITTING, by=county_clerk(), at=at)


def test_site_wished_for_takes_a_place_there_and_in_its_area(at: datetime) -> None:
    site = limited_places(at, 1)
    candidate = a_candidate(at)
    call = {"sitting_code": SITTING, "paper_ids": [a_paper(at, UNIT_1).pk], "area_code": AREA, "at": at}
    wish = {"candidate_id": candidate.pk, "by": as_candidate(candidate), "accepts_pledge": True, **call}
    with pytest.raises(BadInput):
        commands.enter_courses(site_code="X", **wish)
    commands.enter_courses(site_code=site.code, **wish)
    assert [row.held for row in Places.objects.filter(unit__number=1)] == [1, 1]
    assert [area.is_full for area in queries.areas_offered(a_window(at)) if area.code == AREA] == [True]


def test_order_is_placed_once_however_often_and_anew_when_the_choice_changes(at: datetime) -> None:
    candidate = a_candidate(at)
    first = an_order(at, candidate)
    assert an_order(at, candidate).pk == first.pk
    commands.withdraw_entry(entry_id=first.entries.all()[0].pk, by=as_candidate(candidate), at=at)
    assert state_of(first) == OrderState.CANCELLED
    second = an_order(at, candidate)
    assert (second.amount_fen, second.pk != first.pk) == (3700, True)
    assert Order.objects.filter(state=OrderState.PENDING).count() == 1


def test_callback_pays_once_in_any_number_and_order(at: datetime) -> None:
    order = an_order(at)
    notices = [notice_of(came(order, at), at) for _ in range(1)]
    money = came(order, at, "G1")
    again = [notice_of(money, at), notice_of(money, at + MINUTE)]
    assert hear(again[0], at) == NoticeVerdict.ACCEPTED
    assert hear(again[1], at + MINUTE) == NoticeVerdict.REPEATED
    assert hear(again[1], at + MINUTE) == NoticeVerdict.REPLAYED
    assert state_of(order) == OrderState.PAID
    assert {entry.state for entry in order.entries.all()} == {EntryState.PAID}
    assert Payment.objects.count() == 1
    assert hear(notices[0], at) == NoticeVerdict.ACCEPTED, "a second payment of the same order"
    assert (state_of(order), Refund.objects.get().reason) == (OrderState.PAID, "paid-twice")
    sound(at)


def test_forged_stale_malformed_and_unknown_callbacks_change_nothing_and_are_logged(at: datetime) -> None:
    """Call-backs with a wrong signature, an altered body, an old time, rubbish or a strange order pay nothing."""
    from dataclasses import replace

    from zikao.stages.entries.gateway.signing import signed

    order = an_order(at)
    good = notice_of(came(order, at, "G1"), at)
    attacks = {
        NoticeVerdict.FORGED: replace(good, signature="00" * 32),
        NoticeVerdict.STALE: notice_of(came(order, at, "G1"), at - 11 * MINUTE),
        NoticeVerdict.MALFORMED: signed(b'{"order": 1}', nonce="n1", sent_at=at),
        NoticeVerdict.UNKNOWN: notice_of(came(Order(number="0" * 20, amount_fen=1), at), at),
    }
    for verdict, notice in attacks.items():
        assert hear(notice, at) == verdict
    altered = replace(good, body=good.body.replace(b"7400", b"7401"))
    assert hear(altered, at) == NoticeVerdict.FORGED
    assert hear(replace(good, nonce="other"), at) == NoticeVerdict.FORGED
    assert hear(replace(good, signature="nothex"), at) == NoticeVerdict.FORGED
    assert not Payment.objects.exists()
    assert GatewayNotice.objects.count() == 7
    assert hear(good, at) == NoticeVerdict.ACCEPTED
    with pytest.raises(NotPermitted):
        commands.hear_gateway(notice=good, address="", by=as_candidate(order.candidate), at=at)


def test_hold_that_runs_out_gives_the_place_back_and_late_money_takes_it_again_or_goes_back(at: datetime) -> None:
    limited_places(at, 1)
    slow, quick = a_candidate(at), a_candidate(at)
    order = an_order(at, slow, (UNIT_1,))
    late = at + HOLD
    commands.release(None, late - MINUTE)
    assert state_of(order) == OrderState.PENDING
    commands.release(None, late)
    assert state_of(order) == OrderState.RELEASED
    assert order.entries.get().held_until is None
    assert hear(notice_of(came(order, late, "G1"), late), late) == NoticeVerdict.ACCEPTED
    assert state_of(order) == OrderState.PAID, "the place was still there"
    sound(at)
    commands.withdraw_entry(entry_id=order.entries.get().pk, by=as_candidate(slow), at=late)
    assert state_of(order) == OrderState.REFUNDING
    theirs = an_order(late, quick, (UNIT_1,))
    commands.release(None, late + HOLD)
    entries(late + HOLD, a_candidate(at), (UNIT_1,))
    hear(notice_of(came(theirs, late + HOLD, "G2"), late + HOLD), late + HOLD)
    assert state_of(theirs) == OrderState.REFUNDING
    assert Refund.objects.filter(reason="no-place").get().amount_fen == 3700
    sound(at)


def test_paid_place_is_never_lost_and_a_paid_order_never_released(at: datetime) -> None:
    limited_places(at, 1)
    order = an_order(at, courses=(UNIT_1,))
    hear(notice_of(came(order, at), at), at)
    commands.release(None, at + 2 * HOLD)
    assert order.entries.get().state == EntryState.PAID
    with pytest.raises(Refused, match="no-place-left"):
        entries(at + 2 * HOLD, courses=(UNIT_1,))


def test_lost_callback_is_found_by_asking_and_an_absent_gateway_keeps_the_place_a_while(
    at: datetime, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zikao.foundation import clock

    monkeypatch.setattr(clock, "now", lambda: at)
    gateway = SimulatedGateway(tmp_path / "bank")
    order, other = an_order(at), an_order(at)
    for each in (order, other):
        gateway.collect(order_number=each.number, amount_fen=7400, title="", until=each.expires_at)
        commands.begin_payment(order_number=each.number, by=as_candidate(each.candidate), at=at)
        assert state_of(each) == OrderState.CONFIRMING
    gateway.pay(order.number, notices=0)
    asked = queries.orders_to_ask(at + MINUTE)
    assert {each.pk for each in asked} == {order.pk, other.pk}
    commands.ask_about(gateway, asked, at + MINUTE)
    assert (state_of(order), state_of(other)) == (OrderState.PAID, OrderState.PENDING)
    gateway.go_away(at + 3 * HOLD)
    with pytest.raises(GatewayAway):
        gateway.money_of(other.number)
    commands.release(gateway, at + HOLD)
    assert state_of(other) == OrderState.PENDING, "kept while the gateway is silent"
    commands.release(gateway, at + HOLD + 11 * MINUTE)
    assert state_of(other) == OrderState.RELEASED
    sound(at)


def test_freeze_waits_for_an_order_on_its_way_and_a_day_of_lost_callbacks_is_still_compared(at: datetime) -> None:
    order = an_order(at)
    commands.begin_payment(order_number=order.number, by=as_candidate(order.candidate), at=at)
    late = after_window(at)
    with pytest.raises(Refused, match="orders-unsettled"):
        commands.close_entries(sitting_code=SITTING, by=head(), at=late)
    assert queries.days_to_reconcile(local_day(at) + timedelta(days=1)) == [local_day(at)]
    commands.take_answer(money=[came(order, at)], by=the_node(), at=late)
    assert commands.close_entries(sitting_code=SITTING, by=head(), at=late).value.count == 2


def test_refund_goes_through_the_gateway_once_and_is_told_when_done(
    at: datetime, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zikao.foundation import clock

    monkeypatch.setattr(clock, "now", lambda: at)
    gateway = SimulatedGateway(tmp_path / "bank")
    order = an_order(at)
    gateway.collect(order_number=order.number, amount_fen=7400, title="", until=order.expires_at)
    gateway.pay(order.number)
    for notice in gateway.notices_due(at):
        hear(notice, at)
    first = order.entries.order_by("id")[0]
    commands.withdraw_entry(entry_id=first.pk, by=as_candidate(order.candidate), at=at)
    assert state_of(order) == OrderState.PAID, "one course is still paid"
    gateway.go_away(at + MINUTE)
    commands.send_refunds(gateway, at)
    assert Refund.objects.get().state == RefundState.DUE
    gateway.go_away(at)
    commands.send_refunds(gateway, at)
    refund = Refund.objects.get()
    assert (refund.state, refund.amount_fen) == (RefundState.DONE, 3700)
    commands.withdraw_entry(entry_id=order.entries.order_by("id")[1].pk, by=as_candidate(order.candidate), at=at)
    assert state_of(order) == OrderState.REFUNDING
    commands.send_refunds(gateway, at)
    assert (state_of(order), Payment.objects.get().state) == (OrderState.REFUNDED, PaymentState.REFUNDED)
    assert gateway.refund(refund_number="R9", transaction=Payment.objects.get().order_number, amount_fen=1) == "stuck"
    sound(at)


def test_money_of_another_amount_waits_for_a_person_and_goes_back(at: datetime) -> None:
    order = an_order(at)
    hear(notice_of(came(order, at, fen=7399), at), at)
    assert (state_of(order), Payment.objects.get().state) == (OrderState.REVIEW, PaymentState.REVIEW)
    sound(at)
    commands.refund_reviewed(order_number=order.number, reason="少付一分，退回重付", by=head(), at=at)
    assert state_of(order) == OrderState.REFUNDING
    with pytest.raises(WrongState):
        commands.refund_reviewed(order_number=order.number, reason="再退", by=head(), at=at)
    second = an_order(at, order.candidate)
    hear(notice_of(came(second, at), at), at)
    assert state_of(second) == OrderState.PAID
    sound(at)


def test_money_after_the_freeze_goes_back_and_the_counter_hands_out_what_it_took(at: datetime) -> None:
    order = an_order(at)
    late = after_window(at)
    a_frozen_list(at)
    assert state_of(order) == OrderState.RELEASED
    hear(notice_of(came(order, late), late), late)
    assert (state_of(order), Refund.objects.get().reason) == (OrderState.REFUNDING, "list-frozen")
    with pytest.raises(WrongState):
        commands.hand_out_refund(refund_id=Refund.objects.get().pk, voucher="退1", by=county_clerk(), at=late)
    due = sum(entry.fee_fen for entry in order.entries.all())
    taken = commands.record_payment(
        candidate_id=order.candidate_id, sitting_code=SITTING, order_number="票1", amount_fen=due,
        by=county_clerk(), at=late,
    ).value  # fmt: skip
    back = taken.refunds.get()
    commands.hand_out_refund(refund_id=back.pk, voucher="退2", by=county_clerk(), at=late)
    taken.refresh_from_db()
    assert taken.state == PaymentState.REFUNDED
    sound(at)
