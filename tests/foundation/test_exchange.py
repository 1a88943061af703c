"""Two nodes that speak: in one process and one database, each with its own code and keys."""

import json
import random
from datetime import timedelta

import httpx
import pytest
from django.db import transaction
from django.test import override_settings

from zikao.foundation import crypto, exchange
from zikao.foundation.actors import Actor, Post, node_actor
from zikao.foundation.errors import BadInput, Conflict, NotPermitted, Refused
from zikao.foundation.exchange import handlers, inbox, outbox, wire
from zikao.foundation.exchange.commands import add_peer, change_peer
from zikao.foundation.exchange.models import Inbox, Outbox, Peer
from zikao.foundation.exchange.queries import balance
from zikao.foundation.ledger.models import Line

pytestmark = pytest.mark.django_db
HERE, THERE = "province:32", "province:33"
ADMIN = Actor("Alice", Post.SYSTEM_ADMIN, "32")


class World:
    """The two nodes and the wire between them."""

    def __init__(self, directory):
        self.directory = directory
        self.packages = []
        self.drop_request = self.drop_answer = False
        self.change = lambda package: package

    def at(self, node):
        code = node.partition(":")[2]
        return override_settings(ZIKAO_NODE=node, ZIKAO_NODE_CODE=code, ZIKAO_KEYS=self.directory / code)

    def post(self, url, package):
        assert url == f"https://{THERE.replace(':', '-')}.test/exchange/inbox"
        if self.drop_request:
            raise httpx.ConnectError("the wire is cut")
        package = self.change(package)
        self.packages.append(package)
        answer = self.arrive(package)
        if self.drop_answer:
            raise httpx.ReadTimeout("the answer is lost")
        return answer

    def arrive(self, package):
        with self.at(THERE):
            try:
                return exchange.receive(package, self.now)
            except exchange.BadPackage as trouble:
                request = httpx.Request("POST", "https://x.test")
                raise httpx.HTTPStatusError(
                    trouble.code, request=request, response=httpx.Response(400, request=request)
                ) from None


@pytest.fixture
def world(tmp_path, monkeypatch, at):
    world = World(tmp_path)
    world.now = at
    for node in (HERE, THERE):
        code = node.partition(":")[2]
        crypto.create_keys(tmp_path / code)
        with world.at(node):
            key, envelope_key = crypto.public_key_pem(), crypto.envelope_key_pem()
        url = f"https://{node.replace(':', '-')}.test"
        add_peer(code=node, url=url, public_key_pem=key, envelope_key_pem=envelope_key, by=ADMIN, at=at)
    monkeypatch.setattr(outbox, "post", world.post)
    monkeypatch.setattr(handlers, "_handlers", {})
    monkeypatch.setattr(handlers, "_answer_handlers", {})
    with world.at(HERE):
        yield world


@pytest.fixture
def takes(world):
    """The other node takes "test.peer" messages by one command each, and remembers the order."""
    taken = []

    @exchange.handles("test.peer")
    def take(*, body, peer, by, at):
        assert (peer, by.post, by.agency_code) == (HERE, Post.NODE, "33")
        taken.append(body["number"])
        add_peer(code=f"military:{body['number']}", url="https://m.test", public_key_pem=body["key"], by=by, at=at)

    return taken


def send(at, number=1, **more):
    body = {"number": number, "name": "考生", "key": crypto.public_key_pem()} | more
    with transaction.atomic():
        return exchange.send(to=THERE, kind="test.peer", body=body, at=at)


def effects():
    return Line.objects.filter(command="exchange.peer-added").count() - 2


def balanced():
    (mine,) = [each for each in balance() if each.peer == THERE]
    assert mine.holds
    return mine.accepted, mine.rejected, mine.pending


def test_message_has_its_effect_and_its_answer_once(world, takes, at):
    message = send(at)
    assert balanced() == (0, 0, 1)
    assert exchange.deliver_pending(at) == 1
    assert exchange.deliver_pending(at) == 0
    assert (takes, effects(), balanced()) == ([1], 1, (1, 0, 0))
    row = Outbox.objects.get(message_id=message)
    assert (row.state, row.attempts, row.answered_at, row.sequence) == ("accepted", 1, at, 1)


def test_duplicates_have_one_effect_and_the_same_answer(world, takes, at):
    send(at)
    exchange.deliver_pending(at)
    answers = [json.loads(world.arrive(world.packages[0]))["answers"] for _ in range(5)]
    assert effects() == 1
    assert all(answer == answers[0] for answer in answers)
    assert Inbox.objects.count() == 1


def test_lost_answer_is_asked_for_again_without_a_second_effect(world, takes, at):
    send(at)
    world.drop_answer = True
    assert exchange.deliver_pending(at) == 0
    assert (effects(), balanced()) == (1, (0, 0, 1))
    world.drop_answer = False
    assert exchange.deliver_pending(at + timedelta(seconds=1)) == 0  # not due yet
    assert exchange.deliver_pending(at + timedelta(minutes=1)) == 1
    assert (effects(), balanced()) == (1, (1, 0, 0))


def test_messages_in_any_order_have_each_their_effect(world, takes, at, monkeypatch):
    for number in range(6):
        send(at, number)
    monkeypatch.setattr(outbox, "PACKAGE_RECORDS", 1)
    world.drop_answer = True
    packages = []
    for row in Outbox.objects.select_related("peer"):
        record = outbox._wire_record(row.peer, row, row.peer.envelope_key(at))
        packages.append(wire.pack({"records": [record]}, sender=HERE, to=THERE, at=at))
    packages *= 2
    random.Random(3).shuffle(packages)
    for package in packages:
        world.arrive(package)
    assert sorted(takes) == list(range(6))
    assert takes != sorted(takes)
    world.drop_answer = False
    exchange.deliver_pending(at)
    assert (effects(), balanced()) == (6, (6, 0, 0))


def test_peer_that_is_away_is_tried_again_later_and_later(world, takes, at):
    world.drop_request = True
    send(at)
    now, waits = at, []
    for _ in range(4):
        assert exchange.deliver_pending(now) == 0
        due = Outbox.objects.get().next_attempt_at
        waits.append((due - now).seconds)
        now = due
    assert waits == [2, 4, 8, 16]
    assert outbox.wait_after(50) == timedelta(hours=1)
    assert "ConnectError" in Outbox.objects.get().last_error
    world.drop_request = False
    assert exchange.deliver_pending(now) == 1


@pytest.mark.parametrize("trouble", [httpx.ConnectTimeout("slow"), httpx.InvalidURL("no address")])
def test_one_peer_out_of_reach_does_not_hold_the_others(world, takes, at, monkeypatch, trouble):
    send(at)
    with transaction.atomic():
        exchange.send(to=HERE, kind="test.peer", body={}, at=at)
    reach = world.post

    def post(url, package):
        if "32" in url:
            raise trouble
        return reach(url, package)

    monkeypatch.setattr(outbox, "post", post)
    assert exchange.deliver_pending(at) == 1
    assert balanced() == (1, 0, 0)


def test_refusal_comes_back_with_code_clause_and_message(world, at):
    @exchange.handles("test.peer")
    def refuse(*, body, peer, by, at):
        add_peer(code="military:9", url="https://m.test", public_key_pem=body["key"], by=by, at=at)
        raise Refused("suspended", clause="EA-12.3", message="考生在停考期内。", remedy="期满后再来。")

    send(at)
    assert exchange.deliver_pending(at) == 1
    row = Outbox.objects.get()
    assert (row.state, row.reason_code) == ("rejected", "suspended")
    assert (row.answer["clause"], row.answer["message"]) == ("EA-12.3", "考生在停考期内。")
    assert (effects(), balanced()) == (0, (0, 1, 0))  # what the handler had done is undone
    assert Inbox.objects.get().state == "rejected"


def test_message_of_unknown_kind_is_rejected(world, at):
    send(at)
    exchange.deliver_pending(at)
    assert Outbox.objects.get().reason_code == "unknown-kind"


def test_crashed_handler_leaves_the_message_pending_and_is_tried_again(world, takes, at):
    good = handlers._handlers["test.peer"]
    crashes = [True, True, False]

    def crash(**given):
        good(**given)
        if crashes.pop(0):
            raise RuntimeError("broken")

    handlers._handlers["test.peer"] = crash
    send(at)
    now = at
    for expected in (0, 0, 1):
        assert exchange.deliver_pending(now) == expected
        now += timedelta(minutes=10)
    assert (effects(), balanced()) == (1, (1, 0, 0))


def test_crash_of_one_message_does_not_hold_the_others(world, takes, at):
    send(at, 1)
    send(at, 2, key="no key")  # refused
    send(at, None)
    send(at, 4)
    good = handlers._handlers["test.peer"]

    def crash(*, body, **given):
        if body["number"] is None:
            raise RuntimeError("broken")
        good(body=body, **given)

    handlers._handlers["test.peer"] = crash
    assert exchange.deliver_pending(at) == 3
    assert balanced() == (2, 1, 1)


def test_answer_handler_learns_each_answer_once(world, takes, at):
    learned = []

    @exchange.handles_answer("test.peer")
    def learn(*, body, answer, peer, by, at):
        learned.append((body["number"], answer["state"], peer, by.agency_code))
        if len(learned) == 1:
            raise RuntimeError("broken")

    send(at)
    assert exchange.deliver_pending(at) == 0
    assert balanced() == (0, 0, 1)
    assert exchange.deliver_pending(at + timedelta(minutes=1)) == 1
    assert learned == [(1, "accepted", THERE, "32")] * 2
    assert effects() == 1


def forged(change, *, resign=True):
    """A package that somebody on the wire changed; with `resign`, the package is signed again by the sender."""

    def apply(package):
        content = json.loads(package)
        change(content)
        if resign:
            unsigned = {name: value for name, value in content.items() if name != "signature"}
            content["signature"] = crypto.sign(crypto.canonical(unsigned)).hex()
        return crypto.canonical(content)

    return apply


def set_(path, value):
    def change(content):
        *steps, last = path
        for step in steps:
            content = content[step]
        content[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (forged(set_(["records", 0, "sequence"], 7), resign=False), "signature-wrong"),
        (forged(set_(["records", 0, "sequence"], 7)), "record-seal-broken"),
        (forged(set_(["records", 0, "kind"], "test.other")), "record-seal-broken"),
        (forged(set_(["records", 0, "sealed"], "AAAA")), "record-seal-broken"),
        (forged(set_(["records", 0, "sealed"], "?")), "record-seal-broken"),
        (forged(set_(["records", 0, "signature"], "00")), "signature-wrong"),
        (forged(lambda content: content["records"][0].update(body={})), "record-seal-broken"),
        (forged(set_(["signature"], "00"), resign=False), "signature-wrong"),
        (forged(set_(["signature"], None), resign=False), "signature-missing"),
        (forged(set_(["from"], "province:99")), "unknown-peer"),
        (forged(set_(["from"], ["province:32"])), "unknown-peer"),
        (forged(set_(["from"], THERE)), "signature-wrong"),
        (forged(set_(["to"], "national")), "package-misdirected"),
        (forged(set_(["records", 0, "to"], "national")), "record-misdirected"),
        (forged(set_(["records", 0, "message_id"], "x")), "package-malformed"),
        (forged(set_(["records", 0, "sequence"], True)), "package-malformed"),
        (forged(set_(["records"], {})), "package-malformed"),
        (forged(set_(["format"], 2)), "package-unreadable"),
        (lambda package: b"{", "package-unreadable"),
        (lambda package: b"[" * 100_000, "package-unreadable"),
        (lambda package: b"[1.5]", "package-unreadable"),
        (lambda package: b" " * (wire.MAX_PACKAGE_BYTES + 1), "package-too-large"),
    ],
)
def test_wrong_package_is_refused_and_nothing_of_it_kept(world, takes, at, change, code):
    send(at)
    world.change = change
    before = inbox.refused_packages[code]
    assert exchange.deliver_pending(at) == 0
    assert inbox.refused_packages[code] == before + 1
    assert (takes, effects(), Inbox.objects.count(), balanced()) == ([], 0, 0, (0, 0, 1))
    assert "400" in Outbox.objects.get().last_error or code in Outbox.objects.get().last_error


def test_same_id_with_another_content_is_not_taken_for_the_first(world, takes, at):
    send(at)
    exchange.deliver_pending(at)
    row = Outbox.objects.select_related("peer").get()
    with world.at(THERE):
        record = wire.opened(json.loads(world.packages[0])["records"][0])
    record["body"]["number"] = 2
    del record["signature"]
    record = wire.sealed(record, crypto.sign(wire.signed_bytes(record)), row.peer.envelope_key(at))
    answer = world.arrive(wire.pack({"records": [record]}, sender=HERE, to=THERE, at=at))
    assert json.loads(answer)["answers"] == []
    assert effects() == 1


def test_answer_signed_by_somebody_else_is_not_believed(world, takes, at, monkeypatch):
    send(at)
    honest = world.post

    def forge(url, package):
        content = json.loads(honest(url, package))
        content["answers"][0]["state"] = "rejected"
        return crypto.canonical(content)

    monkeypatch.setattr(outbox, "post", forge)
    assert exchange.deliver_pending(at) == 0
    assert balanced() == (0, 0, 1)


def test_bodies_are_encrypted_where_they_are_kept(world, takes, at):
    send(at)
    exchange.deliver_pending(at)
    row = Outbox.objects.get()
    assert "考生".encode() not in bytes(row.body_sealed) + bytes(Inbox.objects.get().body_sealed)
    body = row.body
    assert body["name"] == "考生"
    with world.at(THERE):
        assert Inbox.objects.get().body == body


def test_secret_part_arrives_in_the_body(world, at):
    seen = []
    exchange.handles("test.peer")(lambda *, body, **_: seen.append(body))
    with transaction.atomic():
        exchange.send(to=THERE, kind="test.peer", body={"count": 1}, secret={"rows": [1]}, at=at)
    exchange.deliver_pending(at)
    assert seen == [{"count": 1, "secret": {"rows": [1]}}]


def test_sender_is_refused_what_cannot_be_sent(world, at):
    with pytest.raises(exchange.UnknownPeer):
        exchange.send(to="province:99", kind="x", body={}, at=at)
    with pytest.raises(TypeError), transaction.atomic():
        exchange.send(to=THERE, kind="x", body={"points": 1.5}, at=at)
    with pytest.raises(exchange.MessageTooLarge), transaction.atomic():
        exchange.send(to=THERE, kind="x", body={"text": "x" * wire.MAX_RECORD_BYTES}, at=at)
    assert Peer.objects.get(code=THERE).last_sequence == 0


@pytest.mark.django_db(transaction=True)
def test_message_outside_a_transaction_is_a_programming_error(at):
    with pytest.raises(transaction.TransactionManagementError):
        exchange.send(to=THERE, kind="x", body={}, at=at)


def test_rolled_back_command_sends_nothing(world, at):
    savepoint = transaction.savepoint()
    send(at)
    assert balanced() == (0, 0, 1)
    transaction.savepoint_rollback(savepoint)
    assert Outbox.objects.count() == 0
    assert balanced() == (0, 0, 0)


def test_packages_stay_within_the_limit(world, at, monkeypatch):
    exchange.handles("test.peer")(lambda **_: None)
    monkeypatch.setattr(wire, "MAX_RECORD_BYTES", 4000)
    for number in range(5):
        send(at, number, text="x" * 1500)
    assert exchange.deliver_pending(at) == 5
    assert [len(json.loads(package)["records"]) for package in world.packages] == [2, 2, 1]


def test_two_handlers_of_one_kind_are_refused(world, takes):
    with pytest.raises(ValueError, match="two handlers"):
        exchange.handles("test.peer")(lambda **_: None)


def test_door_takes_a_signed_package_without_a_session(world, takes, at, client):
    send(at)
    exchange.deliver_pending(at)
    package = world.packages[0]
    changed = package.replace(b'"sequence":1', b'"sequence":2')
    with world.at(THERE):
        answer = client.post("/exchange/inbox", package, content_type="application/json")
        assert answer.status_code == 200
        assert json.loads(answer.content)["answers"][0]["state"] == "accepted"
        refused = client.post("/exchange/inbox", changed, content_type="application/json")
        assert refused.status_code == 400
        assert refused.json()["code"] == "signature-wrong"
        large = client.post("/exchange/inbox", b" " * (9 * 1024 * 1024), content_type="application/json")
        assert (large.status_code, large.json()["code"]) == (400, "package-too-large")
        assert client.get("/exchange/inbox").status_code == 405


def test_administrator_adds_and_changes_peers_and_nobody_else(world, at):
    key = crypto.public_key_pem()
    with pytest.raises(Conflict):
        add_peer(code=THERE, url="https://x.test", public_key_pem=key, by=ADMIN, at=at)
    with pytest.raises(BadInput) as bad:
        add_peer(code="national", url="ftp://x", public_key_pem="no", by=ADMIN, at=at)
    assert set(bad.value.field_errors) == {"url", "public_key_pem"}
    with pytest.raises(NotPermitted):
        add_peer(code="national", url="https://x", public_key_pem=key, by=Actor("B", Post.AUDITOR, "32"), at=at)
    change_peer(code=THERE, url="https://new.test", public_key_pem=key, by=ADMIN, at=at)
    assert Peer.objects.get(code=THERE).url == "https://new.test"
    with pytest.raises(exchange.UnknownPeer):
        change_peer(code="national", url="https://x", public_key_pem=key, by=ADMIN, at=at)
    with pytest.raises(NotPermitted):
        change_peer(code=THERE, url="https://x", public_key_pem=key, by=node_actor("32"), at=at)
