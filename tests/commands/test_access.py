"""Accounts and appointments: who may, in which state, and what the database refuses to anybody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD, a_candidates_account, a_member_of_staff, an_account, appointed
from tests.factories.actors import clerk, the_node
from zikao.foundation.access import commands
from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.queries import actor_of, appointments_in_effect
from zikao.foundation.access.states import ClosingReason
from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, WrongState
from zikao.foundation.ledger.models import Line

pytestmark = pytest.mark.django_db

SYSTEM, SECURITY = clerk(Post.SYSTEM_ADMIN), clerk(Post.SECURITY_ADMIN)
ADMINISTRATORS = (Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR)
STRANGER = "33"


def opened(at, by=SYSTEM, **more):
    given = {"username": "li.si", "name": "李四", "password": PASSWORD, "agency_code": "3201"}
    return commands.open_account(**(given | more), by=by, at=at).value


def in_post(account, at):
    actor = actor_of(account, at)
    assert actor is not None
    return actor


def acts():
    """Every command on somebody else's account, as (name, posts, call)."""
    return [
        ("open", {Post.SYSTEM_ADMIN}, lambda by, at, account: opened(at, by, username="wang.wu")),
        (
            "close",
            {Post.SYSTEM_ADMIN},
            lambda by, at, account: commands.close_account(
                account_id=account.pk, reason=ClosingReason.LEFT, by=by, at=at
            ),
        ),
        (
            "reset",
            {Post.SYSTEM_ADMIN},
            lambda by, at, account: commands.reset_password(
                account_id=account.pk, new_password="chang-jiang-ba-hao-2", by=by, at=at
            ),
        ),
        (
            "appoint",
            {Post.SECURITY_ADMIN},
            lambda by, at, account: commands.appoint(
                account_id=account.pk, post=Post.MARKER, agency_code="3201", since_on=local_day(at), by=by, at=at
            ),
        ),
        (
            "end",
            {Post.SECURITY_ADMIN},
            lambda by, at, account: commands.end_appointment(
                appointment_id=account.appointments.get().pk, until_on=local_day(at), by=by, at=at
            ),
        ),
    ]


@pytest.mark.parametrize("post", sorted(STAFF_POSTS))
@pytest.mark.parametrize("act", acts(), ids=lambda act: act[0])
def test_only_the_administrator_whose_task_it_is_does_it(act, post, at):
    _, posts, call = act
    account = opened(at, the_node())
    appointed(account, Post.PREFECTURE_CLERK, "3201", at)
    before = (Line.objects.count(), Account.objects.count(), Appointment.objects.count())
    if post in posts:
        call(clerk(post), at, account)
        assert Line.objects.count() == before[0] + 1
        return
    with pytest.raises(NotPermitted):
        call(clerk(post), at, account)
    assert (Line.objects.count(), Account.objects.count(), Appointment.objects.count()) == before


@pytest.mark.parametrize("act", acts(), ids=lambda act: act[0])
def test_an_administrator_of_another_province_finds_nothing(act, at):
    _, posts, call = act
    account = opened(at, the_node())
    appointed(account, Post.PREFECTURE_CLERK, "3201", at)
    with pytest.raises(NotFound):
        call(clerk(next(iter(posts)), STRANGER), at, account)


@pytest.mark.parametrize("act", acts()[1:4], ids=lambda act: act[0])
def test_a_closed_account_stays_as_it_is(act, at):
    _, posts, call = act
    account = opened(at)
    commands.close_account(account_id=account.pk, reason=ClosingReason.MISTAKE, by=SYSTEM, at=at)
    with pytest.raises(WrongState):
        call(clerk(next(iter(posts))), at, account)


@pytest.mark.parametrize("password", ["short-1", "1234567890123", "password1234"])
def test_a_weak_password_is_refused_when_the_account_is_opened(password, at):
    with pytest.raises(BadInput) as refused:
        opened(at, password=password)
    assert "password" in refused.value.field_errors
    assert not Account.objects.exists()


def test_a_name_taken_is_refused(at):
    opened(at)
    with pytest.raises(Conflict):
        opened(at)
    assert Account.objects.count() == 1


@pytest.mark.parametrize("held", ADMINISTRATORS)
@pytest.mark.parametrize("wanted", ADMINISTRATORS)
def test_nobody_holds_two_of_the_three_administrators_posts(held, wanted, at):
    account = opened(at)
    appointed(account, held, "32", at)
    if held == wanted:
        return
    with pytest.raises(Conflict, match="administrators-apart"):
        commands.appoint(
            account_id=account.pk, post=wanted, agency_code="32", since_on=local_day(at), by=SECURITY, at=at
        )
    assert account.appointments.count() == 1


@pytest.mark.parametrize("since_on", [date(2026, 8, 20), date(2026, 8, 29), date(2026, 8, 30)])
def test_a_post_of_an_administrator_is_free_for_its_holder_from_the_day_the_other_ends(since_on, at):
    account = opened(at)
    given = {"account_id": account.pk, "agency_code": "32", "by": SECURITY, "at": at}
    commands.appoint(post=Post.AUDITOR, since_on=date(2026, 8, 1), until_on=date(2026, 8, 30), **given)
    if since_on == date(2026, 8, 30):
        assert commands.appoint(post=Post.SYSTEM_ADMIN, since_on=since_on, **given).line_id
        return
    with pytest.raises(Conflict, match="administrators-apart"):
        commands.appoint(post=Post.SYSTEM_ADMIN, since_on=since_on, **given)


@pytest.mark.parametrize("other", ADMINISTRATORS[1:])
@pytest.mark.parametrize("how", ["insert", "update", "lengthen"])
def test_the_database_refuses_one_person_two_administrators_posts(other, how, at):
    account = opened(at)
    day = date(2026, 8, 20)
    Appointment.objects.create(account=account, post=Post.SYSTEM_ADMIN, agency_code="32", since_on=day)
    second = {"account": account, "agency_code": "3201", "since_on": day - timedelta(days=9), "until_on": day}
    kept = Appointment.objects.create(**second, post=Post.MARKER if how == "update" else other)
    rows = Appointment.objects.filter(pk=kept.pk)
    deeds = {
        "insert": lambda: Appointment.objects.create(**{**second, "since_on": day, "until_on": None}, post=other),
        "update": lambda: rows.update(post=other, until_on=None),
        "lengthen": lambda: rows.update(until_on=day + timedelta(days=1)),
    }
    with pytest.raises(IntegrityError, match="access_administrators_apart"), transaction.atomic():
        deeds[how]()


def test_the_database_lets_two_people_be_administrators_and_one_person_be_one_in_two_agencies(at):
    first, second = opened(at), opened(at, username="wang.wu")
    day = local_day(at)
    Appointment.objects.create(account=first, post=Post.AUDITOR, agency_code="32", since_on=day)
    Appointment.objects.create(account=first, post=Post.AUDITOR, agency_code="3201", since_on=day)
    Appointment.objects.create(account=first, post=Post.MARKER, agency_code="32", since_on=day)
    Appointment.objects.create(account=second, post=Post.SYSTEM_ADMIN, agency_code="32", since_on=day)
    assert Appointment.objects.count() == 4


def test_nobody_appoints_or_ends_or_closes_themselves(at):
    security = a_member_of_staff(at, Post.SECURITY_ADMIN, "32")
    system = a_member_of_staff(at, Post.SYSTEM_ADMIN, "32")
    me, keeper = in_post(security, at), in_post(system, at)
    with pytest.raises(NotPermitted, match="own-account"):
        commands.appoint(
            account_id=security.pk, post=Post.MARKER, agency_code="32", since_on=local_day(at), by=me, at=at
        )
    with pytest.raises(NotPermitted, match="own-account"):
        commands.end_appointment(appointment_id=me.appointment_id, until_on=local_day(at), by=me, at=at)
    with pytest.raises(NotPermitted, match="own-account"):
        commands.close_account(account_id=system.pk, reason=ClosingReason.LEFT, by=keeper, at=at)


@pytest.mark.parametrize("post", [Post.SECURITY_ADMIN, Post.AUDITOR])
def test_the_keeper_of_accounts_does_not_remove_or_impersonate_those_who_watch(post, at):
    watcher = a_member_of_staff(at, post, "32")
    keeper = in_post(a_member_of_staff(at, Post.SYSTEM_ADMIN, "32"), at)
    with pytest.raises(WrongState, match="watcher-in-post"):
        commands.close_account(account_id=watcher.pk, reason=ClosingReason.MISUSED, by=keeper, at=at)
    with pytest.raises(NotPermitted, match="watchers-password"):
        commands.reset_password(account_id=watcher.pk, new_password="chang-jiang-ba-hao-2", by=keeper, at=at)
    watcher.refresh_from_db()
    assert watcher.is_active
    assert watcher.check_password(PASSWORD)


def test_a_closed_account_is_out_at_once_and_cannot_come_in(client, at, frozen):
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    client.post(reverse("portals:staff-sign-in"), {"username": account.username, "password": PASSWORD})
    assert client.get("/staff/").status_code == 200
    commands.close_account(account_id=account.pk, reason=ClosingReason.LOST, by=SYSTEM, at=at)
    assert client.get("/staff/").status_code == 302
    answer = client.post(reverse("portals:staff-sign-in"), {"username": account.username, "password": PASSWORD})
    assert answer.status_code == 422


def test_an_ended_appointment_ends_access_at_once(client, at, frozen):
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    client.post(reverse("portals:staff-sign-in"), {"username": account.username, "password": PASSWORD})
    assert client.get("/staff/").status_code == 200
    held = account.appointments.get()
    commands.end_appointment(appointment_id=held.pk, until_on=local_day(at), by=SECURITY, at=at)
    assert client.get("/staff/").status_code == 302
    assert not appointments_in_effect(account, at).exists()


@pytest.mark.parametrize("days", [-1, 0, 9, 10, 11])
def test_the_mechanism_refuses_an_appointment_that_is_not_in_effect(days, at):
    account = opened(at)
    since_on = local_day(at)
    held = Appointment.objects.create(
        account=account, post=Post.SYSTEM_ADMIN, agency_code="32", since_on=since_on, until_on=date(2026, 8, 30)
    )
    me = Actor("李四", Post.SYSTEM_ADMIN, "32", account_id=account.pk, appointment_id=held.pk)
    when, lines = at + timedelta(days=days), Line.objects.count()
    if 0 <= days < 10:
        assert opened(when, me, username="zhao.liu").pk
        return
    with pytest.raises(NotPermitted, match="appointment-not-in-effect"):
        opened(when, me, username="zhao.liu")
    assert Line.objects.count() == lines


def test_the_mechanism_refuses_an_appointment_of_another_account(at):
    theirs = a_member_of_staff(at, Post.SYSTEM_ADMIN, "32").appointments.get()
    me = Actor("李四", Post.SYSTEM_ADMIN, "32", account_id=an_account(at).pk, appointment_id=theirs.pk)
    with pytest.raises(NotPermitted, match="appointment-not-in-effect"):
        opened(at, me)


def test_a_fixed_term_is_shortened_and_never_lengthened_or_ended_in_the_past(at):
    account = opened(at)
    held = Appointment.objects.create(
        account=account, post=Post.MARKER, agency_code="32", since_on=date(2026, 8, 1), until_on=date(2026, 9, 1)
    )

    def end(until_on):
        return commands.end_appointment(appointment_id=held.pk, until_on=until_on, by=SECURITY, at=at)

    for wrong in (date(2026, 8, 19), date(2026, 9, 2)):
        with pytest.raises(BadInput):
            end(wrong)
    end(date(2026, 8, 20))
    with pytest.raises(WrongState):
        end(date(2026, 8, 20))


def test_an_owner_changes_the_password_with_the_old_one(at):
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    me = in_post(account, at)
    commands.change_password(old_password=PASSWORD, new_password="chang-jiang-ba-hao-2", by=me, at=at)
    account.refresh_from_db()
    assert account.check_password("chang-jiang-ba-hao-2")
    line = Line.objects.get(command="access.password-changed")
    assert line.facts == {"account": account.pk}
    assert (line.before, line.after) == (None, None)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong-password-1", "chang-jiang-ba-hao-2", "old_password"),
        (PASSWORD, PASSWORD, "new_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, "county-clerk.320102", "new_password"),
    ],
)
def test_a_wrong_or_weak_password_changes_nothing(old, new, field, at):
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    with pytest.raises(BadInput) as refused:
        commands.change_password(old_password=old, new_password=new, by=in_post(account, at), at=at)
    assert set(refused.value.field_errors) == {field}
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_a_candidate_changes_their_own_password(at):
    account = a_candidates_account(at)
    account.set_password(PASSWORD)
    account.save()
    me = in_post(account, at)
    commands.change_password(old_password=PASSWORD, new_password="chang-jiang-ba-hao-2", by=me, at=at)
    account.refresh_from_db()
    assert account.check_password("chang-jiang-ba-hao-2")


def test_the_node_has_no_password_to_change(at):
    with pytest.raises(NotPermitted):
        commands.change_password(old_password="x", new_password="y", by=the_node(), at=at)


@pytest.fixture
def frozen(monkeypatch, at):
    """The node's clock stands at `at`."""
    from zikao.foundation import clock

    monkeypatch.setattr(clock, "now", lambda: at)


def test_five_wrong_passwords_lock_the_name_at_that_address_and_nowhere_else(at, frozen):
    a_member_of_staff(at, Post.COUNTY_CLERK)
    a_member_of_staff(at, Post.COUNTY_CLERK, "320104")
    door = reverse("portals:staff-sign-in")

    def come_in(username, address, password=PASSWORD):
        return Client(REMOTE_ADDR=address).post(door, {"username": username, "password": password}).status_code

    thief, office = "10.0.0.9", "10.0.0.1"
    wrong = [come_in("county-clerk.320102", thief, f"guess-{n}") for n in range(5)]
    assert wrong == [422, 422, 422, 422, 429]
    assert come_in("county-clerk.320102", thief) == 429
    assert come_in("county-clerk.320104", thief) == 302
    assert come_in("county-clerk.320102", office) == 302


def test_four_wrong_passwords_and_a_right_one_start_the_count_again(at, frozen):
    a_member_of_staff(at, Post.COUNTY_CLERK)
    door = reverse("portals:staff-sign-in")

    def come_in(password):
        return Client().post(door, {"username": "county-clerk.320102", "password": password}).status_code

    for _ in range(2):
        assert [come_in(f"guess-{n}") for n in range(4)] == [422] * 4
        assert come_in(PASSWORD) == 302
