"""A thousand messages between two nodes over a wire that repeats, reorders, delays and loses."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import pytest
from django.db import transaction

from tests.factories.nodes import HERE, THERE, Nodes
from zikao.foundation import exchange
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.exchange import handlers, outbox
from zikao.foundation.exchange.models import Inbox
from zikao.foundation.exchange.queries import balance
from zikao.foundation.ledger.models import Line

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
LONG, SHORT = 1_000, 120
KIND = "faults.count"


class Wire:
    """Loses one package in five, and one answer in five; repeats one in three; carries old ones again."""

    def __init__(self, nodes: Nodes, chance: Random) -> None:
        self.nodes, self.chance, self.old = nodes, chance, list[tuple[str, bytes]]()
        self.carried: Counter[str] = Counter()

    def post(self, url: str, package: bytes) -> bytes:
        """Carry one package, as bad wires do."""
        self.old.append((url, package))
        if self.chance.random() < 0.2:
            self.carried["lost"] += 1
            raise httpx.ConnectError("lost")
        if self.chance.random() < 0.3:
            self.carried["late"] += 1
            self.nodes._post(*self.chance.choice(self.old))
        answer = self.nodes._post(url, package)
        if self.chance.random() < 0.3:
            self.carried["twice"] += 1
            self.nodes._post(url, package)
        if self.chance.random() < 0.2:
            self.carried["answer lost"] += 1
            raise httpx.ReadError("lost")
        return answer


@pytest.fixture
def nodes(tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    """Two provinces and the centre."""
    return Nodes(tmp_path, at, monkeypatch)


@command(writes="faults.counted", posts={Post.NODE})
def count_one(*, n: int, by: Actor, at: datetime) -> Outcome[None]:
    """One line a message."""
    return Outcome(None, on=f"faults.count:{n}")


def test_every_message_has_one_effect_over_a_bad_wire(
    nodes: Nodes, at: datetime, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Proves: lost, late, repeated, reordered packages have one effect; sent = accepted + rejected + pending."""
    count = LONG if "faults" in str(request.config.getoption("-m")) else SHORT
    chance = Random(11)
    wire = Wire(nodes, chance)
    monkeypatch.setattr(outbox, "post", wire.post)
    monkeypatch.setattr(outbox, "PACKAGE_RECORDS", 5)
    monkeypatch.setattr(handlers, "_handlers", {})
    exchange.handles(KIND)(lambda *, body, peer, by, at: count_one(n=body["n"], by=by, at=at))
    with nodes.at(HERE):
        for n in range(count):
            with transaction.atomic():
                exchange.send(to=THERE, kind=KIND, body={"n": n}, at=at)
    later = at
    for _ in range(2_000):
        later += timedelta(minutes=chance.randrange(1, 90))
        nodes.deliver(HERE, later)
        with nodes.at(HERE):
            (mine,) = [each for each in balance() if each.peer == THERE]
            assert mine.holds
        if mine.pending == 0:
            break
    assert (mine.accepted, mine.rejected, mine.pending) == (count, 0, 0)
    effects = Line.objects.filter(command="faults.counted").values_list("subject", flat=True)
    assert Counter(effects) == Counter(f"faults.count:{n}" for n in range(count))
    assert Inbox.objects.filter(kind=KIND).count() == count
    assert set(wire.carried) == {"lost", "late", "twice", "answer lost"}
