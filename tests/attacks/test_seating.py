"""Attempts on the draw: a changed seat, another secret, a late commitment, a seat moved in the database."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.entries import after_window
from tests.factories.programmes import SITTING
from tests.factories.seating import SECRETS, closed, committed, drawn, later, official
from zikao.foundation.errors import Refused
from zikao.stages.seating import commands, queries, rules
from zikao.stages.seating.models import Commitment, Seat
from zikao.stages.seating.verify import main, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(at):
    drawn(at, candidates=6)
    return queries.export_draw(SITTING)


def test_record_untouched_passes_offline(record, tmp_path, capsys):
    """The honest public record of a draw passes the offline verifier with exit code 0."""
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert main([str(file)]) == 0
    assert "核验通过" in capsys.readouterr().out


def test_a_record_of_the_first_algorithm_still_passes(capsys):
    """A record kept since the first algorithm, whose lines tell no site, passes; as one of the second it does not."""
    kept = Path(__file__).with_name("seating-record-1.json")
    assert main([str(kept)]) == 0
    assert "核验通过" in capsys.readouterr().out
    assert list(verify({**json.loads(kept.read_text(encoding="utf-8")), "algorithm": "zikao-seating-2"}))


def test_a_wish_slipped_into_the_list_is_found(at):
    """The offline verifier finds a wish for a site that was not in the sealed list, though its seat fits the wish."""
    drawn(at, candidates=6, wishes=3)
    record = queries.export_draw(SITTING)
    site = record["entries"][0].split(",")[5]
    assert site
    record["entries"][-1] = record["entries"][-1].replace(",,,", f",{site},,")
    assert any("名册" in problem for problem in verify(record))


def test_a_moved_seat_is_found_and_named(record, tmp_path, capsys):
    """The offline verifier fails a record with one seat number changed and names its entry."""
    moved = record["seats"][0]
    moved[2] += 7
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert main([str(file)]) == 1
    assert moved[0] in capsys.readouterr().out


def test_two_swapped_seats_are_found(record):
    """The offline verifier reports both of two entries that exchanged their seats."""
    first, second = record["seats"][:2]
    first[1:], second[1:] = second[1:], first[1:]
    assert len(list(verify(record))) == 2


def test_a_left_out_entry_is_found(record):
    """The offline verifier names an entry of the list whose seat was taken out of the record."""
    gone = record["seats"].pop()
    assert any(gone[0] in problem and "没有座位" in problem for problem in verify(record))


def test_an_entry_slipped_into_the_list_is_found(record):
    """The offline verifier finds that a list with one entry more is no longer the list that was sealed."""
    record["entries"].append(record["entries"][-1])
    assert any("名册" in problem for problem in verify(record))


def test_another_secret_for_a_wanted_seed_is_found(record):
    """A secret exchanged together with the seed computed from it does not fit the official's commitment."""
    forged = copy.deepcopy(record)
    forged["commitments"][1]["secret"] = "33" * 32
    secrets = [each["secret"] for each in forged["commitments"]]
    forged["seed"] = rules.seed_of(forged["entry_digest"], secrets).hex()
    assert any("与承诺不符" in problem for problem in verify(forged))


def test_a_commitment_dated_after_the_close_is_found(record):
    """The offline verifier reports a commitment made no earlier than the close of the list."""
    record["commitments"][0]["committed_at"] = record["list_closed_at"]
    assert any("晚于名册封存" in problem for problem in verify(record))


def test_rooms_hidden_from_the_record_are_found(record):
    """The offline verifier does not pass a record from which rooms were left out."""
    record["rooms"] = [room for room in record["rooms"] if room[2] != 1]
    assert list(verify(record))


def test_a_broken_file_is_no_pass(tmp_path):
    """A record without content ends the offline verifier with exit code 1."""
    file = tmp_path / "draw.json"
    file.write_text("{}", encoding="utf-8")
    assert main([str(file)]) == 1


def test_secret_that_does_not_match_is_refused(at):
    """An official may reveal neither an invented secret nor a colleague's: the rule compares the commitment."""
    closed(at)
    with pytest.raises(Refused, match="secret-differs"):
        commands.reveal_secret(sitting_code=SITTING, secret="33" * 32, by=official(0), at=later(at))
    with pytest.raises(Refused, match="secret-differs"):
        commands.reveal_secret(sitting_code=SITTING, secret=SECRETS[1], by=official(0), at=later(at))


def test_late_commitment_is_refused(at):
    """The rule refuses a commitment after the window has closed, even while the list is not yet frozen."""
    committed(at)
    with pytest.raises(Refused, match="commitment-late"):
        commands.commit_secret(sitting_code=SITTING, digest="ab" * 32, by=official(2), at=after_window(at))


def test_commitment_after_the_close_dated_back_is_refused(at):
    """Once the list is frozen the rule refuses a commitment whatever moment it claims for itself."""
    closed(at)
    with pytest.raises(Refused, match="commitment-late"):
        commands.commit_secret(sitting_code=SITTING, digest="ab" * 32, by=official(2), at=at)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seating_seat SET number = number + 1",
        "DELETE FROM seating_seat",
        "UPDATE seating_commitment SET digest = repeat('a', 64)",
        "UPDATE seating_commitment SET secret = repeat('a', 64)",
        "DELETE FROM seating_commitment",
        "DELETE FROM agencies_room",
    ],
)
def test_the_database_refuses_to_change_a_draw(at, statement):
    """Triggers refuse the application to move or delete seats, commitments and rooms with seats."""
    drawn(at)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Seat.objects.exists()
    assert Commitment.objects.count() == 2


@pytest.mark.parametrize(
    "change", [{"room_id": -1}, {"paper_id": -1}, {"agency_code": "3202"}, {"number": 31}, {"draw_id": -1}]
)
def test_the_database_refuses_a_seat_that_fits_nothing(at, change):
    """The seat trigger refuses a room, paper, agency, number or draw that does not fit; the true one passes."""
    from tests.factories.seating import revealed
    from zikao.stages.agencies.models import Room
    from zikao.stages.entries.models import Entry

    draw = revealed(at, candidates=1)
    entry = Entry.objects.filter(state="paid").earliest("id")
    room = Room.objects.select_related("site").earliest("id")
    row = {
        "id": entry.pk, "entry_id": entry.pk, "draw_id": draw.pk, "paper_id": entry.paper_id, "unit_id": entry.unit_id,
        "room_id": room.pk, "number": 1, "agency_code": room.site.agency_code,
    }  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        Seat.objects.create(**{**row, **change})
    Seat.objects.create(**row)
