"""Pages: the action view with a fake command, guards, tables, steps, formats."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django import forms
from django.core.cache import cache
from django.db.models import TextChoices
from django.template import Context, Template
from django.urls import include, path

from tests.factories.accounts import a_candidates_account, a_member_of_staff, sign_in
from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Post
from zikao.foundation.commands import Receipt
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    candidate_page,
    history_of,
    object_page,
    page_of,
    staff_page,
    steps_of,
    table_page,
)
from zikao.foundation.pages.formats import masked, moment_text, money_text, since_text
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.regulation import decide, granted
from zikao.portals.urls import urlpatterns as doors

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
CALLS: list[dict] = []
REFUSALS = {
    "law": Refused("suspended", message="考生在停考期内。", remedy="停考期满之后再来。", clause="EA-12.3"),
    "state": WrongState("wrong-state", message="已经缴费，不能再改。"),
    "input": BadInput("bad-id", field_errors={"name": "姓名里不能有数字。"}),
    "post": NotPermitted("post-may-not", message="“县区报名员”不能办理这一事项。"),
    "missing": NotFound("not-found"),
}


class State(TextChoices):
    NEW = "new", "已报名"
    PAID = "paid", "已缴费"
    SEATED = "seated", "已编排"
    GONE = "gone", "已退考"


class NameForm(forms.Form):
    name = forms.CharField(label="姓名")
    note = forms.CharField(label="备注", required=False)


def fake(*, name, note, by, at, number=None, key=None):
    """A command that does what its name field says."""
    CALLS.append({"name": name, "note": note, "by": by, "at": at, "number": number, "key": key})
    if name in REFUSALS:
        raise REFUSALS[name]
    if name == "twice":
        return Receipt(76, "fake.done", at, None, repeated=True)
    return Receipt(77, "fake.done", at, None)


@staff_page(posts={Post.COUNTY_CLERK})
def clerks(request, actor):
    rows = [{"n": n, "name": f"考生{n}"} for n in range(120)]
    table = Table(rows, (Column("n", "序号", "number", sortable=True), Column("name", "姓名")), order="-n")
    return table_page(request, title="名册", table=table)


@staff_page
def thing(request, actor):
    return object_page(
        request,
        title="王小雨",
        kicker="考生",
        facts=[
            Fact("身份证号", "320102200103051234", "masked"),
            Fact("费用", 3500, "money", clause="EA-14"),
            Fact("所在名册", "第七号名册", "link", href="/clerks/"),
            Fact("考生自己看到的", "本人页面", "link", href="/mine/"),
        ],
        steps=steps_of(State, "paid", path=["new", "paid", "seated"]),
        actions=[
            Action("缴费", "act", what_it_does="记录到账。", clause="EA-13.1"),
            Action("退考", "act").open_if(False, "已经开考。", "EA-A1.2"),
            Action("盖章", "act", posts=frozenset({Post.PROVINCE_HEAD})),
            Action("还没有的页面", "nowhere:page"),
            Action("考生的页面", "mine"),
        ],
        history="access.account:1",
        back=Link("本人首页", "/mine/"),
    )


@candidate_page
def mine(request, actor):
    raise NotFound("not-found")


urlpatterns = [
    path("clerks/", clerks, name="clerks"),
    path("thing/", thing, name="thing"),
    path("mine/", mine, name="mine"),
    path(
        "act/",
        action(fake, NameForm, title="登记姓名", what="写下姓名。", posts={Post.COUNTY_CLERK}, done="已登记。"),
        name="act",
    ),
    path("act/<int:number>/", action(fake, NameForm, title="登记", posts={Post.COUNTY_CLERK}), name="act-on"),
    path("", include(doors)),
]
handler404 = "zikao.portals.views.errors.not_found"


@pytest.fixture(autouse=True)
def _frozen(monkeypatch, at):
    monkeypatch.setattr(clock, "now", lambda: at)
    cache.clear()
    CALLS.clear()


@pytest.fixture
def clerk(client, at):
    """A county clerk's browser."""
    sign_in(client, a_member_of_staff(at, Post.COUNTY_CLERK))
    return client


def text(answer):
    return answer.content.decode()


def test_a_clerk_reads_what_the_act_will_do_before_doing_it(clerk):
    page = text(clerk.get("/act/"))
    assert "登记姓名" in page
    assert "写下姓名。" in page
    assert CALLS == []


def test_a_clerk_gets_a_receipt_with_number_and_time_when_it_is_done(clerk, at):
    page = text(clerk.post("/act/", {"name": "王", "idempotency_key": "k1"}, follow=True))
    assert "已登记。" in page
    assert ">77<" in page
    assert "2026年8月20日 10:00" in page
    (call,) = CALLS
    assert call["by"].post is Post.COUNTY_CLERK
    assert (call["at"], call["key"], call["number"]) == (at, "k1", None)


def test_the_address_names_the_thing_and_the_form_cannot_rename_it(clerk):
    clerk.post("/act/5/", {"name": "王", "number": "6"})
    assert CALLS[0]["number"] == 5


def test_a_clerk_reads_that_it_was_done_before_when_the_same_form_comes_twice(clerk, at):
    page = text(clerk.post("/act/", {"name": "twice"}, follow=True))
    assert "没有重复办理" in page
    assert ">76<" in page


def test_a_clerk_reads_why_and_what_now_when_the_law_refuses_and_keeps_what_was_typed(clerk):
    answer = clerk.post("/act/", {"name": "law", "note": "写了很久", "idempotency_key": "k1"})
    page = text(answer)
    assert answer.status_code == 409
    assert "考生在停考期内。" in page
    assert "停考期满之后再来。" in page
    assert "考务 第十二条" in page
    assert "写了很久" in page
    assert 'value="k1"' in page


def test_a_clerk_reads_that_the_state_is_another_now(clerk):
    assert "已经缴费，不能再改。" in text(clerk.post("/act/", {"name": "state"}))


def test_a_clerk_finds_the_fault_at_its_field_when_the_command_finds_one(clerk):
    page = text(clerk.post("/act/", {"name": "input"}))
    assert 'href="#id_name"' in page
    assert page.count("姓名里不能有数字。") == 2


def test_a_clerk_is_told_what_to_fill_in_when_it_is_missing(clerk):
    answer = clerk.post("/act/", {"note": "x"})
    assert answer.status_code == 422
    assert "请填写姓名。" in text(answer)
    assert CALLS == []


def test_a_clerk_gets_403_when_the_command_does_not_permit(clerk):
    answer = clerk.post("/act/", {"name": "post"})
    assert answer.status_code == 403
    assert "不能办理这一事项" in text(answer)


def test_a_clerk_gets_404_when_the_thing_is_not_theirs(clerk):
    answer = clerk.post("/act/", {"name": "missing"})
    assert answer.status_code == 404
    assert "没有找到" in text(answer)


def test_a_guest_signs_in_first_and_comes_back(client):
    assert client.get("/act/?a=1")["Location"] == "/sign-in/staff/?next=%2Fact%2F%3Fa%3D1"
    assert client.get("/mine/")["Location"] == "/sign-in/?next=%2Fmine%2F"
    assert client.get("/act/", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/sign-in/staff/")


def test_another_post_reads_which_post_may(client, at):
    sign_in(client, a_member_of_staff(at, Post.MARKER))
    answer = client.get("/clerks/")
    assert answer.status_code == 403
    assert "县区报名员" in text(answer)


def test_a_candidate_gets_the_404_page_in_the_candidates_shell(client, at):
    sign_in(client, a_candidates_account(at))
    answer = client.get("/mine/")
    assert answer.status_code == 404
    assert 'class="candidate"' in text(answer)


def test_the_page_of_a_thing_has_its_four_parts(clerk):
    page = text(clerk.get("/thing/"))
    assert "320102********1234" in page
    assert "200103051234" not in page
    assert "¥35.00" in page
    assert 'aria-current="step"' in page
    assert "记录到账。" in page
    assert "已经开考。" in page
    assert "办理记录" in page
    assert "盖章" not in page
    assert "还没有的页面" not in page
    assert "考生的页面" not in page
    assert '<a href="/clerks/">第七号名册</a>' in page
    assert "本人页面" in page
    assert "本人首页" not in page
    assert 'href="/mine/"' not in page, "a link that leads this reader to a refusal"


def test_the_history_of_a_thing_names_who_did_it(at):
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    (line,) = history_of(f"access.account:{account.pk}")
    assert (line.who, line.at, line.clauses) == ("系统自动", at, ("EA-10",))


def test_htmx_gets_only_the_table(clerk):
    part = text(clerk.get("/clerks/", headers={"HX-Request": "true", "HX-Target": "table"}))
    assert "考生119" in part
    assert "<html" not in part


def test_a_list_is_sorted_filtered_and_paged():
    rows = [{"n": n, "name": "甲" if n % 2 else "乙"} for n in range(100)]
    table = Table(rows, (Column("n", "序号", sortable=True),), (Filter("name", "姓名"),), size=30, order="n")
    first = page_of(table, {"name": "甲", "sort": "-n"})
    assert (first.count, first.rows[0].cells[0].value, len(first.rows)) == (50, 99, 30)
    second = page_of(table, dict(pair.split("=") for pair in first.next_query.lstrip("?").split("&")) | {"name": "甲"})
    assert [second.rows[0].cells[0].value, second.rows[-1].cells[0].value] == [39, 1]
    assert second.next_query == ""


@pytest.fixture
def accounts(at):
    Account.objects.bulk_create(
        Account(username=f"u{n:04}", name=f"甲{n % 7}", kind="staff", agency_code="32", created_at=at)
        for n in range(205)
    )
    return Account.objects.all()


def walk(table, params=None):
    """All pages of a table, following the link to the next."""
    from urllib.parse import parse_qsl

    pages, params = [], params or {}
    while True:
        page = page_of(table, params)
        pages.append([row.cells[0].value for row in page.rows])
        if not page.next_query:
            return pages, page
        params = dict(parse_qsl(page.next_query.lstrip("?")))


@pytest.mark.parametrize("sort", ["", "name", "-name", "username", "-username"])
def test_a_queryset_is_walked_without_gap_or_repeat(accounts, sort):
    table = Table(
        accounts, (Column("username", "用户名", sortable=True), Column("name", "姓名", sortable=True)), size=50
    )
    pages, _ = walk(table, {"sort": sort} if sort else {})
    seen = [value for page in pages for value in page]
    assert [len(page) for page in pages] == [50, 50, 50, 50, 5]
    assert sorted(seen) == sorted(accounts.values_list("username", flat=True))
    if "username" in sort:
        assert seen == sorted(seen, reverse=sort.startswith("-"))


def test_the_way_back_shows_the_page_before(accounts):
    from urllib.parse import parse_qsl

    table = Table(accounts, (Column("username", "用户名", sortable=True),), size=50, order="username")
    pages, last = walk(table)
    back = page_of(table, dict(parse_qsl(last.previous_query.lstrip("?"))))
    assert [row.cells[0].value for row in back.rows] == pages[-2]


def test_a_table_asks_two_statements_whatever_its_length(accounts, django_assert_num_queries):
    table = Table(accounts, (Column("username", "用户名", sortable=True),), order="username")
    with django_assert_num_queries(2):
        page_of(table, {})


@pytest.mark.parametrize("params", [{"after": "rubbish"}, {"sort": "password"}, {"before": "e30"}, {"page": "-1"}])
def test_parameters_without_sense_show_the_first_page(accounts, params):
    table = Table(accounts, (Column("username", "用户名", sortable=True),), size=50, order="username")
    assert len(page_of(table, params).rows) == 50


def test_steps_mark_the_past_the_present_and_what_is_to_come():
    assert [s.phase for s in steps_of(State, "paid", path=["new", "paid", "seated"])] == ["past", "present", "future"]
    left = steps_of(State, "gone", path=["new", "paid", "seated"])
    assert [s.phase for s in left] == ["off", "off", "off", "present"]


def test_an_action_keeps_the_first_reason_why_it_is_closed():
    closed = Action("报考", "act").given(decide("EA-12.3", False, "suspended", until=date(2026, 9, 1)))
    assert not closed.open
    assert closed.closed_clause == "EA-12.3"
    assert closed.open_if(False, "别的理由") == closed
    assert Action("报考", "act").given(granted()).open


def test_values_are_written_as_people_read_them(at):
    assert moment_text(at.astimezone(tz=None)) == "2026年8月20日 10:00"
    assert money_text(123456) == "¥1,234.56"
    assert money_text(-50) == "-¥0.50"
    assert masked("13812345678") == "138****5678"
    assert masked("王小雨") == "王**"
    assert since_text(at - timedelta(days=3, hours=1), at) == "3 天前"
    assert since_text(at + timedelta(minutes=5), at) == "还有 5 分钟"


def test_templates_draw_clauses_and_pills_and_escape_what_people_typed():
    page = Template('{% load zikao %}{% clause "EA-14" %}{% clause None %}{% pill pill %}{% show bad %}').render(
        Context({"pill": Pill.of("paid", State, {"paid": "done"}), "bad": "<b>x</b>"})
    )
    assert "考务 第十四条" in page
    assert '<span class="pill done">已缴费</span>' in page
    assert "&lt;b&gt;x" in page


class _NameForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=60)
    notes = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    secret = forms.CharField(label="密码", required=False, widget=forms.PasswordInput)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("张\u202e三", "第 2 个字是看不见的字符（U+202E）"),
        ("\u200b", "第 1 个字是看不见的字符（U+200B）"),
        ("张三\x07", "第 3 个字是控制字符（U+0007）"),
        ("张\n三", "不能换行"),
        ("𠮷㛃", ""),
        ("阿不都·卡德尔", ""),
        ("\ue000\U000313a0", ""),
        ("<script>alert(1)</script>'; --", ""),
    ],
)
def test_clerk_learns_which_character_nobody_sees(name: str, said: str) -> None:
    form = speak_plainly(_NameForm({"name": name, "notes": "第一行\r\n第二行", "secret": "a\u200bb"}))
    assert form.is_valid() == (not said)
    assert said in "".join(form.errors.get("name", []))
    assert set(form.errors) <= {"name"}
