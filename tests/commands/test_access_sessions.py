"""Passwords by profile, patience after failures, sessions, the journal."""

from __future__ import annotations

import runpy
from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from tests.factories.accounts import PASSWORD, a_candidates_account, a_member_of_staff, an_account
from tests.factories.actors import clerk
from zikao.foundation.access import commands, lockout, password_rules, passwords
from zikao.foundation.access.models import Account, OldPassword, SignIn, Tries
from zikao.foundation.access.queries import actor_of
from zikao.foundation.access.states import SignInEvent
from zikao.foundation.access.where import Where, address_of, network_of
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput

pytestmark = pytest.mark.django_db
THIEF, OFFICE = Where("203.0.113.9"), Where("198.51.100.7")


def changed(account, at, old, new):
    by = actor_of(account, at)
    return commands.change_password(old_password=old, new_password=new, by=by, at=at)


@pytest.mark.parametrize(
    ("profile", "password", "code"),
    [
        ("dengbao", "cheng-shi-9", None),
        ("dengbao", "Cheng-sh9", "password-too-short"),
        ("dengbao", "chengshixinyong", "password-too-plain"),
        ("dengbao", "1234567890123", "password-common"),
        ("dengbao", "Zhang.San-2026", "password-holds-name"),
        ("dengbao", "张三-Cheng-2026", "password-holds-name"),
        ("asvs", "chengshixinyong", None),
        ("asvs", "cheng-shi-9", "password-too-short"),
        ("asvs", "aaaaaaaaaaaaaaaa", "password-common"),
        ("asvs", "c" * 60 + "hengshi " * 10, "password-too-long"),
    ],
)
def test_a_new_password_fits_the_nodes_profile(profile, password, code, settings, at):
    settings.ZIKAO_PASSWORD_PROFILE = profile
    found = password_rules.judge(password, an_account(at), at)
    assert [each.code for each in found.refusals if each.code == code] == ([code] if code else [])
    assert found.granted == (code is None)


def test_a_candidates_password_needs_length_only(at):
    assert password_rules.judge("chengshixin", a_candidates_account(at), at).granted
    assert not password_rules.judge("chengshi9", None, at).granted


@pytest.mark.parametrize("profile", ["dengbao", "asvs"])
def test_the_password_that_a_new_node_tells_fits_every_profile(profile, settings, at):
    settings.ZIKAO_PASSWORD_PROFILE = profile
    made = {password_rules.new_password() for _ in range(50)}
    account = an_account(at)
    assert len(made) == 50
    assert all(password_rules.judge(each, account, at).granted for each in list(made)[:5])


def test_nobody_returns_to_one_of_the_last_five_passwords(at):
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    words = [PASSWORD, *(f"chang-jiang-ba-hao-{n}" for n in range(2, 7))]
    for n, (old, new) in enumerate(pairwise(words)):
        changed(account, at + timedelta(days=n), old, new)
    later = at + timedelta(days=9)
    for used in words[1:]:
        with pytest.raises(BadInput) as refused:
            changed(account, later, words[-1], used)
        assert "new_password" in refused.value.field_errors
    changed(account, later, words[-1], PASSWORD)
    assert OldPassword.objects.filter(account=account, hash__startswith="argon2").count() == 6


def test_a_node_hashes_with_the_factors_that_its_room_names():
    # the class itself is made cheap for tests (conftest), so its source is read anew
    source = runpy.run_path(passwords.__file__)["Argon2"]
    assert (source.time_cost, source.memory_cost, source.parallelism) == (2, 19_456, 1)
    assert settings.PASSWORD_HASHERS[0] == "zikao.foundation.access.passwords.Argon2"


def test_a_password_set_by_somebody_else_is_due_and_an_own_one_is_not(at):
    from zikao.foundation.actors import node_actor

    opened = commands.open_account(
        username="li.si", name="李四", password=PASSWORD, agency_code="32", by=node_actor(), at=at
    ).value
    assert [each.code for each in password_rules.due(opened, at).refusals] == ["password-initial"]
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    assert password_rules.due(account, at).granted
    commands.reset_password(
        account_id=account.pk, new_password="chang-jiang-ba-hao-2", by=clerk(Post.SYSTEM_ADMIN), at=at
    )
    assert not password_rules.due(Account.objects.get(pk=account.pk), at).granted
    changed(account, at, "chang-jiang-ba-hao-2", "chang-jiang-ba-hao-3")
    assert password_rules.due(Account.objects.get(pk=account.pk), at).granted


@pytest.mark.parametrize(
    ("profile", "days", "due"), [("dengbao", 89, False), ("dengbao", 90, True), ("asvs", 900, False)]
)
def test_a_password_grows_old_only_where_the_profile_says_so(profile, days, due, settings, at):
    settings.ZIKAO_PASSWORD_PROFILE = profile
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    assert password_rules.due(account, at + timedelta(days=days)).granted != due


def fail(username, where, at, times=1):
    """Tries that fail; the last answer."""
    return [lockout.knock(lockout.password_counters(username, where), at) for _ in range(times)][-1]


def test_five_failures_are_free_and_then_the_wait_doubles(at):
    assert not fail("li.si", THIEF, at, 5)
    waits, moment = [], at
    for _ in range(8):
        wait = fail("li.si", THIEF, moment)
        waits.append(wait.seconds)
        moment += timedelta(seconds=wait.seconds)
        assert not fail("li.si", THIEF, moment)
    assert waits == [60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_a_wait_is_told_to_the_journal_once(at):
    fail("li.si", THIEF, at, 5)
    assert [fail("li.si", THIEF, at).first for _ in range(3)] == [True, False, False]


def test_a_success_begins_the_own_count_anew_and_leaves_what_is_shared(at):
    fail("li.si", THIEF, at, 4)
    lockout.welcome(lockout.password_counters("li.si", THIEF))
    assert not fail("li.si", THIEF, at, 5)
    shared = {row.kind: row.failures for row in Tries.objects.all()}
    assert shared == {"address": 8, "account": 8, "pair": 5}


def test_an_hour_without_a_failure_is_forgotten(at):
    fail("li.si", THIEF, at, 5)
    later = at + timedelta(minutes=61)
    assert not fail("li.si", THIEF, later, 5)
    assert lockout.forget_old(later + timedelta(minutes=61)) == 3
    assert not Tries.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "10.0.0.2", False),
    ],
)
def test_one_place_is_an_address_or_a_network_of_the_new_kind(one, other, same):
    assert (network_of(one) == network_of(other)) == same


@pytest.mark.parametrize(
    ("peer", "named", "found"),
    [
        ("10.1.1.1", "203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "203.0.113.9, 10.1.1.2", "203.0.113.9"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("203.0.113.9", "1.1.1.1", "203.0.113.9"),
    ],
)
def test_only_a_trusted_proxy_says_where_somebody_comes_from(peer, named, found, settings):
    settings.ZIKAO_PROXIES = frozenset({"10.1.1.1", "10.1.1.2"})
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": named})
    assert address_of(request) == found


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE access_signin SET event = 'came-in'",
        "DELETE FROM access_signin",
        "TRUNCATE access_signin",
    ],
)
def test_the_journal_only_grows(deed, at):
    SignIn.objects.create(at=at, event=SignInEvent.WRONG_PASSWORD)
    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed)
    assert SignIn.objects.count() == 1
