"""Learning accounts at the centre, as a province's report makes them; the answer goes to a peer that is known."""

from __future__ import annotations

from datetime import datetime

from tests.factories.approvals import someone
from zikao.foundation import crypto
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.exchange.commands import add_peer
from zikao.foundation.exchange.models import Peer
from zikao.national import commands
from zikao.national.models import AccountReview, LearningAccount

ID_NUMBER = "329999199003070018"


def an_account(at: datetime) -> LearningAccount:
    """One person, registered in Jiangsu."""
    if not Peer.objects.filter(code="province:32").exists():
        key, envelope = crypto.public_key_pem(), crypto.envelope_key_pem()
        url = "https://province-32.test"
        add_peer(code="province:32", url=url, public_key_pem=key, envelope_key_pem=envelope, by=node_actor(), at=at)
    record = {
        "ref": 1, "number": "010226200001", "county": "320102", "major": "050101", "sitting": "2026-10",
        "state": "registered", "registered": at.isoformat(),
    }  # fmt: skip
    person = {"id_number": ID_NUMBER, "name": "王芳", "sex": "1", "born": "1990-03-07"}
    commands.gather_registrations(
        province="32", batch=1, on_record=1, records=[record], persons={"1": person}, by=node_actor(), at=at
    )
    return LearningAccount.objects.get()


def a_review(at: datetime) -> AccountReview:
    """The account's number is said to be another person's."""
    account = an_account(at)
    return commands.propose_unlinking(
        number=account.number, link_id=account.numbers.get().pk, reason="不是同一人", evidence=b"%PDF-1.7",
        evidence_type="application/pdf", by=someone(Post.NATIONAL_REGISTRAR, "", at), at=at,
    ).value  # fmt: skip
