"""Ways to make papers, scans and their history disappear early; the database refuses each to the application's role."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import retention as make
from tests.factories.approvals import sign_all
from tests.factories.marking import a_paper_in_marking
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals.models import Approval
from zikao.foundation.retention import commands
from zikao.foundation.retention.models import Destruction

OFFICER = Actor("邓刚", Post.PAPERS_OFFICER, "32")


def refused(sql: str, *values: object, match: str = r"retention|append-only|permission denied|violates") -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def approved_early(db: None, at: datetime) -> int:
    """A list of things whose time runs, written past the commands and called approved."""
    held = make.a_holding(at)
    commands.note_publication(matter=make.MATTER, on=at.date() - timedelta(days=2000), evidence=b"x", by=OFFICER, at=at)
    row = Destruction.objects.create(
        number="销2026-9999", state="proposed", method="pulped", place="x", reason="x", digest="0" * 64,
        proposed_at=at, carried_out_by=1, carried_out_at=at, witnessed_by=2, agency_code="32",
    )  # fmt: skip
    row.items.create(holding=held)
    row.state = "approved"
    row.save()
    return row.pk


def test_a_list_of_things_whose_time_runs_is_not_carried_out(approved_early: int) -> None:
    """A destruction written past the commands is refused while the term counted from the day of entry runs."""
    refused(
        "UPDATE retention_destruction SET state = 'carried-out' WHERE id = %s",
        approved_early,
        match="must still be kept",
    )


def test_a_list_does_not_jump_to_destroyed(approved_early: int) -> None:
    """Approved, carried out, witnessed: no state is skipped."""
    refused("UPDATE retention_destruction SET state = 'destroyed' WHERE id = %s", approved_early)


def test_a_destruction_is_not_born_destroyed(db: None, at: datetime) -> None:
    """A row inserted in its last state is refused."""
    refused(
        "INSERT INTO retention_destruction (number, state, method, place, reason, digest, proposed_at, carried_out_by,"
        " carried_out_post, witnessed_by, agency_code) VALUES ('销2026-1', 'destroyed', 'pulped', '', '', '', now(),"
        " 1, '', 2, '32')"
    )


def test_the_clock_of_a_matter_is_not_turned_back(approved_early: int) -> None:
    """The day on which the time began can neither be changed nor deleted."""
    refused("UPDATE retention_clock SET started_on = '2000-01-01'")
    refused("DELETE FROM retention_clock")


def test_the_instant_of_entry_is_the_servers(db: None) -> None:
    """The application cannot say that a clock was entered long ago."""
    refused(
        "INSERT INTO retention_clock (matter, event, started_on, recorded_at)"
        " VALUES ('2020-10', 'publication', '2000-01-01', '2000-01-01')"
    )


def test_the_terms_are_not_shortened(db: None) -> None:
    """The table of terms is read-only to the application."""
    refused("UPDATE retention_term SET months = 0")
    refused("INSERT INTO retention_term VALUES ('tea', 'EA-44', 'publication', 0)")


def test_what_is_kept_changes_neither_kind_nor_sitting(approved_early: int) -> None:
    """Thirty years do not become six months by another name."""
    refused("UPDATE retention_holding SET kind = 'papers'")
    refused("UPDATE retention_holding SET matter = '2019-04'")
    refused("DELETE FROM retention_holding")
    refused("TRUNCATE retention_holding CASCADE")


def test_an_approved_list_is_neither_lengthened_nor_emptied(approved_early: int, at: datetime) -> None:
    """What was signed is what is destroyed."""
    other = make.a_holding(at, title="另一批")
    refused(
        "INSERT INTO retention_destructionitem (destruction_id, holding_id, is_live) VALUES (%s, %s, true)",
        approved_early,
        other.pk,
    )
    refused("DELETE FROM retention_destructionitem")


def test_a_hold_is_not_deleted_and_not_released_by_who_placed_it(approved_early: int, at: datetime) -> None:
    """Evidence for a case does not go because one person wishes it."""
    head = make.somebody(at, Post.RECORDS_HEAD)
    listed = list(Destruction.objects.get(pk=approved_early).items.values_list("holding_id", flat=True))
    held = commands.place_hold(title="诉讼", reason="调卷", cases=[], holding_ids=listed, by=head, at=at).value
    refused("DELETE FROM retention_heldthing")
    refused("DELETE FROM retention_hold")
    refused(
        "UPDATE retention_hold SET released_at = now(), release_reason = 'x', released_by = placed_by WHERE id = %s",
        held.pk,
    )
    refused("UPDATE retention_hold SET placed_by = NULL WHERE id = %s", held.pk)


def test_a_stored_file_is_not_erased_without_its_destruction(approved_early: int) -> None:
    """Bytes go with a destruction that is over, never otherwise."""
    refused(
        "INSERT INTO storage_erasedfile (digest, destruction_id, erased_at) VALUES (repeat('0', 64), %s, now())",
        approved_early,
    )


@pytest.mark.parametrize("table", ["marking_card", "marking_scanbatch"])
def test_scanned_cards_are_not_deleted(db: None, at: datetime, table: str) -> None:
    """Thirty years are not shortened by a DELETE or a TRUNCATE."""
    a_paper_in_marking(at)
    refused(f"DELETE FROM {table}")
    refused(f"TRUNCATE {table} CASCADE")


def test_the_owner_without_triggers_by_setting_is_refused_too(db: None, owner_connection: psycopg.Connection) -> None:
    """session_replication_role is not the owner's to set, and the triggers are ENABLE ALWAYS."""
    with pytest.raises(psycopg.Error):
        owner_connection.execute("SET session_replication_role = replica")
    owner_connection.rollback()
    always = owner_connection.execute(
        "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'retention\\_%' OR tgname LIKE 'kept\\_%'"
    ).fetchall()
    assert always
    assert {each[1] for each in always} == {"A"}


def test_a_witness_is_not_the_executor_even_past_the_commands(transactional_db: None, at: datetime) -> None:
    """One account in both places is refused by a constraint."""
    make.started_long_ago(make.owner_url())
    held = make.a_holding(at)
    row = commands.propose_destruction(
        holding_ids=[held.pk], method="pulped", place="x", reason="x", by=make.somebody(at, Post.SCORE_OFFICER), at=at
    ).value
    Destruction.objects.filter(pk=row.pk).update(state="approved")
    carried_out = "UPDATE retention_destruction SET state = 'carried-out', carried_out_by = 1 WHERE id = %s"
    refused(carried_out, row.pk, match="the list is not approved")
    Destruction.objects.filter(pk=row.pk).update(state="proposed")
    sign_all(Approval.objects.get(pk=row.approval_id), at)
    commands.carry_out_destruction(destruction_id=row.pk, by=make.somebody(at, Post.RECORDS_CLERK), at=at)
    refused("UPDATE retention_destruction SET state = 'destroyed', witnessed_by = carried_out_by WHERE id = %s", row.pk)
