"""Ways around the second factor: codes and passkeys that are guessed, repeated, forged, or of somebody else."""

# ruff: noqa: F811 - pytest's fixtures

from __future__ import annotations

import json
import re

import pytest

from tests.attacks.test_access import (
    DOOR,
    OFFICE,
    SECOND,
    comes_in,
    custodian,  # noqa: F401
    from_,
    hand,  # noqa: F401
    knock,
    strangers,
)
from tests.factories.accounts import PASSWORD, a_member_of_staff
from zikao.foundation.access import passkeys, totp
from zikao.foundation.access.models import SignIn
from zikao.foundation.access.states import SignInEvent
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db


def test_a_code_is_not_taken_twice(custodian, hand):
    """A dynamic code that was taken once, and the one before it, are refused at another browser."""
    first, second = from_(OFFICE), from_("203.0.113.9")
    knock(first, custodian.username)
    knock(second, custodian.username)
    code = {"code": totp.code_at(custodian.secret, hand.moment)}
    assert first.post(SECOND, code).status_code == 302
    assert second.post(SECOND, code).status_code == 422
    earlier = {"code": totp.code_at(custodian.secret, hand.moment, steps=-1)}
    assert second.post(SECOND, earlier).status_code == 422


def test_codes_are_not_guessed_from_many_addresses(custodian, hand):
    """Of forty codes from forty addresses five at most are looked at, and the account's journal shows them."""
    addresses, looked_at = strangers(), 0
    for n in range(40):
        thief = from_(next(addresses))
        knock(thief, custodian.username)
        looked_at += thief.post(SECOND, {"code": f"{n:06}"}).status_code == 422
    assert looked_at <= 5
    told = SignIn.objects.filter(event=SignInEvent.WRONG_FACTOR, account_id=custodian.pk)
    assert told.count() >= 5, "the owner sees that somebody knows the password"


def test_guessing_codes_does_not_lock_the_custodians_own_device(custodian, hand):
    """Twelve wrong codes by somebody with the password do not hold up the owner at a known device."""
    usual = from_(OFFICE)
    assert comes_in(usual, custodian, hand.moment)
    usual.post("/sign-out/")
    thief = from_("203.0.113.9")
    knock(thief, custodian.username)
    for n in range(12):
        thief.post(SECOND, {"code": f"{n:06}"})
    hand.on(seconds=90)
    assert comes_in(usual, custodian, hand.moment)


@pytest.fixture
def key_holder(hand, at, settings):
    """A county's clerk on the way in, whose account has a passkey of a device made of code."""
    from tests.factories.passkeys import Device

    settings.ZIKAO_PUBLIC_URL = "https://zikao.example"
    account = a_member_of_staff(at, Post.RECORDS_HEAD)
    account.device = Device("https://zikao.example", "zikao.example")
    client = from_(OFFICE)
    knock(client, account.username)
    page = client.get("/sign-in/enrol/passkey/").content.decode()
    answer = client.post("/sign-in/enrol/passkey/", {"name": "钥匙", "passkey": account.device.registers(page)})
    assert answer.status_code == 200, answer.content.decode()
    client.get("/sign-in/go-on/")
    assert client.get("/staff/").status_code == 200
    client.post("/sign-out/")
    return account


def asked(client, account):
    knock(client, account.username)
    return client.get(SECOND).content.decode()


def test_a_passkey_opens_the_door(key_holder):
    """An honest answer of the enrolled passkey is taken: what the attacks below change is what is refused."""
    client = from_(OFFICE)
    answer = client.post(SECOND, {"passkey": key_holder.device.signs(asked(client, key_holder))})
    assert answer.status_code == 302
    assert client.get("/staff/").status_code == 200


def test_a_passkeys_answer_is_not_taken_twice(key_holder):
    """The door refuses a passkey's answer shown again, and any answer to a challenge that was answered once."""
    client, thief = from_(OFFICE), from_("203.0.113.9")
    answer = key_holder.device.signs(asked(client, key_holder))
    assert client.post(SECOND, {"passkey": answer}).status_code == 302
    asked(thief, key_holder)
    assert thief.post(SECOND, {"passkey": answer}).status_code == 422
    again = from_(OFFICE)
    page = asked(again, key_holder)
    assert again.post(SECOND, {"passkey": "{}"}).status_code == 422
    late = key_holder.device.signs(page)
    assert again.post(SECOND, {"passkey": late}).status_code == 422, "a challenge is gone after one answer"


@pytest.mark.parametrize("wrong", ["origin", "host", "key", "counter", "challenge", "late", "broken"])
def test_a_passkeys_answer_from_elsewhere_opens_nothing(wrong, key_holder, hand):
    """The door refuses a passkey's answer with another origin, host, key, counter or challenge, or too late."""
    from tests.factories.passkeys import Device

    client, device = from_(OFFICE), key_holder.device
    page = asked(client, key_holder)
    if wrong == "origin":
        device.origin = "https://zikao.example.evil"
    elif wrong == "host":
        device.host = "evil.example"
    elif wrong == "key":
        device.key = Device("", "").key
    elif wrong == "counter":
        device.counter = -1
    elif wrong == "late":
        hand.on(minutes=passkeys.CHALLENGE_MINUTES + 1)
    elif wrong == "challenge":
        page = re.sub(r"(challenge&quot;: &quot;)....", r"\1AAAA", page)
    answer = "not json" if wrong == "broken" else device.signs(page)
    assert client.post(SECOND, {"passkey": answer}).status_code == 422
    assert client.get("/staff/").status_code == 302


def test_a_passkey_of_another_account_opens_nothing(key_holder, custodian):
    """The second door refuses a passkey's answer from an account other than that of the password."""
    client = from_(OFFICE)
    knock(client, custodian.username)
    client.get(SECOND)
    page = asked(from_("203.0.113.9"), key_holder)
    assert client.post(SECOND, {"passkey": key_holder.device.signs(page)}).status_code == 422


def test_the_demonstrations_codes_are_never_shown_by_a_node_in_real_use(custodian, hand, settings, tmp_path):
    """A node that is no demonstration shows no codes, even with a demonstration's accounts in its folder."""
    settings.ZIKAO_NODE_HOME = tmp_path
    (tmp_path / "demo-accounts.json").write_text(
        json.dumps([{"username": custodian.username, "password": PASSWORD, "name": "x", "post": "y"}])
    )
    code = totp.code_at(custodian.secret, hand.moment)
    client = from_(OFFICE)
    for demo in (True, False):
        settings.ZIKAO_IS_DEMO = demo
        door = client.get(DOOR).content.decode()
        second = asked(client, custodian)
        assert (code in door, code in second) == (demo, demo)
    assert "演示" not in second
    assert client.post(SECOND, {"code": code}).status_code == 302
    assert code not in client.get("/staff/").content.decode()
