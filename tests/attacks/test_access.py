"""Ways in that must not work: guessing, locking others out, replaying, forging, riding on somebody's session."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count, islice
from time import perf_counter

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD, a_member_of_staff, appointed, sign_in, with_totp
from tests.factories.actors import clerk
from zikao.foundation import clock
from zikao.foundation.access import commands, lockout, totp
from zikao.foundation.access.models import Account, Appointment, LiveSession, SignIn, TotpDevice, Tries
from zikao.foundation.access.states import ClosingReason, SessionEnd, SignInEvent
from zikao.foundation.access.where import Where
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day

pytestmark = pytest.mark.django_db
DOOR = "/sign-in/staff/"
SECOND = "/sign-in/second/"
OFFICE = "198.51.100.7"
RUNNING = SignInEvent.CAME_IN


class Hand:
    """The node's clock, moved by the test."""

    def __init__(self, moment):
        self.moment = moment

    def on(self, **span):
        self.moment += timedelta(**span)
        return self.moment


@pytest.fixture
def hand(monkeypatch, at):
    """The node's clock stands at `at` until it is moved."""
    cache.clear()
    standing = Hand(at)
    monkeypatch.setattr(clock, "now", lambda: standing.moment)
    return standing


@pytest.fixture
def custodian(hand, at):
    """The score officer with dynamic codes; `.secret` is theirs."""
    account = a_member_of_staff(at, Post.SCORE_OFFICER)
    account.secret = with_totp(account, at)
    return account


def from_(address, **more):
    return Client(REMOTE_ADDR=address, **more)


def knock(client, username, password=PASSWORD, **query):
    return client.post(reverse("portals:staff-sign-in", query=query), {"username": username, "password": password})


def show_code(client, account, moment, steps=0):
    return client.post(SECOND, {"code": totp.code_at(account.secret, moment, steps=steps)})


def comes_in(client, account, moment):
    """Password and code at a door; whether the person is in then."""
    knock(client, account.username)
    show_code(client, account, moment)
    return client.get("/staff/").status_code == 200


def strangers():
    """Addresses of a botnet, each used once."""
    return (f"10.{n // 65536}.{n // 256 % 256}.{n % 256}" for n in count(1))


def test_custodian_comes_in_while_a_thousand_addresses_hammer_the_name(custodian, hand):
    """A thousand addresses that guess at a name lock its owner out neither at the known nor at a new device."""
    usual = from_(OFFICE)
    assert comes_in(usual, custodian, hand.moment)
    usual.post("/sign-out/")
    addresses = list(islice(strangers(), 1000))
    hand.on(seconds=90)
    for address in addresses[:970]:  # what the door does before it looks at a password
        assert not lockout.knock(lockout.password_counters(custodian.username, Where(address)), hand.moment)
    answers = [knock(from_(each), custodian.username, "guess").status_code for each in addresses[970:]]
    assert set(answers) == {422}
    assert Tries.objects.filter(kind="pair").count() == 1000
    assert Tries.objects.get(kind="account").failures == 1000
    assert comes_in(usual, custodian, hand.moment)
    usual.post("/sign-out/")
    hand.on(seconds=90)
    fresh = from_("192.0.2.44")
    assert comes_in(fresh, custodian, hand.moment), "a device never seen before comes in as well"


def test_custodian_at_a_known_device_is_not_held_up_by_guesses_from_the_same_address(custodian, hand):
    """Guesses make their address wait, but not the device there with which the owner came in before."""
    usual = from_(OFFICE)
    assert comes_in(usual, custodian, hand.moment)
    usual.post("/sign-out/")
    colleague = from_(OFFICE)
    for _ in range(8):
        last = knock(colleague, custodian.username, "guess")
    assert last.status_code == 429
    hand.on(seconds=90)
    assert comes_in(usual, custodian, hand.moment)


def test_attacker_waits_longer_and_longer_at_one_address(custodian, hand):
    """An address that asks every five minutes for six hours has fewer than 24 of 72 passwords looked at."""
    thief = from_("203.0.113.9")
    tried = 0
    for _ in range(6 * 12):
        tried += knock(thief, custodian.username, f"guess-{tried}").status_code == 422
        hand.on(minutes=5)
    assert tried == 4, "in six hours of asking every five minutes nothing but the free guesses is answered in vain"
    assert SignIn.objects.filter(event=SignInEvent.WRONG_PASSWORD).count() < 24


def test_attacker_with_many_addresses_has_fewer_free_guesses_at_each(custodian, hand):
    """After twenty strange addresses have guessed at a name, the next one waits after a single guess."""
    addresses = strangers()
    for _ in range(20):
        knock(from_(next(addresses)), custodian.username, "guess")
    bot = from_(next(addresses))
    answers = [knock(bot, custodian.username, "guess").status_code for _ in range(3)]
    assert answers == [422, 429, 429]


def test_spraying_one_password_over_many_names_is_stopped_by_address(hand, at):
    """An address waits after 49 wrong answers over as many names; another address is not held up."""
    victim = a_member_of_staff(at, Post.COUNTY_CLERK)
    sprayer = from_("203.0.113.9")
    answers = [knock(sprayer, f"name.{n}", "Spring-2026").status_code for n in range(60)]
    assert answers.count(422) == 49
    assert answers[-1] == 429
    assert knock(sprayer, victim.username).status_code == 429
    assert knock(from_(OFFICE), victim.username).status_code == 302


def test_many_guesses_at_once_do_not_slip_past_the_count(custodian, hand):
    """Each is counted before the password is looked at: the sixth never reaches it."""
    from zikao.foundation.access import lockout
    from zikao.foundation.access.where import Where

    counters = lockout.password_counters(custodian.username, Where("203.0.113.9"))
    answers = [bool(lockout.knock(counters, hand.moment)) for _ in range(100)]
    assert answers.count(False) == 5


def test_forged_device_cookie_is_a_stranger(custodian, hand):
    """The door counts tries with a forged device cookie against name and address, not against a device."""
    name = django_settings.ZIKAO_DEVICE_COOKIE
    usual = from_(OFFICE)
    assert comes_in(usual, custodian, hand.moment)
    real = usual.cookies[name].value
    thief = from_("203.0.113.9")
    for forged in ("{}", real[:-2] + "xx", "eyJhIjoiYiJ9:1:2"):
        thief.cookies[name] = forged
        knock(thief, custodian.username, "guess")
    assert Tries.objects.filter(kind="device").count() == 0
    assert Tries.objects.get(kind="pair").failures == 3


def test_stolen_device_cookie_locks_that_device_and_nothing_else(custodian, hand):
    """Wrong guesses with a stolen device cookie do not keep the owner from coming in without it."""
    usual = from_(OFFICE)
    assert comes_in(usual, custodian, hand.moment)
    usual.post("/sign-out/")
    thief = from_("203.0.113.9")
    thief.cookies.update(usual.cookies)
    for _ in range(7):
        knock(thief, custodian.username, "guess")
    hand.on(seconds=90)
    assert comes_in(from_(OFFICE), custodian, hand.moment)


def test_password_alone_opens_nothing(custodian, hand):
    """After the password alone every page sends a custodian back to the second factor; no session is made."""
    client = from_(OFFICE)
    assert knock(client, custodian.username)["Location"] == SECOND
    for page in ("/staff/", reverse("accounts:own"), reverse("results:list"), "/posts/"):
        assert client.get(page).status_code == 302
    assert not LiveSession.objects.exists()
    assert client.get("/sign-in/enrol/")["Location"] == SECOND, "no second authenticator beside the first"
    assert client.post("/sign-in/enrol/", {"code": "1"})["Location"] == SECOND
    assert client.get("/sign-in/go-on/")["Location"] == SECOND


def test_who_must_have_a_factor_gets_to_its_enrolment_and_nowhere_else(hand, at):
    """A head of records without a second factor is sent from every page to its enrolment."""
    account = a_member_of_staff(at, Post.RECORDS_HEAD)
    client = from_(OFFICE)
    assert knock(client, account.username, next="/staff/results/")["Location"] == "/sign-in/enrol/"
    assert client.get("/staff/").status_code == 302
    assert client.get("/sign-in/go-on/")["Location"] == "/sign-in/enrol/"
    assert client.get("/sign-in/password/")["Location"] == "/sign-in/enrol/"


def test_the_way_in_ends_with_its_time_and_with_a_new_password(custodian, hand):
    """A right code is sent back to the door eleven minutes after the password or once that has changed."""
    slow, robbed = from_(OFFICE), from_(OFFICE)
    knock(slow, custodian.username)
    knock(robbed, custodian.username)
    hand.on(minutes=9)
    Account.objects.filter(pk=custodian.pk).update(password="argon2$changed")
    assert show_code(robbed, custodian, hand.moment)["Location"] == DOOR
    hand.on(minutes=2)
    assert show_code(slow, custodian, hand.moment)["Location"] == DOOR
    assert not LiveSession.objects.exists()


def test_a_session_key_planted_before_sign_in_is_worth_nothing_after(custodian, hand):
    """The session key changes at password and at code: the earlier ones open nothing and carry nothing over."""
    victim = from_(OFFICE)
    victim.get(DOOR)
    session = victim.session
    session["planted"] = True
    session.save()
    victim.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    planted, thief = session.session_key, from_("203.0.113.9")
    knock(victim, custodian.username)
    halfway = victim.session.session_key
    show_code(victim, custodian, hand.moment)
    assert victim.get("/staff/").status_code == 200
    assert len({planted, halfway, victim.session.session_key}) == 3
    assert "planted" not in victim.session
    for known in (planted, halfway):
        thief.cookies[django_settings.SESSION_COOKIE_NAME] = known
        assert thief.get("/staff/").status_code == 302


@pytest.mark.parametrize("page", [DOOR, "/sign-in/", SECOND, "/sign-in/enrol/", "/sign-in/password/", "/sign-out/"])
def test_another_site_cannot_post_to_the_doors(page, custodian, hand):
    """The doors answer 403 to a post without their token, make no session and count no try."""
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR=OFFICE)
    answer = client.post(page, {"username": custodian.username, "password": PASSWORD, "code": "1"})
    assert answer.status_code == 403
    assert not LiveSession.objects.exists()
    assert not Tries.objects.exists(), "and what it sends is not counted against anybody"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\thttps://evil.example",
    ],
)
def test_next_leads_nowhere_but_here(target, custodian, hand):
    """After sign-in the door ignores a next address that leads to another site or is a script."""
    client = from_(OFFICE)
    knock(client, custodian.username, next=target)
    assert show_code(client, custodian, hand.moment)["Location"] == "/"


def plain(answer):
    return re.sub(rb'value="[^"]*"|csrf[^"]*|datetime="[^"]*"', b"", answer.content)


def test_the_door_does_not_tell_whether_a_name_exists(custodian, hand):
    """The door answers a wrong password and an unknown name with the same page and the same waits."""
    real = [knock(from_("203.0.113.1"), custodian.username, "guess") for _ in range(6)]
    none = [knock(from_("203.0.113.2"), "nobody.here", "guess") for _ in range(6)]
    assert [each.status_code for each in real] == [each.status_code for each in none]
    client, other = from_("203.0.113.3"), from_("203.0.113.4")
    one, two = knock(client, custodian.username, "guess"), knock(other, "nobody.here", "guess")
    assert plain(one) == plain(two)


def test_the_door_takes_as_long_for_a_name_that_nobody_has(custodian, hand):
    """The time of the answer for an unknown name is of the order of that for a known one."""

    def best(username):
        times = []
        for n in range(4):
            client = from_(f"203.0.113.{n + 10}")
            begun = perf_counter()
            knock(client, username, "guess")
            times.append(perf_counter() - begun)
        return min(times)

    best(custodian.username)
    ratio = best(custodian.username) / best("nobody.here")
    assert 0.4 < ratio < 2.5


def test_the_newer_session_of_a_custodian_ends_the_older_and_says_from_where(custodian, hand):
    """A custodian's second sign-in ends the first, whose next page tells the newer address and browser."""
    office, thief = from_(OFFICE), from_("203.0.113.9", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    assert comes_in(office, custodian, hand.moment)
    hand.on(minutes=2)
    assert comes_in(thief, custodian, hand.moment)
    assert office.get("/staff/").status_code == 302
    page = office.get(DOOR).content.decode()
    assert "在别处登录" in page
    assert "203.0.113.9" in page
    assert "Firefox Windows" in page
    assert LiveSession.objects.get(ended_at__isnull=False).ended_because == SessionEnd.NEWER


def test_a_clerk_may_sit_at_two_desks(hand, at):
    """A county clerk, who is no custodian, keeps two sessions at once."""
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    desks = from_(OFFICE), from_("198.51.100.8")
    for desk in desks:
        knock(desk, account.username)
    assert [desk.get("/staff/").status_code for desk in desks] == [200, 200]


@pytest.mark.parametrize(
    ("deed", "because"),
    [
        ("appointment ends", SessionEnd.NO_POST),
        ("closed", SessionEnd.CLOSED),
        ("password reset", SessionEnd.PASSWORD),
        ("idle", SessionEnd.IDLE),
        ("long", SessionEnd.TOO_LONG),
        ("made a marker", SessionEnd.FACTOR),
    ],
)
def test_what_ends_access_ends_a_running_session_at_the_next_request(deed, because, hand, at):
    """Loss of post, account, password, time or factor ends a session at its next request and is noted."""
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    client = from_(OFFICE)
    knock(client, account.username)
    assert client.get("/staff/").status_code == 200
    if deed == "appointment ends":
        held, security = account.appointments.get(), clerk(Post.SECURITY_ADMIN)
        commands.end_appointment(appointment_id=held.pk, until_on=local_day(at), by=security, at=at)
    elif deed == "closed":
        commands.close_account(account_id=account.pk, reason=ClosingReason.LOST, by=clerk(Post.SYSTEM_ADMIN), at=at)
    elif deed == "password reset":
        new = "chang-jiang-ba-hao-2"
        commands.reset_password(account_id=account.pk, new_password=new, by=clerk(Post.SYSTEM_ADMIN), at=at)
    elif deed == "made a marker":
        appointed(account, Post.MARKER, "320102", at)
    elif deed == "idle":
        hand.on(minutes=60)
    else:
        for _ in range(12 * 60 // 50 + 1):
            hand.on(minutes=50)
            last = client.get("/staff/")
        assert last.status_code == 302
    assert client.get("/staff/").status_code == 302
    assert client.post(reverse("accounts:change-password"), {}).status_code == 302
    assert LiveSession.objects.get().ended_because == because
    assert SignIn.objects.filter(event=SignInEvent.ENDED).count() == 1


def test_a_copied_cookie_dies_with_the_sign_out(custodian, hand):
    """A copied session cookie opens no page once its owner has signed out."""
    victim, thief = from_(OFFICE), from_("203.0.113.9")
    assert comes_in(victim, custodian, hand.moment)
    thief.cookies.update(victim.cookies)
    assert thief.get("/staff/").status_code == 200
    victim.post("/sign-out/")
    assert thief.get("/staff/").status_code == 302


def test_a_session_row_taken_from_the_database_opens_nothing(custodian, hand):
    """The journal and the list of sessions keep a digest: who reads them has no key."""
    client = from_(OFFICE)
    assert comes_in(client, custodian, hand.moment)
    digest = bytes(LiveSession.objects.get().key_digest).hex()
    assert client.session.session_key.encode() not in bytes(LiveSession.objects.get().key_digest)
    thief = from_("203.0.113.9")
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = digest
    assert thief.get("/staff/").status_code == 302


def test_a_wrong_old_password_counts_and_then_waits(hand, at):
    """The page to change a password makes a guesser of the old one wait and leaves the password as it was."""
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    client = sign_in(from_(OFFICE), account)
    wish = {"old_password": "guess", "new_password": "chang-jiang-ba-hao-2", "again": "chang-jiang-ba-hao-2"}
    answers = [client.post(reverse("accounts:change-password"), wish).status_code for _ in range(6)]
    assert answers == [422] * 4 + [429] * 2
    assert client.post(reverse("accounts:change-password"), wish | {"old_password": PASSWORD}).status_code == 429
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_nobody_ends_the_session_of_another(custodian, hand, at):
    """Ending another account's session is 404 to a clerk, and the session goes on."""
    victim = from_(OFFICE)
    assert comes_in(victim, custodian, hand.moment)
    thief = sign_in(from_("203.0.113.9"), a_member_of_staff(at, Post.COUNTY_CLERK))
    theirs = LiveSession.objects.get(account=custodian)
    assert thief.post(reverse("accounts:end-session", args=[theirs.pk])).status_code == 404
    assert victim.get("/staff/").status_code == 200


@pytest.mark.parametrize("since", [0, 10, 400])
@pytest.mark.parametrize("other", [Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN])
def test_no_future_appointment_makes_one_person_two_administrators(since, other, at):
    """An exclusion constraint refuses an auditor a present or future second post as administrator."""
    account = a_member_of_staff(at, Post.AUDITOR, "32")
    day = local_day(at) + timedelta(days=since)
    with pytest.raises(IntegrityError, match="access_administrators_apart"), transaction.atomic():
        Appointment.objects.create(account=account, post=other, agency_code="3201", since_on=day)
    stranger = a_member_of_staff(at, other, "3205")
    with pytest.raises(IntegrityError, match="access_administrators_apart"), transaction.atomic():
        stranger.appointments.update(account=account)


def test_answers_of_the_doors_carry_their_guards(custodian, hand, settings):
    """The doors send no-store, frame, HSTS, script and permission headers; the device cookie is HttpOnly."""
    settings.SECURE_HSTS_SECONDS = 3600
    client = from_(OFFICE)
    knock(client, custodian.username)
    answer = client.get(SECOND)
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Strict-Transport-Security"].startswith("max-age=3600")
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "publickey-credentials-get=(self)" in answer["Permissions-Policy"]
    assert re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", answer.content.decode()) is None
    cookie = show_code(client, custodian, hand.moment).cookies[django_settings.ZIKAO_DEVICE_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/sign-in/"
    assert TotpDevice.objects.get().last_step > 0
