"""The waiting room keeps its order; the reconciliation adds up to the fen and takes two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import a_member_of_staff, sign_in
from tests.factories.actors import PROVINCE, head, the_node
from tests.factories.candidates import as_candidate, candidates
from tests.factories.entries import UNIT_1, a_difference, a_window
from tests.factories.programmes import SITTING, a_paper
from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, Refused, WrongState
from zikao.stages.entries import commands, queries
from zikao.stages.entries.gateway import statements
from zikao.stages.entries.models import Difference, Payment, Queue, Reconciliation, Ticket
from zikao.stages.entries.states import DifferenceState, RateMode, Settlement
from zikao.stages.entries.views.waiting import SALT

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def a_room(at: datetime, rate: int = 60) -> datetime:
    """The waiting room of October's window; the moment at which that opened."""
    opens_at = a_window(at).opens_at
    commands.set_waiting_room(
        sitting_code=SITTING, mode=RateMode.FIXED, rate_a_minute=rate, by=head(), at=opens_at - MINUTE
    )
    return opens_at


def arrive(candidate: Any, at: datetime) -> Ticket:
    ticket: Ticket = commands.take_ticket(
        candidate_id=candidate.pk, sitting_code=SITTING, by=as_candidate(candidate), at=at
    ).value
    return ticket


def test_early_ones_are_drawn_by_lot_and_later_ones_follow_in_order(at: datetime) -> None:
    opens_at = a_room(at)
    several = candidates(at, 8)
    with pytest.raises(Refused, match="waiting-room-not-open"):
        arrive(several[0], opens_at - 31 * MINUTE)
    for each in several[:5]:
        assert arrive(each, opens_at - 5 * MINUTE).number is None
    assert arrive(several[5], opens_at).number == 6
    assert sorted(Ticket.objects.exclude(candidate=several[5]).values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert arrive(several[6], opens_at + MINUTE).number == 7
    assert arrive(several[6], opens_at + 2 * MINUTE).number == 7, "the number stays one's own"
    commands.measure_queue(queue_id=Queue.objects.get().pk, by=the_node(), at=opens_at + 3 * MINUTE)
    assert Queue.objects.get().last == 7, "drawn once"


def test_number_is_let_in_at_its_time_and_who_stays_away_goes_to_the_end(at: datetime) -> None:
    opens_at = a_room(at, rate=2)
    first, second, third = candidates(at, 3)
    tickets = [arrive(each, opens_at) for each in (first, second, third)]
    turn = queries.turn_of(Queue.objects.get(), 3, opens_at + MINUTE)
    assert (turn.ahead, turn.minutes, turn.is_reached) == (1, 1, False)
    with pytest.raises(WrongState):
        commands.come_in(ticket_id=tickets[2].pk, by=as_candidate(third), at=opens_at + MINUTE)
    commands.come_in(ticket_id=tickets[1].pk, by=as_candidate(second), at=opens_at + MINUTE)
    assert queries.figures(Queue.objects.get(), opens_at + MINUTE).inside == 1
    late = opens_at + 42 * MINUTE
    assert arrive(second, late).number == 4
    assert arrive(first, late).number == 1, "let in, but never came: the number still stands"


def test_rate_follows_what_is_measured_and_a_person_may_fix_it(at: datetime) -> None:
    opens_at = a_room(at)
    queue = Queue.objects.get()
    commands.set_waiting_room(sitting_code=SITTING, mode=RateMode.MEASURED, rate_a_minute=20, by=head(), at=opens_at)
    rate = commands.measure_queue(queue_id=queue.pk, by=the_node(), at=opens_at + MINUTE).value
    assert rate > 20, "the room is empty: more are let in"
    with pytest.raises(BadInput):
        commands.set_waiting_room(sitting_code=SITTING, mode=RateMode.FIXED, rate_a_minute=-1, by=head(), at=at)


def test_candidate_waits_for_one_small_query_and_nobody_comes_in_with_anothers_token(
    at: datetime, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """A waiting request asks one query and looks nobody up; a token forged or borrowed opens no door."""
    opens_at = a_room(at, rate=0)
    one, other = candidates(at, 2)
    arrive(other, opens_at)
    monkeypatch.setattr(clock, "now", lambda: opens_at + MINUTE)
    client = Client()
    sign_in(client, Account.objects.get(candidate_id=one.pk))
    choose = reverse("entries:choose", args=[SITTING])
    wait = reverse("entries:wait", args=[SITTING])
    assert client.get(choose)["Location"] == wait
    assert "取号候场" in client.get(wait).content.decode()
    client.post(wait)
    page = client.get(wait)
    assert "您是第" in page.content.decode()
    assert int(page["Refresh"]) >= 30
    poll = page.content.decode().split('hx-get="')[1].split('"')[0]
    with django_assert_num_queries(1):
        told = Client().get(poll).content.decode()
    assert "前面还有" in told
    assert client.get(poll.replace("/queue/", "/queue/x")).status_code == 404
    first = signing.dumps([Queue.objects.get().pk, other.pk, 1, 1], salt=SALT, compress=True)
    client.get(reverse("entries:queue", args=[first]))
    assert client.get(choose).status_code == 302, "the door asks for one's own ticket, not for a token"
    confirm = {"papers": [a_paper(at, UNIT_1).pk], "area_code": "3201", "pledge": "on"}
    assert client.post(reverse("entries:confirm", args=[SITTING]), confirm)["Location"] == wait
    assert not one.entries.exists()
    commands.set_waiting_room(
        sitting_code=SITTING, mode=RateMode.FIXED, rate_a_minute=600, by=head(), at=opens_at + MINUTE
    )
    monkeypatch.setattr(clock, "now", lambda: opens_at + 2 * MINUTE)
    assert client.get(choose).status_code == 200
    assert client.post(reverse("entries:confirm", args=[SITTING]), confirm).status_code == 302
    assert one.entries.count() == 1
    assert one.tickets.get().done_at is not None


def two_people(at: datetime) -> tuple[Actor, Actor]:
    first, second = (a_member_of_staff(at, post, PROVINCE) for post in (Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK))
    return (
        Actor("甲", Post.EXAM_AFFAIRS_HEAD, PROVINCE, account_id=first.pk, appointment_id=first.appointments.get().pk),
        Actor("乙", Post.PROVINCE_CLERK, PROVINCE, account_id=second.pk, appointment_id=second.appointments.get().pk),
    )


def test_day_is_compared_to_the_fen_and_lost_money_is_recorded_by_two(at: datetime) -> None:
    difference = a_difference(at)
    made = Reconciliation.objects.get()
    assert (made.matched, made.only_theirs, made.only_ours, made.differ) == (1, 1, 0, 0)
    assert made.theirs_fen == made.matched_fen + made.only_theirs_fen == made.ours_fen + 7400
    later = at + timedelta(days=2)
    first, second = two_people(at)
    call: dict[str, Any] = {"difference_id": difference.pk, "at": later}
    with pytest.raises(WrongState):
        commands.confirm_settlement(by=second, **call)
    with pytest.raises(BadInput):
        commands.propose_settlement(settlement=Settlement.REFUND, reason="退", by=first, **call)
    commands.propose_settlement(settlement=Settlement.RECORD, reason="通知丢失", by=first, **call)
    with pytest.raises(Refused, match="confirmer-is-proposer"):
        commands.confirm_settlement(by=first, **call)
    commands.confirm_settlement(by=second, **call)
    difference.refresh_from_db()
    assert difference.state == DifferenceState.SETTLED
    lost = Payment.objects.get(order_number="G-lost")
    assert (lost.order.state, local_day(lost.paid_at)) == ("paid", made.on), "not a difference of another day"
    assert queries.days_to_reconcile(local_day(later) + timedelta(days=1)) == []
    sums = made.lines.aggregate(ours=Sum("ours_fen"), theirs=Sum("theirs_fen"))
    assert (sums["ours"], sums["theirs"]) == (made.ours_fen, made.theirs_fen)
    assert queries.balance(SITTING).adds_up
    with pytest.raises(WrongState):
        commands.propose_settlement(settlement=Settlement.EXPLAINED, reason="再办", by=first, **call)


def test_statement_that_is_forged_altered_or_of_another_day_is_refused_whole(at: datetime) -> None:
    """A statement with a changed line, a wrong sum, another day or no mark of the key compares nothing."""
    day = local_day(at)
    good = statements.written([statements.StatedLine("paid", "G1", "O1", 100, at)], day)
    by = {"by": the_node(), "at": at + timedelta(days=1)}
    bad = [
        good.replace(b",100,", b",900,"),
        good.rpartition(b"hmac-sm3")[0],
        statements.written([statements.StatedLine("paid", "G" * 41, "O1", 100, at)], day),
        statements.written([statements.StatedLine("paid", "G1", "O1", 10**9, at)], day),
        statements.written([], day - timedelta(days=1)),
        b"",
        b"\xff\xfe",
    ]
    for statement in bad:
        with pytest.raises(BadInput):
            commands.reconcile(on=day, statement=statement, **by)
    with pytest.raises(BadInput):
        commands.reconcile(on=day, statement=good, by=the_node(), at=at)
    commands.reconcile(on=day, statement=good, **by)
    assert Difference.objects.get().kind == "only-theirs"
    with pytest.raises(Conflict):
        commands.reconcile(on=day, statement=good, **by)
