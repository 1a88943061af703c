"""The draw through its commands: commit, close, reveal, draw, issue; and what is refused on the way."""

from __future__ import annotations

import pytest

from tests.factories.actors import area_clerk, clerk, head
from tests.factories.agencies import a_site
from tests.factories.entries import a_frozen_list, a_window, after_window, paid_entries
from tests.factories.programmes import SITTING
from tests.factories.seating import SECRETS, closed, committed, drawn, issued, later, official, revealed
from zikao.foundation.actors import Post
from zikao.foundation.errors import NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.stages.entries.models import Entry
from zikao.stages.seating import commands, queries, rules
from zikao.stages.seating.models import Draw, Seat
from zikao.stages.seating.states import DrawState
from zikao.stages.seating.verify import verify

pytestmark = pytest.mark.django_db


def test_every_listed_entry_gets_one_seat(at):
    draw = drawn(at, candidates=5)
    listed = set(Entry.objects.filter(state="paid").values_list("id", flat=True))
    assert set(Seat.objects.values_list("entry_id", flat=True)) == listed
    assert draw.state == DrawState.DRAWN
    assert draw.seated == len(listed) == 8
    assert all(seat.id == seat.entry_id and 1 <= seat.number <= 30 for seat in Seat.objects.all())


def test_unpaid_entry_gets_no_seat(at):
    from tests.factories.entries import entries

    committed(at)
    a_site(at)
    paid_entries(at)
    from tests.factories.candidates import a_candidate

    unpaid = entries(at, a_candidate(at))
    a_frozen_list(at)
    for number, secret in enumerate(SECRETS):
        commands.reveal_secret(sitting_code=SITTING, secret=secret, by=official(number), at=later(at))
    commands.draw_seats(sitting_code=SITTING, by=head(), at=later(at))
    assert not Seat.objects.filter(entry__in=unpaid).exists()


def test_the_draw_in_the_database_equals_the_reference(at):
    drawn(at, candidates=9)
    assert list(verify(queries.export_draw(SITTING))) == []


def test_candidate_who_wished_for_a_site_sits_there_in_every_unit(at):
    drawn(at, candidates=6, wishes=3)
    wished = Seat.objects.exclude(entry__site_code="").select_related("entry", "room__site")
    assert [seat.room.site.code for seat in wished] == [seat.entry.site_code for seat in wished]
    assert len(wished) == 5
    assert list(verify(queries.export_draw(SITTING))) == []


def test_a_draw_committed_to_the_first_algorithm_is_made_and_verified_by_it(at):
    draw = revealed(at, candidates=6, wishes=3)
    Draw.objects.filter(pk=draw.pk).update(algorithm="zikao-seating-1")
    commands.draw_seats(sitting_code=SITTING, by=head(), at=later(at))
    record = queries.export_draw(SITTING)
    assert record["algorithm"] == "zikao-seating-1"
    assert list(verify(record)) == []
    assert list(verify({**record, "algorithm": "zikao-seating-2"}))


def test_the_seed_is_fixed_by_list_and_secrets_in_order(at):
    draw = revealed(at)
    closed_list = queries.entry_list_of(SITTING)
    assert draw.seed == rules.seed_of(closed_list.digest, SECRETS).hex()
    assert draw.seed != rules.seed_of(closed_list.digest, SECRETS[::-1]).hex()


def test_ledger_tells_each_step_of_the_draw(at):
    draw = issued(at)
    told = [line.command for line in lines_about(f"seating.draw:{draw.pk}")]
    assert sorted(told) == sorted(
        ["seating.secret-committed"] * 2 + ["seating.secret-revealed"] * 2 + ["seating.drawn", "seating.notices-issued"]
    )


def test_too_few_seats_are_told_by_area_and_unit(at):
    closed(at, candidates=1, rooms=0)
    for number, secret in enumerate(SECRETS):
        commands.reveal_secret(sitting_code=SITTING, secret=secret, by=official(number), at=later(at))
    with pytest.raises(Refused) as caught:
        commands.draw_seats(sitting_code=SITTING, by=head(), at=later(at))
    assert caught.value.code == "seats-short"
    assert caught.value.facts["missing"] == 2
    assert [text[:12] for text in caught.value.facts["where"]] == ["考区 3201 第1单元", "考区 3201 第2单元"]
    assert not Seat.objects.exists()
    assert queries.draw_of(SITTING).state == DrawState.REVEALED


def test_official_commits_twice_is_refused(at):
    committed(at)
    with pytest.raises(Refused, match="commitment-twice"):
        commands.commit_secret(sitting_code=SITTING, digest="ab" * 32, by=official(0), at=at)


@pytest.mark.parametrize("digest", ["", "ab", "AB" * 32, "zz" * 32])
def test_official_commits_to_no_digest_is_refused(at, digest):
    a_window(at)
    with pytest.raises(Refused, match="commitment-malformed"):
        commands.commit_secret(sitting_code=SITTING, digest=digest, by=official(1), at=at)


def test_official_reveals_before_the_close_is_refused(at):
    committed(at)
    with pytest.raises(Refused, match="reveal-early"):
        commands.reveal_secret(sitting_code=SITTING, secret=SECRETS[0], by=official(0), at=at)


def test_one_official_alone_is_not_enough(at):
    closed(at, secrets=SECRETS[:1])
    commands.reveal_secret(sitting_code=SITTING, secret=SECRETS[0], by=official(0), at=later(at))
    with pytest.raises(Refused, match="officials-too-few"):
        commands.draw_seats(sitting_code=SITTING, by=head(), at=later(at))


def test_a_secret_not_revealed_stops_the_draw(at):
    closed(at)
    commands.reveal_secret(sitting_code=SITTING, secret=SECRETS[0], by=official(0), at=later(at))
    with pytest.raises(Refused, match="secrets-missing"):
        commands.draw_seats(sitting_code=SITTING, by=head(), at=later(at))


def test_clerk_draws_a_second_time_is_refused(at):
    drawn(at)
    with pytest.raises(WrongState):
        commands.draw_seats(sitting_code=SITTING, by=clerk(), at=later(at))


def test_notices_cannot_be_issued_before_the_draw(at):
    revealed(at)
    with pytest.raises(WrongState):
        commands.issue_notices(sitting_code=SITTING, by=clerk(), at=later(at))


@pytest.mark.parametrize(
    ("by", "error"),
    [
        (area_clerk(), NotPermitted),
        (clerk(Post.MARKER), NotPermitted),
        (clerk(Post.EXAM_AFFAIRS_HEAD, "3201"), NotFound),
    ],
)
def test_others_may_not_draw(at, by, error):
    revealed(at)
    with pytest.raises(error):
        commands.draw_seats(sitting_code=SITTING, by=by, at=later(at))


def test_official_without_account_may_not_commit(at):
    a_window(at)
    with pytest.raises(NotPermitted):
        commands.commit_secret(sitting_code=SITTING, digest="ab" * 32, by=head(), at=at)


def test_no_draw_without_a_commitment(at):
    a_window(at)
    with pytest.raises(NotFound):
        commands.draw_seats(sitting_code=SITTING, by=head(), at=after_window(at))
    assert not Draw.objects.exists()
