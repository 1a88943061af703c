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


def an_order(at: datetime) -> dict[str, Any]:
    from tests.factories.entries import order_of

    return {"number": order_of(at).number}


def a_reviewed_order(at: datetime) -> dict[str, Any]:
    return {"order_number": an_order(at)["number"]}


def a_refund(at: datetime) -> dict[str, Any]:
    from tests.factories.candidates import as_candidate
    from tests.factories.entries import paid_entries
    from zikao.stages.entries import commands
    from zikao.stages.entries.models import Refund

    entry = paid_entries(at)[0]
    commands.withdraw_entry(entry_id=entry.pk, by=as_candidate(entry.candidate), at=at)
    return {"refund_id": Refund.objects.get().pk}


def a_difference(at: datetime) -> dict[str, Any]:
    from tests.factories.entries import a_difference as made

    return {"difference_id": made(at).pk}


def a_reconciliation(at: datetime) -> dict[str, Any]:
    from tests.factories.entries import a_difference as made

    return {"pk": made(at).reconciliation_id}


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
    "entries:enter-list": {"kwargs": the_window, "guest": 302, "county-clerk": 200, "exam-affairs-head": 403},
    "entries:pay-list": {"kwargs": the_window, "guest": 302, "county-clerk": 200, "exam-affairs-head": 403},
    "entries:list-sample": {
        "kwargs": {"kind": "entries", "ending": "xlsx"},
        "guest": 302,
        "county-clerk": 200,
        "marker": 403,
    },
    "entries:withdraw": {"kwargs": an_entry, "guest": 302, "county-clerk": 200, "marker": 403},
    "entries:enter-for": {"kwargs": somebody, **COUNTER},
    "entries:take-payment": {"kwargs": somebody_owing, **COUNTER},
    "entries:choose-for": {"kwargs": somebody_owing, **COUNTER},
    "entries:check-for": {"kwargs": somebody_owing, "guest": 302, "county-clerk": 422, "county-clerk@320104": 404},
    "entries:live-for": {"kwargs": somebody_owing, **COUNTER},
    "entries:confirm-for": {"kwargs": somebody_owing, "guest": 302, "county-clerk": 302, "county-clerk@320104": 404},
    "entries:set-period": {"kwargs": the_window, **KEEPERS},
    "entries:drop-period": {"kwargs": the_window, **KEEPERS},
    "entries:notices": {**KEEPERS, "candidate": 403},
    "entries:reconciled-lines": {"kwargs": a_reconciliation, **KEEPERS},
    "entries:confirmation-for": {"kwargs": somebody_owing, "guest": 302, "county-clerk": 404, "marker": 403},
    "entries:pledge-for": {"kwargs": somebody_owing, **COUNTER},
    "entries:my-confirmation": OWN,
    "entries:places": {"kwargs": the_window, **STAFF},
    "entries:set-places": {"kwargs": the_window, **KEEPERS},
    "entries:set-room": {"kwargs": the_window, **KEEPERS},
    "entries:orders": {**STAFF, "candidate": 403},
    "entries:order-of": {"kwargs": an_order, **STAFF, "county-clerk@320104": 404},
    "entries:refund-reviewed": {"kwargs": a_reviewed_order, **KEEPERS},
    "entries:refunds": {**STAFF, "candidate": 403},
    "entries:retry-refund": {"kwargs": a_refund, **KEEPERS},
    "entries:hand-out-refund": {"kwargs": a_refund, "guest": 302, "county-clerk": 200, "marker": 403},
    "entries:reconciliations": KEEPERS,
    "entries:reconcile": KEEPERS,
    "entries:reconciliation": {"kwargs": a_reconciliation, **KEEPERS},
    "entries:differences": KEEPERS,
    "entries:difference": {"kwargs": a_difference, **KEEPERS},
    "entries:propose-settlement": {"kwargs": a_difference, **KEEPERS},
    "entries:confirm-settlement": {"kwargs": a_difference, **KEEPERS},
    "entries:public-windows": {"guest": 200, "candidate": 200},
    "entries:queue": {"kwargs": {"token": "x"}, "guest": 404, "candidate": 404},
    "entries:gateway-notice": {"guest": 405, "candidate": 405},
    "entries:till": {"kwargs": {"number": "1"}, "guest": 404},
    "entries:order": {"kwargs": an_order, "guest": 302, "candidate@other": 404, "county-clerk": 403},
    "entries:order-state": {"kwargs": an_order, "guest": 302, "candidate@other": 404, "county-clerk": 403},
    "entries:ask": {"kwargs": an_order, "guest": 302, "candidate@other": 404, "county-clerk": 403},
    "entries:wait": {"kwargs": the_window, "guest": 302, "candidate": 200, "county-clerk": 403},
    "entries:mine": {"guest": 302, "candidate": 404, "county-clerk": 403},
    "entries:choose": OWN,
    "entries:check": OWN,
    "entries:live": OWN,
    "entries:confirm": OWN,
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


def confirmed(client: Client, wish: dict[str, Any]) -> str:
    """Choose, look at the answers, confirm; the address after it."""
    check = client.get(reverse("entries:check", args=["2026-10"]), wish).content.decode()
    key = re.search(r'name="idempotency_key" value="(\w+)"', check)
    assert key
    told = {**wish, "pledge": "on", "idempotency_key": key[1]}
    return str(client.post(reverse("entries:confirm", args=["2026-10"]), told)["Location"])


@pytest.fixture
def bank(settings: Any, tmp_path: Any) -> Any:
    """The played gateway with books of this test's own."""
    from zikao.stages.entries.gateway.simulated import SimulatedGateway

    settings.ZIKAO_GATEWAY = "simulated"
    settings.ZIKAO_NODE_HOME = tmp_path
    return SimulatedGateway.of_this_node()


def test_candidate_chooses_checks_enters_pays_and_reads_what_comes_next(
    me: tuple[Client, Any], at: datetime, bank: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)
    client, person = me
    choose = reverse("entries:choose", args=["2026-10"])
    assert choose in client.get(reverse("portals:candidate-home")).content.decode()
    assert "美学" in client.get(choose).content.decode()
    wish = {"papers": papers(at, UNIT_1, UNIT_2), "area_code": "3201"}
    check = client.get(reverse("entries:check", args=["2026-10"]), wish).content.decode()
    for text in ("提交前请核对", "¥74.00", "承诺书", "保留 30 分钟"):
        assert text in check
    unsigned = client.post(reverse("entries:confirm", args=["2026-10"]), wish)
    assert (unsigned.status_code, "还没有签署" in unsigned.content.decode()) == (409, True)
    assert not person.entries.exists()
    pay = confirmed(client, wish)
    assert pay == reverse("entries:pay", args=["2026-10"])
    assert person.entries.count() == 2
    assert person.pledges.count() == 1
    assert "名额保留至" in client.get(pay).content.decode()
    till = client.post(pay)["Location"]
    assert client.post(pay)["Location"] == till, "the button pressed twice asks for one order"
    order = client.post(till, {"deed": "thrice"})["Location"]
    page = client.get(order).content.decode()
    assert "已支付，所报课程已确认" in page
    assert "封存名册" in page
    assert person.payments.get().amount_fen == 7400
    mine = client.get(reverse("entries:mine")).content.decode()
    assert mine.count("已缴费") >= 2
    assert client.get(pay).status_code == 200


def test_candidate_whose_callback_is_lost_asks_and_reads_paid_and_a_second_payment_goes_back(
    me: tuple[Client, Any], at: datetime, bank: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.factories.entries import entries

    monkeypatch.setattr(clock, "now", lambda: at)
    client, person = me
    entries(at, person)
    till = client.post(reverse("entries:pay", args=["2026-10"]))["Location"]
    order = client.post(till, {"deed": "lost"})["Location"]
    assert "支付确认中" in client.get(order).content.decode()
    state = client.get(reverse("entries:order-state", args=[person.orders.get().number]), {"n": "3"}).content.decode()
    assert "load delay:8s" in state
    ask = reverse("entries:ask", args=[person.orders.get().number])
    bank.go_away(at + timedelta(minutes=1))
    client.post(ask)
    assert "没有应答" in client.get(order).content.decode()
    bank.go_away(at)
    client.post(ask)
    assert "已支付，所报课程已确认" in client.get(order).content.decode()
    client.post(till, {"deed": "pay"})
    assert "重复支付，退款" in client.get(order).content.decode()


def test_gateway_knocks_at_its_door_and_a_stranger_is_turned_away(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Call-backs over HTTP: a genuine one is taken once; forged, replayed and mangled ones are answered 4xx."""
    from tests.factories.entries import money, order_of
    from zikao.stages.entries.gateway.simulated import notice_of

    monkeypatch.setattr(clock, "now", lambda: at)
    order = order_of(at)
    told = notice_of(money(order, at), at)
    url, client = reverse("entries:gateway-notice"), Client(enforce_csrf_checks=True)

    def knock(**changed: str) -> int:
        headers = {
            "X-Gateway-Time": told.sent_at.isoformat(),
            "X-Gateway-Nonce": told.nonce,
            "X-Gateway-Signature": told.signature,
        } | changed
        return client.post(url, told.body, content_type="application/json", headers=headers).status_code

    assert knock(**{"X-Gateway-Signature": "0" * 64}) == 401
    assert knock(**{"X-Gateway-Nonce": "x" * 20}) == 401
    assert knock(**{"X-Gateway-Time": "yesterday"}) == 400
    assert knock(**{"X-Gateway-Nonce": "\x00" * 9}) == 400
    assert knock() == 200
    assert knock() == 409
    order.refresh_from_db()
    assert order.state == "paid"


def test_candidate_cannot_pay_online_where_no_gateway_is(me: tuple[Client, Any], at: datetime) -> None:
    from tests.factories.entries import entries

    client, person = me
    entries(at, person)
    pay = reverse("entries:pay", args=["2026-10"])
    assert "到报名县（区）窗口缴费" in client.get(pay).content.decode()
    assert client.post(pay).status_code == 409
    assert client.get(reverse("entries:till", args=["1"])).status_code == 404
    assert not person.orders.exists()


def test_candidate_reads_the_clash_beside_the_boxes_and_after_sending(me: tuple[Client, Any], at: datetime) -> None:
    client, person = me
    wish = {"papers": papers(at, UNIT_1, UNIT_1_TOO), "area_code": "3201"}
    answer = client.get(reverse("entries:live", args=["2026-10"]), wish)
    live = answer.content.decode()
    assert "第1单元选了不止一门课程：00037 美学、00540 外国文学史" in live
    assert "<html" not in live
    kept = answer["HX-Replace-Url"]
    again = client.get(kept).content.decode()
    assert again.count("checked") == 2, "the choice stands in the address: a session that ends keeps it"
    signed_out = Client().get(kept)
    assert "papers%3D" in signed_out["Location"]
    sent = client.get(reverse("entries:check", args=["2026-10"]), wish)
    assert sent.status_code == 409
    assert "第1单元选了不止一门课程" in sent.content.decode()
    forced = client.post(reverse("entries:confirm", args=["2026-10"]), {**wish, "pledge": "on"})
    assert forced.status_code == 409
    assert not person.entries.exists()


def test_candidate_is_told_when_nothing_is_chosen_or_something_foreign(me: tuple[Client, Any], at: datetime) -> None:
    from zikao.stages.programmes.models import Paper

    client, _ = me
    check = reverse("entries:check", args=["2026-10"])
    none = client.get(check, {"area_code": "3201"})
    assert (none.status_code, "至少选择一门课程" in none.content.decode()) == (409, True)
    foreign = Paper.objects.exclude(majors__major__code="050101").first()
    assert foreign
    assert client.get(check, {"papers": [foreign.pk], "area_code": "3201"}).status_code == 422
    strange = {"papers": papers(at, UNIT_1), "area_code": "9999", "pledge": "on"}
    assert client.post(reverse("entries:confirm", args=["2026-10"]), strange).status_code == 422


def test_candidate_sees_what_is_left_and_the_progress_of_the_plan(me: tuple[Client, Any], at: datetime) -> None:
    from tests.factories.entries import entries, limited_places

    client, _ = me
    site = limited_places(at, 2)
    entries(at, courses=(UNIT_1,))
    page = client.get(reverse("entries:choose", args=["2026-10"])).content.decode()
    assert "（余 1）" in page
    assert site.name in page
    entries(at, courses=(UNIT_1,))
    full = client.get(reverse("entries:live", args=["2026-10"]), {"papers": papers(at, UNIT_1), "area_code": "3201"})
    assert "（已满）" in full.content.decode()
    assert "我的专业计划" in page


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
    here = [person.pk, "2026-10"]
    assert "纸质承诺书" in clerk.get(reverse("entries:check-for", args=here), wish).content.decode()
    answer = clerk.post(reverse("entries:confirm-for", args=here), {**wish, "pledge": "on"})
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
    from zikao.stages.entries.models import EntryList

    assert EntryList.objects.get().digest in Client().get(reverse("entries:public-windows")).content.decode()


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


def test_overview_counts_no_further_than_a_look_needs(
    signed_in: Callable[..., Client], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.factories.candidates import candidates
    from tests.factories.entries import UNIT_1, UNIT_2, a_window, entries
    from zikao.stages.entries.queries import entering

    a_window(at)
    for each in candidates(at, 2):
        entries(at, each, (UNIT_1, UNIT_2))
    client = signed_in(Post.PROVINCE_CLERK, "32")
    assert re.search(r">\s*4\s*<", client.get(reverse("entries:overview")).content.decode())
    monkeypatch.setattr(entering, "COUNTED", 3)
    assert "超过 3" in client.get(reverse("entries:overview")).content.decode()
    elsewhere = signed_in(Post.COUNTY_CLERK, "320599").get(reverse("entries:overview")).content.decode()
    assert "超过 3" not in elsewhere


def test_list_finds_what_begins_so_as_a_range(signed_in: Callable[..., Client], at: datetime) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.candidates import a_candidate
    from tests.factories.entries import UNIT_1, a_window, entries

    a_window(at)
    one, other = a_candidate(at), a_candidate(at, "320104")
    for each in (one, other):
        entries(at, each, (UNIT_1,))
    client = signed_in(Post.PROVINCE_CLERK, "32")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(
            reverse("entries:list"), {"number": one.admission_number[:8], "area": "3201"}
        ).content.decode()
    assert one.admission_number in page
    assert other.admission_number not in page
    assert not any(" LIKE " in each["sql"] for each in asked if "entries_entry" in each["sql"])
