"""Somebody tries to get at papers early, from elsewhere, or to change what was signed."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.actors import area_clerk, clerk
from tests.factories.papers import a_box, boxes, handed, keeper, seen
from zikao.foundation.actors import Post
from zikao.foundation.errors import NotFound, Refused
from zikao.stages.papers.models import Box, HandOver
from zikao.stages.papers.states import BoxState, HandOverKind

pytestmark = pytest.mark.django_db


def refused_codes(box, kind, at, **more):
    with pytest.raises(Refused) as refusal:
        handed(box, kind, at, **more)
    assert Box.objects.get(pk=box.pk).state == box.state
    return {finding.code for finding in refusal.value.findings}


def test_thief_is_refused_when_the_chain_does_not_begin_at_the_holder(at):
    """The rule refuses a hand-over by anybody but the holder of the box on record; the box stays as it was."""
    box = a_box(at, BoxState.STORED)
    assert refused_codes(box, HandOverKind.ISSUE, at, giver="冒充的保管员") == {"chain-broken"}


def test_keeper_is_refused_a_hand_over_to_himself(at):
    """The rule refuses a hand-over in which giver and taker are the same person; the box stays as it was."""
    box = a_box(at, BoxState.STORED)
    assert refused_codes(box, HandOverKind.ISSUE, at, taker_id=keeper(box.holder).pk) == {"hand-over-one-side"}


def test_driver_is_refused_when_the_seal_is_broken(at):
    """The rule refuses to receive a box whose seal was seen broken; the box stays as it was."""
    box = a_box(at, BoxState.ISSUED)
    assert refused_codes(box, HandOverKind.RECEIVE, at, boxes=[seen(box, seal_intact=False)]) == {"seal-broken"}


def test_driver_is_refused_when_the_seal_was_changed(at):
    """The rule refuses to receive a box whose seal has a number other than the recorded one."""
    box = a_box(at, BoxState.ISSUED)
    changed = seen(box, seal_number="F99999999")
    assert refused_codes(box, HandOverKind.RECEIVE, at, boxes=[changed]) == {"seal-number-differs"}


def test_driver_is_refused_when_a_pack_is_gone(at):
    """The rule refuses to receive a box in which one pack less is counted than was packed."""
    box = a_box(at, BoxState.ISSUED)
    fewer = seen(box, packs_counted=box.packs.count() - 1)
    assert refused_codes(box, HandOverKind.RECEIVE, at, boxes=[fewer]) == {"packs-miscounted"}


def test_clerk_is_refused_the_next_units_papers_together_with_todays(at):
    """The rule refuses to issue a box of another unit along with the one whose turn it is."""
    box = a_box(at, BoxState.STORED)
    other = Box.objects.exclude(pk=box.pk).get()
    handed(other, HandOverKind.STORE, at, secure_room_id=box.secure_room_id)
    other.refresh_from_db()
    assert "box-of-another-unit" in refused_codes(box, HandOverKind.ISSUE, at, boxes=[seen(box), seen(other)])


def test_clerk_of_another_area_finds_no_box(at):
    """Area clerks of another prefecture or another province get NotFound on issuing a box."""
    box = a_box(at, BoxState.STORED)
    with pytest.raises(NotFound):
        handed(box, HandOverKind.ISSUE, at, by=area_clerk("3202"))
    with pytest.raises(NotFound):
        handed(box, HandOverKind.ISSUE, at, by=area_clerk("3301"))


def test_chief_of_another_area_finds_no_box(at):
    """The site chief of another prefecture gets NotFound on receiving a box."""
    box = a_box(at, BoxState.ISSUED)
    with pytest.raises(NotFound):
        handed(box, HandOverKind.RECEIVE, at, by=clerk(Post.SITE_CHIEF, "3202"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE papers_handover SET giver = '别人'", "DELETE FROM papers_handover", "TRUNCATE papers_handover"],
)
def test_application_cannot_change_a_hand_over(at, statement):
    """The database refuses the application to update, delete or truncate hand-overs."""
    a_box(at, BoxState.STORED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert HandOver.objects.get().giver != "别人"


def test_database_refuses_a_second_hand_over_of_the_same_kind(at):
    """A unique constraint refuses a box a second hand-over of a kind, whatever its number and names."""
    box = a_box(at, BoxState.STORED)
    first = HandOver.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        HandOver.objects.create(
            box=box, number=9, kind=first.kind, giver="甲", taker="乙", seal_number="F", seal_intact=True,
            batch=box.code, at=at,
        )  # fmt: skip


def test_owner_cannot_empty_the_hand_overs_unseen(at, owner_connection):
    """The append-only trigger refuses even the tables' owner to truncate the hand-overs."""
    boxes(at)
    with pytest.raises(psycopg.Error):
        owner_connection.execute("TRUNCATE papers_handover")
