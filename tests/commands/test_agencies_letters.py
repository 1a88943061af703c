"""The letter about premises of a tutoring institution: made, sent, received, answered, returned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.factories import agencies as make
from tests.factories.actors import clerk, the_node
from tests.factories.letters import STAFF, staffed
from tests.factories.nodes import CENTRE, HERE, Nodes
from zikao.foundation import storage
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, Refused
from zikao.national.commands import receive_letter
from zikao.national.models import ReceivedLetter
from zikao.stages.agencies import commands, queries
from zikao.stages.agencies.models import PremisesLetter, Site
from zikao.stages.agencies.states import LetterState

pytestmark = pytest.mark.django_db


@pytest.fixture
def nodes(tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    """A province and the centre."""
    return Nodes(tmp_path, at, monkeypatch)


@pytest.fixture
def _on_duty() -> Iterator[None]:
    patch = staffed()
    yield
    patch.undo()


def _send(site: Site, at: datetime) -> PremisesLetter:
    by = clerk(Post.PROVINCE_CLERK)
    return commands.send_premises_letter(site_id=site.pk, sitting_code="2026-10", by=by, at=at).value


@pytest.mark.usefixtures("_on_duty")
def test_letter_reaches_the_centre_and_its_answer_comes_back(nodes: Nodes, at: datetime) -> None:
    site = make.a_site_on_premises(at)
    assert list(queries.letters_owed(clerk(), local_day(at))) == [site]
    with nodes.at(HERE):
        letter = _send(site, at)
    assert list(queries.letters_owed(clerk(), local_day(at))) == []
    assert storage.get(letter.document).startswith(b"%PDF")
    assert [person["duty"] for person in letter.body["staff"]] == [each.duty for each in STAFF]
    assert (letter.body["rooms"], letter.body["reason"]) == (1, "当地没有其他标准化考点")
    with pytest.raises(Conflict):
        _send(site, at)

    nodes.deliver(HERE, at + timedelta(minutes=1))
    nodes.deliver(CENTRE, at + timedelta(minutes=2))
    nodes.deliver(HERE, at + timedelta(minutes=3))
    received = ReceivedLetter.objects.get()
    letter.refresh_from_db()
    assert (received.province, received.digest) == ("32", letter.digest)
    assert letter.state == LetterState.ACKNOWLEDGED
    assert received.receipt_number in letter.answer


@pytest.mark.usefixtures("_on_duty")
def test_letter_that_the_centre_does_not_take_comes_back_and_is_sent_again(nodes: Nodes, at: datetime) -> None:
    site = make.a_site_on_premises(at)
    with nodes.at(HERE):
        letter = _send(site, at)
        commands.answer_premises_letter(
            number=letter.number,
            digest=letter.digest,
            received=False,
            answer="缺少副主考职务",
            by=the_node("32"),
            at=at,
        )
        again = _send(site, at + timedelta(hours=1))
    letter.refresh_from_db()
    assert letter.state == LetterState.RETURNED
    assert again.number != letter.number


@pytest.mark.parametrize(
    ("missing", "code"),
    [("主考", "letter-without-chief"), ("副主考", "letter-without-deputy"), ("监考员", "letter-without-invigilators")],
)
def test_letter_is_refused_while_somebody_is_missing(at: datetime, missing: str, code: str) -> None:
    site = make.a_site_on_premises(at)
    patch = staffed(*(each for each in STAFF if each.duty != missing))
    try:
        with pytest.raises(Refused) as refusal:
            _send(site, at)
    finally:
        patch.undo()
    assert (refusal.value.code, refusal.value.clause) == (code, "EA-A3.1")


def test_centre_takes_no_letter_that_lacks_a_post_or_was_changed(at: datetime) -> None:
    lines = [replace(STAFF[0], title=""), *STAFF[1:]]
    body = {
        "number": "1", "sitting": "2026-10", "site": "3201-01", "name": "考点", "rooms": 1, "reason": "原因",
        "run_by": "省级", "staff": [line.__dict__ for line in lines],
    }  # fmt: skip
    digest = sm3(canonical(body)).hex()
    for given, code in ((digest, "letter-incomplete"), ("0" * 64, "letter-digest-differs")):
        with pytest.raises(BadInput) as error:
            receive_letter(province="32", body=body, digest=given, by=the_node(), at=at)
        assert error.value.code == code
    assert not ReceivedLetter.objects.exists()
