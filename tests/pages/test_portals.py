"""The doors: public pages, coming in, being locked out, choosing a post, the work list."""

from __future__ import annotations

import importlib
import importlib.util
import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from tests.factories.accounts import PASSWORD, a_member_of_staff, an_account, appointed, sign_in
from zikao.foundation.actors import Actor, Post
from zikao.foundation.ledger.checkpoints import note_text
from zikao.foundation.ledger.models import Checkpoint
from zikao.foundation.pages import Task, Waiting, token_of, worklist
from zikao.foundation.pages.tokens import number_of_token
from zikao.portals import navigation
from zikao.portals import urls as portal_urls

pytestmark = pytest.mark.django_db

FREE = 5
"""How many wrong passwords are free (sign-in-free)."""
NOT_ON_THE_WAY = {"guest": 302, "candidate": 302, "county-clerk": 302}
EVERYBODY = {"guest": 200, "candidate": 200, "county-clerk": 200}
ROUTES = {
    "portals:home": {"guest": 302, "candidate": 302, "county-clerk": 302},
    "portals:staff-home": {"guest": 302, "candidate": 403, "county-clerk": 200, "national-officer": 200},
    "portals:candidate-home": {"guest": 302, "candidate": 200, "county-clerk": 403},
    "portals:candidate-sign-in": EVERYBODY,
    "portals:staff-sign-in": EVERYBODY,
    "portals:second-factor": NOT_ON_THE_WAY,
    "portals:enrol": NOT_ON_THE_WAY,
    "portals:enrol-passkey": NOT_ON_THE_WAY,
    "portals:new-password": NOT_ON_THE_WAY,
    "portals:go-on": NOT_ON_THE_WAY,
    "portals:sign-out": {"guest": 405, "candidate": 405, "county-clerk": 405},
    "portals:choose-post": {"guest": 302, "candidate": 302, "county-clerk": 200},
    "public:home": EVERYBODY,
    "public:rules": EVERYBODY,
    "public:timetable": EVERYBODY,
    "public:verify": EVERYBODY,
    "public:verify-token": {"kwargs": {"token": "x"}, **EVERYBODY},
    "public:verify-certificate": {"kwargs": {"token": "x"}, **EVERYBODY},
    "public:clauses": EVERYBODY,
    "public:ledger": EVERYBODY,
    "public:checkpoint": {"guest": 404, "candidate": 404},
}


@pytest.fixture
def staff(client):
    """The staff's door."""

    def sign_in(username, password=PASSWORD, **query):
        return client.post(reverse("portals:staff-sign-in", query=query), {"username": username, "password": password})

    return sign_in


def text(answer):
    return answer.content.decode()


def test_a_clerk_comes_to_the_work_list_when_the_password_is_right(staff, client, at):
    a_member_of_staff(at, Post.COUNTY_CLERK)
    answer = staff("county-clerk.320102")
    assert answer["Location"] == "/"
    page = text(client.get("/", follow=True))
    assert "等您办理" in page
    assert "县区报名员" in page


def test_a_clerk_comes_back_to_the_page_asked_for(staff, at):
    a_member_of_staff(at, Post.COUNTY_CLERK)
    assert staff("county-clerk.320102", next="/ledger/")["Location"] == "/ledger/"


def test_nobody_is_sent_to_another_site_after_signing_in(staff, at):
    a_member_of_staff(at, Post.COUNTY_CLERK)
    assert staff("county-clerk.320102", next="https://evil.example/")["Location"] == "/"


def test_a_clerk_reads_what_is_wrong_when_the_password_is_wrong(staff, at):
    a_member_of_staff(at, Post.COUNTY_CLERK)
    answer = staff("county-clerk.320102", "wrong-password")
    assert answer.status_code == 422
    assert "账号或密码不对" in text(answer)
    assert "wrong-password" not in text(answer)


def test_a_clerk_is_locked_out_with_a_message_after_too_many_wrong_passwords(staff, at):
    a_member_of_staff(at, Post.COUNTY_CLERK)
    answers = [staff("county-clerk.320102", f"wrong-{n}") for n in range(FREE)]
    locked = staff("county-clerk.320102")
    assert [each.status_code for each in answers] == [422] * (FREE - 1) + [429]
    assert locked.status_code == 429
    assert locked["Retry-After"] == "60"
    assert "暂时不能登录" in text(locked)
    assert "1 分钟" in text(locked)


def test_an_account_without_appointment_does_not_come_in(staff, client, at):
    an_account(at, "li.si")
    assert "没有生效的岗位聘任" in text(staff("li.si"))
    assert client.get("/staff/").status_code == 302


def test_a_member_of_staff_does_not_come_in_by_the_candidates_door(client, at):
    a_member_of_staff(at, Post.COUNTY_CLERK)
    answer = client.post("/sign-in/", {"username": "county-clerk.320102", "password": PASSWORD})
    assert answer.status_code == 422


def test_a_person_with_two_posts_chooses_one_and_changes_it(staff, client, at):
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    second = appointed(account, Post.INVIGILATOR, "320102", at)
    assert staff("county-clerk.320102", next="/ledger/")["Location"] == "/posts/"
    assert client.post("/posts/", {"appointment": second.pk})["Location"] == "/ledger/"
    assert "张三 · 监考员" in text(client.get("/staff/"))


def test_nobody_takes_the_appointment_of_another(client, at):
    theirs = a_member_of_staff(at, Post.PROVINCE_HEAD).appointments.get()
    sign_in(client, a_member_of_staff(at, Post.COUNTY_CLERK))
    assert client.post("/posts/", {"appointment": theirs.pk}).status_code == 404
    assert "县区报名员" in text(client.get("/staff/"))


def test_signing_out_ends_the_session(signed_in):
    client = signed_in(Post.COUNTY_CLERK)
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/staff/").status_code == 302


def test_a_form_without_its_token_is_answered_with_what_to_do(at):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/staff/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "登录已过期" in text(answer)


def test_the_work_list_shows_what_waits_for_the_post_and_nothing_else(signed_in, at, monkeypatch):
    monkeypatch.setattr(worklist, "WAITERS", {})

    @worklist.waits_for({Post.COUNTY_CLERK}, "待审核的报名", "EA-13.1")
    def registrations(actor):
        return Waiting(23, "/rules/", since=at - timedelta(days=3), due=at - timedelta(hours=1))

    @worklist.waits_for({Post.COUNTY_CLERK}, "没有的事")
    def nothing(actor):
        return Waiting(0)

    @worklist.waits_for({Post.MARKER}, "待评答卷")
    def scripts(actor):
        raise AssertionError("not asked for a clerk")

    page = text(signed_in(Post.COUNTY_CLERK).get("/staff/"))
    assert "待审核的报名" in page
    assert ">23<" in page
    assert "3 天前" in page
    assert "已过期" in page
    assert "考务 第十三条" in page
    assert "没有的事" not in page


def test_the_work_list_asks_in_one_statement_where_there_is_anything(
    signed_in, at, monkeypatch, django_assert_num_queries
):
    from zikao.foundation.access.models import Account

    monkeypatch.setattr(worklist, "WAITERS", {})
    client = signed_in(Post.COUNTY_CLERK)
    accounts = Account.objects.order_by("id")

    def waits(label, rows):
        @worklist.waits_for({Post.COUNTY_CLERK}, label)
        def asked(actor):
            yield rows
            count, first = worklist.few(rows)
            assert first, "gone on only where there is something"
            return Waiting(count, "/rules/")

    waits("有人", accounts)
    for label, rows in {"无人": accounts.filter(username="nobody"), "空集": accounts.filter(pk__in=[])}.items():
        waits(label, rows)
    actor = Actor("甲", Post.COUNTY_CLERK, "320102")
    with django_assert_num_queries(2):
        assert [(waiter.label, found.count) for waiter, found in worklist.work_of(actor)] == [("有人", 1)]
    page = text(client.get("/staff/"))
    assert ("有人" in page, "无人" in page) == (True, False)


def test_the_counts_of_the_navigation_are_new_after_an_act_and_kept_for_a_moment_otherwise(signed_in, monkeypatch):
    left = iter([3, 2, 1])
    monkeypatch.setattr(worklist, "WAITERS", {})
    worklist.waits_for({Post.PROVINCE_CLERK}, "待验收", stage="agencies")(lambda actor: Waiting(next(left)))
    client = signed_in(Post.PROVINCE_CLERK)
    assert '<span class="count">3' in text(client.get("/staff/"))
    assert '<span class="count">3' in text(client.get("/ledger/"))
    monkeypatch.setattr("zikao.portals.context.get_messages", lambda request: ["回执"])
    assert '<span class="count">2' in text(client.get("/ledger/"))


def test_the_work_list_tells_what_the_clerk_did(signed_in, at):
    client = signed_in(Post.COUNTY_CLERK)
    assert "您还没有办理过事项" in text(client.get("/staff/"))


def test_a_candidate_sees_the_next_task_first(signed_in, at, monkeypatch):
    monkeypatch.setattr(worklist, "TASKS", {})
    worklist.candidate_task("缴费", order=2)(lambda actor: Task("later"))
    worklist.candidate_task("报考课程", order=1)(lambda actor: Task("todo", "/rules/", "最多 8 门"))
    worklist.candidate_task("与此人无关", order=0)(lambda actor: None)
    page = text(signed_in(Post.CANDIDATE).get("/my/"))
    assert page.index("报考课程") < page.index("缴费")
    assert "下一步" in page
    assert "待办理" in page
    assert "与此人无关" not in page


def test_anybody_reads_the_rules_of_the_room_with_the_numbers_of_the_law(client):
    page = text(client.get("/rules/"))
    assert "开考前 30 分钟入场，迟到 15 分钟不得进入" in page
    assert "考务 附件1第二条" in page


def test_anybody_finds_a_clause_by_its_words(client):
    page = text(client.get("/clauses/", {"q": "准考证号编排"}))
    assert "EA-14" in page
    assert "EA-33" not in page


def test_anybody_reads_that_no_clause_was_found(client):
    assert "没有找到这样的条款" in text(client.get("/clauses/", {"q": "没有这个词"}))


def test_anybody_takes_the_last_checkpoint_of_the_ledger(client, at):
    note = note_text(origin=settings.ZIKAO_NODE, tree_size=17, root=b"r" * 32, signed_at=at, key_id="d3dc8de0")
    Checkpoint.objects.create(
        tree_size=17, root=b"r" * 32, signed_at=at, key_id="d3dc8de0", note=note, signature=b"signature"
    )
    page = text(client.get("/ledger/"))
    assert "最近一次检查点" in page
    assert (b"r" * 32).hex() in page
    assert text(client.get("/ledger/checkpoint.txt")) == f"{note}\n— c2lnbmF0dXJl\n"


def test_anybody_reads_that_a_certificate_is_not_there(client):
    page = text(client.get("/verify/", {"number": "65320102260000001", "name": "王小雨"}))
    assert "没有查到这张证书" in page


def test_anybody_sees_a_registered_certificate_by_number_and_name_only_together(client, at):
    from zikao.national.models import RegisteredCertificate

    RegisteredCertificate.objects.create(
        number="65320102260000001",
        name="王小雨",
        sex="女",
        id_number_sealed=b"sealed",
        id_number_index=b"index",
        major_code="050101",
        major="汉语言文学",
        level="bachelor",
        issued_on=date(2026, 6, 30),
        school="南京师范大学",
        province="32",
        registered_at=at,
    )
    page = text(client.get("/verify/", {"number": "65320102260000001", "name": "王小雨"}))
    assert "证书真实有效" in page
    assert "汉语言文学（本科）" in page
    assert "没有查到" in text(client.get("/verify/", {"number": "65320102260000001", "name": "王大雨"}))


def test_a_made_up_token_of_a_certificate_is_none():
    token = token_of("65320102260000001")
    assert number_of_token(token) == "65320102260000001"
    assert number_of_token(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    assert number_of_token("65320102260000001") is None


def test_the_centre_offers_no_door_to_candidates_because_it_registers_none(client, settings):
    settings.ZIKAO_NODE_KIND, settings.ZIKAO_NODE_CODE = "national", ""
    page = text(client.get("/welcome/"))
    assert "教育部考试中心" in page
    assert "证书查验" in page
    assert "考生登录" not in page
    assert "第一次报名" not in page


def test_a_wrong_address_gets_a_page_that_helps(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有这一页" in text(answer)


def test_our_own_fault_gets_a_page_without_database(rf, django_assert_num_queries):
    from zikao.portals.views.errors import broken

    with django_assert_num_queries(0):
        answer = broken(rf.get("/"))
    assert answer.status_code == 500
    assert "这是我们的错" in text(answer)


def test_static_files_are_kept_for_ever_under_their_digest(client):
    from zikao.foundation.pages.assets import digest_of

    fresh = client.get(reverse("pages-asset", args=[digest_of("zikao/zikao.css"), "zikao/zikao.css"]))
    stale = client.get(reverse("pages-asset", args=["0" * 16, "zikao/zikao.css"]))
    assert "immutable" in fresh["Cache-Control"]
    assert stale["Cache-Control"] == "no-cache"
    assert len(fresh.content) < 30_000
    assert client.get("/assets/x/../../settings.py").status_code == 404


def test_a_signed_in_page_is_not_kept_by_caches_and_loads_nothing_from_elsewhere(signed_in):
    answer = signed_in(Post.COUNTY_CLERK).get("/staff/")
    assert answer["Cache-Control"] == "private, no-store"
    page = text(answer)
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "<script>" not in page
    assert " style=" not in page


@pytest.mark.parametrize("package", portal_urls.ALL)
def test_every_stage_with_pages_has_links_that_lead_somewhere(package):
    label = package.rpartition(".")[2]
    pages = importlib.util.find_spec(f"{package}.urls")
    if pages is None or not hasattr(importlib.import_module(f"{package}.urls"), "staff_urls"):
        return
    links = next(links for name, _, links in navigation.STAGES if name == label)
    assert links
    assert [reverse(name) for _, name in links]


def test_every_link_of_a_candidate_leads_somewhere():
    mounted = set(get_resolver().namespace_dict) | {"portals"}
    assert [reverse(name) for _, name in navigation.CANDIDATE if name.partition(":")[0] in mounted]


def test_a_clerk_finds_only_pages_that_the_post_may_open(signed_in):
    client = signed_in(Post.COUNTY_CLERK)
    page = text(client.get("/staff/"))
    links = set(re.findall(r'href="(/staff/[^"?]+)"', page))
    assert links
    assert {url: client.get(url).status_code for url in links} == dict.fromkeys(links, 200)
