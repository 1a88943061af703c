"""The province's, the counter's and the candidate's pages of entering."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import sign_in
from tests.factories.actors import COUNTY
from zikao.foundation import clock
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
UNIT_1, UNIT_1_TOO, UNIT_2 = "00037", "00540", "00536"


def the_window(at: datetime) -> dict[str, Any]:
    from tests.factories.entries import a_window

    return {"sitting_code": a_window(at).sitting.code}


def somebody(at: datetime) -> dict[str, Any]:
    from tests.factories.candidates import a_candidate
    from tests.factories.entries import a_window

    a_window(at)
    return {"candidate_id": a_candidate(at).pk}


def somebody_owing(at: datetime) -> dict[str, Any]:
    return {**somebody(at), **the_window(at)}


def an_entry(at: datetime) -> dict[str, Any]:
    from tests.factories.entries import entries

    return {"entry_id": entries(at)[0].pk}


STAFF = {"guest": 302, "county-clerk": 200, "exam-affairs-head": 200, "marker": 403}
KEEPERS = {"guest": 302, "county-clerk": 403, "exam-affairs-head": 200, "province-clerk": 200}
COUNTER = {"guest": 302, "county-clerk": 200, "county-clerk@320104": 404, "exam-affairs-head": 403}
OWN = {"kwargs": the_window, "guest": 302, "candidate": 404, "county-clerk": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "entries:overview": {**STAFF, "candidate": 403},
    "entries:list": {**STAFF, "candidate": 403},
    "entries:window": {"kwargs": the_window, **STAFF},
    "entries:open-window": KEEPERS,
    "entries:move-window": {"kwargs": the_window, **KEEPERS},
    "entries:freeze": {"kwargs": the_window, **KEEPERS},
    "entries:withdraw": {"kwargs": an_entry, "guest": 302, "county-clerk": 200, "marker": 403},
    "entries:enter-for": {"kwargs": somebody, **COUNTER},
    "entries:take-payment": {"kwargs": somebody_owing, **COUNTER},
    "entries:mine": {"guest": 302, "candidate": 404, "county-clerk": 403},
    "entries:choose": OWN,
    "entries:check-choice": OWN,
    "entries:pay": OWN,
    "entries:withdraw-mine": {"kwargs": an_entry, "guest": 302, "county-clerk": 403},
}


def papers(at: datetime, *courses: str) -> list[int]:
    from tests.factories.programmes import a_paper

    return [a_paper(at, course).pk for course in courses]


@pytest.fixture
def me(at: datetime) -> tuple[Client, Any]:
    """A candidate, signed in, while the window is open."""
    from tests.factories.candidates import a_candidate
    from tests.factories.entries import a_window
    from zikao.foundation.access.models import Account

    a_window(at)
    person = a_candidate(at)
    client = Client()
    account = Account.objects.get(candidate_id=person.pk)
    sign_in(client, account)
    return client, person


def test_candidate_chooses_checks_enters_pays_and_reads_what_comes_next(
    me: tuple[Client, Any], at: datetime, settings: Any
) -> None:
    settings.ZIKAO_IS_DEMO = True
    client, person = me
    choose = reverse("entries:choose", args=["2026-10"])
    assert choose in client.get(reverse("portals:candidate-home")).content.decode()
    assert "美学" in client.get(choose).content.decode()
    wish = {"papers": papers(at, UNIT_1, UNIT_2), "area_code": "3201"}
    check = client.post(choose, {**wish, "step": "check"}).content.decode()
    assert "提交前请核对" in check
    assert "¥74.00" in check
    assert not person.entries.exists()
    key = re.search(r'name="idempotency_key" value="(\w+)"', check)
    assert key
    done = client.post(choose, {**wish, "step": "confirm", "idempotency_key": key[1]}, follow=True)
    again = client.post(choose, {**wish, "step": "confirm", "idempotency_key": key[1]})
    assert again.status_code == 409
    assert person.entries.count() == 2
    order = re.search(r'name="order_number" value="(\w+)"', done.content.decode())
    assert order
    pay = reverse("entries:pay", args=["2026-10"])
    for _ in range(2):
        assert "缴费成功" in client.post(pay, {"order_number": order[1]}).content.decode()
    assert person.payments.get().amount_fen == 7400
    mine = client.get(reverse("entries:mine")).content.decode()
    assert mine.count("已缴费") >= 2


def test_candidate_cannot_pay_by_a_post_where_no_bank_is_played(me: tuple[Client, Any], at: datetime) -> None:
    from tests.factories.entries import entries

    client, person = me
    entries(at, person)
    pay = reverse("entries:pay", args=["2026-10"])
    assert "模拟支付" not in client.get(pay).content.decode()
    assert client.post(pay, {"order_number": "0" * 32}).status_code == 403
    assert not person.payments.exists()


def test_candidate_reads_the_clash_beside_the_boxes_and_after_sending(me: tuple[Client, Any], at: datetime) -> None:
    client, person = me
    wish = {"papers": papers(at, UNIT_1, UNIT_1_TOO), "area_code": "3201"}
    live = client.get(reverse("entries:check-choice", args=["2026-10"]), wish).content.decode()
    assert "第1单元选了不止一门课程：00037 美学、00540 外国文学史" in live
    assert "<html" not in live
    sent = client.post(reverse("entries:choose", args=["2026-10"]), {**wish, "step": "check"})
    assert sent.status_code == 409
    assert "第1单元选了不止一门课程" in sent.content.decode()
    forced = client.post(reverse("entries:choose", args=["2026-10"]), {**wish, "step": "confirm"})
    assert forced.status_code == 409
    assert not person.entries.exists()


def test_candidate_is_told_when_nothing_is_chosen_or_something_foreign(me: tuple[Client, Any], at: datetime) -> None:
    from zikao.stages.programmes.models import Paper

    client, _ = me
    choose = reverse("entries:choose", args=["2026-10"])
    none = client.post(choose, {"area_code": "3201", "step": "check"})
    assert (none.status_code, "至少选择一门课程" in none.content.decode()) == (409, True)
    foreign = Paper.objects.exclude(majors__major__code="050101").first()
    assert foreign
    assert client.post(choose, {"papers": [foreign.pk], "area_code": "3201"}).status_code == 422
    assert (
        client.post(choose, {"papers": papers(at, UNIT_1), "area_code": "9999", "step": "confirm"}).status_code == 422
    )


def test_candidate_sees_own_entries_only_and_withdraws_one(me: tuple[Client, Any], at: datetime) -> None:
    from tests.factories.entries import entries

    client, person = me
    mine, theirs = entries(at, person)[0], entries(at)[0]
    page = client.get(reverse("entries:mine")).content.decode()
    assert reverse("entries:withdraw-mine", args=[mine.pk]) in page
    assert reverse("entries:withdraw-mine", args=[theirs.pk]) not in page
    assert client.post(reverse("entries:withdraw-mine", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("entries:withdraw-mine", args=[mine.pk])).status_code == 302
    assert "已退报" in client.get(reverse("entries:mine")).content.decode()


def test_clerk_enters_a_candidate_and_takes_the_money(
    signed_in: Callable[..., Client], me: tuple[Client, Any], at: datetime
) -> None:
    _, person = me
    clerk = signed_in(Post.COUNTY_CLERK, COUNTY)
    url = reverse("entries:enter-for", args=[person.pk])
    assert url in clerk.get(reverse("candidates:candidate", args=[person.pk])).content.decode()
    wish = {"papers": papers(at, UNIT_1), "area_code": "3201"}
    clerk.post(url, {**wish, "step": "check"})
    answer = clerk.post(url, {**wish, "step": "confirm"})
    pay = reverse("entries:take-payment", args=[person.pk, "2026-10"])
    assert answer["Location"] == pay
    assert 'value="37.00"' in clerk.get(pay).content.decode()
    assert clerk.post(pay, {"order_number": "票0001", "amount_yuan": "36.99"}).status_code == 409
    assert clerk.post(pay, {"order_number": "票0001", "amount_yuan": "37.00"}).status_code == 302
    assert person.entries.get().state == "paid"


def test_head_sets_moves_and_freezes_a_window(
    signed_in: Callable[..., Client], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.factories.accounts import sign_in_again
    from tests.factories.programmes import a_published_timetable
    from zikao.stages.entries.models import EntryWindow

    a_published_timetable(at)
    head = signed_in(Post.EXAM_AFFAIRS_HEAD)
    late = {"sitting_code": "2026-10", "opens_at": "2026-08-20T09:00", "closes_at": "2026-10-24T09:00", "online": "on"}
    refused = head.post(reverse("entries:open-window"), late)
    assert (refused.status_code, "报考截止时间应早于首场开考时间" in refused.content.decode()) == (409, True)
    head.post(reverse("entries:open-window"), {**late, "closes_at": "2026-09-05T17:00"})
    page = head.get(reverse("entries:window", args=["2026-10"])).content.decode()
    assert "才截止，现在不能封存名册" in page
    assert head.post(reverse("entries:freeze", args=["2026-10"])).status_code == 409
    closes_at = EntryWindow.objects.get().closes_at
    monkeypatch.setattr(clock, "now", lambda: closes_at + timedelta(minutes=1))
    sign_in_again(head)
    assert "等待封存名册" in head.get(reverse("portals:staff-home")).content.decode()
    assert head.post(reverse("entries:freeze", args=["2026-10"])).status_code == 302
    page = head.get(reverse("entries:window", args=["2026-10"])).content.decode()
    assert "名册摘要" in page
    assert "封存报考名册" in page


def test_list_is_scoped_filtered_and_asks_few_questions(
    signed_in: Callable[..., Client], at: datetime, django_assert_max_num_queries: Any
) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.entries import entries

    for county in (COUNTY, COUNTY, "320104"):
        entries(at, a_candidate(at, county))
    clerk = signed_in(Post.COUNTY_CLERK, COUNTY)
    page = clerk.get(reverse("entries:list")).content.decode()
    assert "010226200002" in page
    assert "010426200001" not in page
    only = clerk.get(reverse("entries:list"), {"course": UNIT_2}).content.decode()
    assert ("古代汉语" in only, "美学" in only) == (True, False)
    with django_assert_max_num_queries(12):
        clerk.get(reverse("entries:list"))
