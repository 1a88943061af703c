"""What candidates and clerks are told where something is not open: no window, too early, too late, time over."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import sign_in, sign_in_again
from tests.factories.actors import COUNTY, head
from tests.factories.candidates import a_candidate
from tests.factories.entries import a_window, entries, limited_places, paid_entries
from tests.factories.programmes import SITTING, a_paper
from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Post
from zikao.stages.entries import commands
from zikao.stages.entries.models import Entry, EntryWindow, Order
from zikao.stages.entries.states import RateMode

pytestmark = pytest.mark.django_db
UNIT_1, UNIT_2 = "00037", "00536"
MINUTE = timedelta(minutes=1)


def page(client: Client, name: str, *args: object, **data: object) -> str:
    return client.get(reverse(name, args=args), data).content.decode()


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def a_client(person: Any) -> Client:
    client = Client()
    sign_in(client, Account.objects.get(candidate_id=person.pk))
    return client


def test_clerk_reads_why_nobody_can_be_entered_and_chooses_where_two_sittings_are_open(
    signed_in: Callable[..., Client], at: datetime, travel: Callable[[datetime], None]
) -> None:
    from zikao.stages.programmes.models import Sitting

    person = a_candidate(at)
    clerk = signed_in(Post.COUNTY_CLERK, COUNTY)
    none = page(clerk, "entries:enter-for", person.pk)
    assert "现在没有正在报考的考试" in none
    assert "还没有公布下一次报考时间" in none
    window = a_window(at)
    assert "选择2026年10月考试的课程" in page(clerk, "entries:enter-for", person.pk)
    later, _ = Sitting.objects.get_or_create(
        code="2027-01", defaults={"year": 2027, "month": 1, "digit": 3, "opened_at": at}
    )
    other = EntryWindow.objects.create(sitting=later, opens_at=at, closes_at=window.closes_at + MINUTE)
    assert "现在有 2 次考试正在报考" in page(clerk, "entries:enter-for", person.pk)
    EntryWindow.objects.filter(pk=other.pk).update(
        opens_at=window.closes_at + 2 * MINUTE, closes_at=at + 90 * 24 * 60 * MINUTE
    )
    travel(window.closes_at)
    sign_in_again(clerk)
    over = page(clerk, "entries:enter-for", person.pk)
    assert "2027年1月考试的报考于" in over
    assert "2026年10月考试的报考已于" in over


def test_candidate_finds_the_waiting_room_before_the_opening_and_takes_a_new_number_when_the_time_is_over(
    at: datetime, travel: Callable[[datetime], None]
) -> None:
    opens_at = a_window(at).opens_at
    rate = {"sitting_code": SITTING, "mode": RateMode.FIXED, "rate_a_minute": 60}
    commands.set_waiting_room(**rate, by=head(), at=opens_at - MINUTE)
    person = a_candidate(at)
    client, wait = a_client(person), reverse("entries:wait", args=[SITTING])
    travel(opens_at - 40 * MINUTE)
    sign_in_again(client)
    assert wait not in page(client, "portals:candidate-home")
    assert "起可以先到候场" in page(client, "entries:mine")
    assert "之后再来" in client.get(wait).content.decode()
    travel(opens_at - 10 * MINUTE)
    assert wait in page(client, "portals:candidate-home")
    client.post(wait)
    early = client.get(wait)
    assert "等待抽签" in early.content.decode()
    assert "load delay:60s" in early.content.decode(), "who is early is not asked to come again every three seconds"
    travel(opens_at + MINUTE)
    choose = reverse("entries:choose", args=[SITTING])
    assert choose in client.get(wait).content.decode()
    assert client.get(choose).status_code == 200
    travel(opens_at + 42 * MINUTE)
    assert client.get(choose)["Location"] == wait
    assert "重新取号" in client.get(wait).content.decode()
    client.post(wait)
    travel(opens_at + 44 * MINUTE)
    assert client.get(choose).status_code == 200
    travel(a_window(at).closes_at)
    sign_in_again(client)
    assert "候场结束" in client.get(wait).content.decode()
    assert client.post(wait).status_code == 409


def test_candidate_reads_at_once_that_it_is_closed_and_that_an_area_is_full(
    at: datetime, travel: Callable[[datetime], None]
) -> None:
    limited_places(at, 1)
    entries(at, courses=(UNIT_1,))
    person = a_candidate(at)
    client, wish = a_client(person), {"papers": [a_paper(at, UNIT_1).pk], "area_code": "3201"}
    for step in ("entries:live", "entries:check"):
        assert "的名额已满" in page(client, step, SITTING, **wish)
    assert "最多报 4 门" in page(client, "entries:choose", SITTING)
    mine = entries(at, person, (UNIT_2,))[0]
    travel(a_window(at).closes_at)
    sign_in_again(client)
    assert "现在不能报考" in page(client, "entries:choose", SITTING)
    assert "不能再支付" in page(client, "entries:pay", SITTING)
    assert "缴费已截止" in page(client, "portals:candidate-home")
    assert mine.paper.course.name in page(client, "entries:withdraw-mine", mine.pk)
    commands.close_entries(sitting_code=SITTING, by=head(), at=clock.now())
    assert "请不要付款" in page(client, "entries:pay", SITTING)


def test_candidate_signed_out_while_confirming_comes_back_to_the_same_choice(at: datetime) -> None:
    a_window(at)
    client = a_client(a_candidate(at))
    wish = {"papers": [a_paper(at, UNIT_1).pk], "area_code": "3201"}
    found = re.search(r'action="([^"]*/confirm/[^"]*)"', page(client, "entries:check", SITTING, **wish))
    assert found
    confirm = unescape(found[1])
    thrown_out = Client().post(confirm, wish, headers={"referer": f"http://testserver{confirm}"})
    assert "papers" in thrown_out["Location"]
    back = client.get(confirm)
    assert client.get(back["Location"]).status_code == 200
    assert not Entry.objects.exists()


def test_second_tab_confirms_the_same_courses_once(at: datetime) -> None:
    a_window(at)
    person = a_candidate(at)
    client, wish = a_client(person), {"papers": [a_paper(at, UNIT_1).pk], "area_code": "3201", "pledge": "on"}
    confirm = reverse("entries:confirm", args=[SITTING])
    tabs = [client.post(confirm, {**wish, "idempotency_key": key * 32}) for key in "ab"]
    assert [tab.status_code for tab in tabs] == [302, 409]
    assert "已经报过" in tabs[1].content.decode()
    assert person.entries.count() == 1


def test_candidate_reads_what_goes_back_before_withdrawing_and_prints_the_confirmation(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    person = a_candidate(at)
    paid = paid_entries(at, person)
    client, clerk = a_client(person), signed_in(Post.COUNTY_CLERK, COUNTY)
    for who, name, args in (
        (client, "entries:my-confirmation", [SITTING]),
        (clerk, "entries:confirmation-for", [person.pk, SITTING]),
        (clerk, "entries:pledge-for", [person.pk, SITTING]),
    ):
        assert who.get(reverse(name, args=args)).content.startswith(b"%PDF")
    for entry in paid:
        asked = page(client, "entries:withdraw-mine", entry.pk)
        assert "退报后应退" in asked
        assert entry.paper.course.name in asked
        client.post(reverse("entries:withdraw-mine", args=[entry.pk]))
    assert "待在窗口退还的考试费" in page(clerk, "portals:staff-home")
    mine = page(client, "entries:mine")
    assert "应退 ¥37.00" in mine
    assert reverse("entries:my-confirmation", args=[SITTING]) not in mine
    gone = client.get(reverse("entries:my-confirmation", args=[SITTING]))
    assert (gone.status_code, "没有确认单" in gone.content.decode()) == (404, True)


def test_head_drops_a_period_and_reads_the_notices(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.actors import the_node
    from tests.factories.entries import money, order_of
    from zikao.stages.entries.gateway.signing import Notice
    from zikao.stages.entries.gateway.simulated import notice_of

    window, office = a_window(at), signed_in(Post.EXAM_AFFAIRS_HEAD)
    period = {"sitting_code": SITTING, "title": "首次考生", "categories": ["first-time"]}
    commands.set_period(**period, opens_at=window.opens_at, closes_at=window.closes_at, by=head(), at=at)
    assert "首次考生（首次报考考生，" in page(Client(), "entries:public-windows")
    drop = reverse("entries:drop-period", args=[SITTING])
    assert office.post(drop, {"title": "别的"}).status_code == 422
    assert office.post(drop, {"title": "首次考生"}).status_code == 302
    assert not window.periods.exists()
    told = notice_of(money(order_of(at), at), at)
    forged = Notice(told.nonce, told.sent_at, told.body, "0" * 64)
    for each in (forged, told):
        commands.hear_gateway(notice=each, address="203.0.113.9", by=the_node(), at=at)
    assert "收到支付通知" in page(office, "entries:order-of", Order.objects.get().number)
    listed = page(office, "entries:notices")
    assert "签名不符" in listed
    assert "已记账" in listed
    assert "203.0.113.9" in page(office, "entries:notices", verdict="forged")
