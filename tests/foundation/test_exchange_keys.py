"""What travels between nodes is sealed to its receiver, and both sides change their keys while messages wait."""

import json
from datetime import timedelta

import pytest
from django.db import transaction

from tests.foundation.test_exchange import ADMIN, HERE, THERE, balanced, effects, send, takes, world  # noqa: F401
from zikao.foundation import crypto, exchange
from zikao.foundation.actors import node_actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import announcing, handlers, inbox, wire
from zikao.foundation.exchange.commands import change_peer, proof_text
from zikao.foundation.exchange.models import Outbox, Peer

pytestmark = pytest.mark.django_db
# ruff: noqa: F811 - pytest's fixtures


def test_bodies_travel_sealed_to_the_receiver_only(world, takes, at):
    send(at)
    exchange.deliver_pending(at)
    package = world.packages[0]
    assert "考生".encode() not in package
    record = json.loads(package)["records"][0]
    assert "body" not in record
    with pytest.raises(crypto.KeysMissing):
        wire.opened(record)  # the sender itself cannot read it again
    with world.at(THERE):
        assert wire.opened(record)["body"]["name"] == "考生"


def test_message_sealed_to_a_wrong_key_is_refused_clearly_and_waits(world, takes, at):
    right = Peer.objects.get(code=THERE).envelope_key(at)
    _, wrong = crypto.new_envelope_key()
    change = {
        "code": THERE,
        "url": "https://province-33.test",
        "public_key_pem": Peer.objects.get(code=THERE).public_key_pem,
    }
    change_peer(**change, envelope_key_pem=wrong.decode(), by=ADMIN, at=at)
    send(at)
    assert exchange.deliver_pending(at) == 0
    assert (Outbox.objects.get().last_error, balanced(), effects()) == ("sealed-to-others", (0, 0, 1), 0)
    change_peer(**change, envelope_key_pem=right, by=ADMIN, at=at)
    assert exchange.deliver_pending(at + timedelta(minutes=1)) == 1
    assert (balanced(), effects()) == ((1, 0, 0), 1)


def test_message_to_a_peer_without_envelope_key_waits_and_never_leaves_in_clear(world, takes, at):
    Peer.objects.get(code=THERE).keys.filter(kind="envelope").update(until_at=at)
    send(at)
    assert exchange.deliver_pending(at) == 0
    assert world.packages == []
    assert "peer-envelope-unknown" in Outbox.objects.get().last_error


@pytest.fixture
def announces(world, takes):
    handlers._handlers[announcing.KIND] = announcing.take_keys
    handlers._answer_handlers[announcing.KIND] = announcing.keys_taken


def rotate(world, at, kind="sign"):
    known = crypto.signing_key_id()
    crypto.add_key(world.directory / "32", kind)
    with transaction.atomic():
        announcing.announce_keys(known_so_far=known, at=at)


def test_signing_key_is_rotated_while_messages_wait(world, announces, at):
    send(at, 1)
    old = crypto.signing_key_id()
    rotate(world, at)
    send(at, 2)
    peer = Peer.objects.get(code=THERE)
    assert peer.knows_key == old != crypto.signing_key_id()
    assert exchange.deliver_pending(at) == 3
    peer.refresh_from_db()
    assert (peer.knows_key, balanced(), effects()) == ("", (3, 0, 0), 2)
    us = Peer.objects.get(code=HERE)
    assert us.public_key_pem == crypto.public_key_pem()
    assert len(us.signing_keys(at)) == 2  # the older one still counts
    assert len(us.signing_keys(at + timedelta(days=31))) == 1
    send(at, 3)
    assert exchange.deliver_pending(at + timedelta(days=40)) == 1  # under the new key alone


def test_message_that_waited_longer_than_the_old_key_is_signed_anew(world, announces, at):
    rotate(world, at)
    assert exchange.deliver_pending(at) == 1
    world.drop_request = True
    send(at)
    Outbox.objects.filter(kind="test.peer").update(signed_with="gone", signature=b"old")
    world.drop_request = False
    assert exchange.deliver_pending(at + timedelta(days=40)) == 1
    assert effects() == 1


def test_answers_come_under_the_key_that_the_asker_knows(world, announces, at):
    with world.at(THERE):
        known = crypto.signing_key_id()
        crypto.add_key(world.directory / "33", "sign")
        Peer.objects.filter(code=HERE).update(knows_key=known)  # our node was not told yet
    send(at)
    assert exchange.deliver_pending(at) == 1


def test_new_envelope_key_is_used_after_it_is_told_and_the_old_one_still_opens(world, announces, at):
    send(at, 1)
    with world.at(THERE):
        crypto.add_key(world.directory / "33", "agree")
    assert exchange.deliver_pending(at) == 1
    with world.at(THERE):
        body = {
            "sign": crypto.public_key_pem(),
            "envelope": crypto.envelope_key_pem(),
            "proof": crypto.sign(proof_text(THERE, crypto.public_key_pem(), crypto.envelope_key_pem())).hex(),
        }
    announcing.take_keys(body=body, peer=THERE, by=node_actor("32"), at=at)
    assert Peer.objects.get(code=THERE).envelope_key(at) == body["envelope"]
    send(at, 2)
    assert exchange.deliver_pending(at) == 1


def test_nobody_announces_a_key_that_they_do_not_hold(world, announces, at):
    body = {"sign": crypto.public_key_pem(), "envelope": crypto.envelope_key_pem(), "proof": "00"}
    with pytest.raises(BadInput) as refused:
        announcing.take_keys(body=body, peer=THERE, by=node_actor("32"), at=at)
    assert refused.value.code == "key-not-proven"


def test_package_under_a_key_that_has_ended_is_refused(world, announces, at):
    rotate(world, at)
    assert exchange.deliver_pending(at) == 1
    Peer.objects.filter(code=THERE).update(knows_key=next(iter(crypto.public_keys())))
    send(at)
    assert exchange.deliver_pending(at + timedelta(days=29)) == 1
    send(at)
    world.now = at + timedelta(days=31)
    assert exchange.deliver_pending(world.now) == 0
    assert inbox.refused_packages["signature-wrong"]
