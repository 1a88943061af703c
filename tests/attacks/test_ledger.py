"""Attacks on the ledger: as the application, as the owner, and as a superuser who switches the triggers off."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.foundation.test_ledger import committed, verified, write
from zikao.foundation import ledger
from zikao.foundation.ledger.entry import ENTRY_SQL
from zikao.foundation.ledger.models import Checkpoint, Leaf, Line

TABLES = ["ledger_line", "ledger_leaf", "ledger_batch", "ledger_checkpoint"]
KEY = {"ledger_line": "id", "ledger_leaf": "seq", "ledger_batch": "id", "ledger_checkpoint": "tree_size"}


@pytest.fixture
def filled(at):
    """Twelve lines, placed and signed at 4, 8 and 12."""
    for number in range(12):
        write(at, number)
        if number % 4 == 3:
            ledger.sequence()
            ledger.checkpoint(at)
    assert verified().holds
    return list(Line.objects.values_list("id", flat=True))


@pytest.fixture
def tamper(owner_connection):
    """Run statements as the owner with every trigger off."""

    def run(*statements):
        for table in TABLES:
            owner_connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            owner_connection.execute(statement)
        for table in TABLES:
            owner_connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        owner_connection.commit()

    return run


def found():
    return {(each.kind, each.line_id) for each in verified().problems}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
@pytest.mark.django_db
def test_application_is_refused_any_change(table, statement):
    """The application's role holds no right to update, delete or truncate any table of the ledger."""
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, KEY[table]))


@pytest.mark.parametrize("column", ["id", "xid", "recorded_at"])
@pytest.mark.django_db
def test_application_cannot_choose_place_or_clock_of_a_line(column):
    """The application's role may not set a line's number, transaction or recording time: the server does."""
    value = "now()" if column == "recorded_at" else "'1'"
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ledger_line ({column}, at, post, agency_code, command, subject, clauses, facts)"
            f" VALUES ({value}, now(), 'node', '', 'x', '', '{{}}', '{{}}')"
        )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
@committed
def test_owner_is_refused_any_change(table, statement, owner_connection):
    """A trigger refuses even the tables' owner every update, delete and truncate in the ledger."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner_connection.execute(statement.format(table, KEY[table]))


@committed
def test_replica_role_does_not_switch_the_triggers_off(filled, test_node):
    """The append-only trigger fires in replica mode, too: a superuser's delete there is refused."""
    with psycopg.connect(test_node.cluster.superuser_url(connection.settings_dict["NAME"])) as superuser:
        superuser.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            superuser.execute("DELETE FROM ledger_line")


CHANGES = {
    "at": "at + interval '1 microsecond'",
    "recorded_at": "recorded_at - interval '1 day'",
    "xid": "'1'::xid8",
    "account_id": "NULL",
    "appointment_id": "appointment_id + 1",
    "post": "'node'",
    "agency_code": "'320103'",
    "command": "'candidates.left'",
    "subject": "subject || ' '",
    "clauses": "ARRAY['SR-3.1', '']",
    "facts": 'facts || \'{"state": "考生 "}\'',
    "before": "'\\x'::bytea",
    "after": "NULL",
    "idempotency_key": "''",
}


def test_every_column_is_attacked():
    """The list of attacked columns is that of the table: a column added later must be attacked as well."""
    assert {*CHANGES, "id"} == {field.column for field in Line._meta.concrete_fields}


@pytest.mark.parametrize("column", CHANGES)
@committed
def test_superuser_changes_a_column_and_is_found(filled, tamper, column):
    """With all triggers off, the verifier finds a change in any single column and names that line alone."""
    tamper(f"UPDATE ledger_line SET {column} = {CHANGES[column]} WHERE id = {filled[5]}")
    assert found() == {("changed", filled[5])}


@committed
def test_superuser_changes_a_line_and_its_leaf_and_is_found(filled, tamper):
    """A line rewritten together with its leaf hash no longer fits the signed root of the batch around it."""
    tamper(f"UPDATE ledger_line SET post = 'node' WHERE id = {filled[5]}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ENTRY_SQL} FROM ledger_line line WHERE id = {filled[5]}")
        forged = ledger.leaf_hash(bytes(cursor.fetchone()[0]))
    tamper(f"UPDATE ledger_leaf SET hash = '\\x{forged.hex()}' WHERE line_id = {filled[5]}")
    assert [(each.kind, each.detail) for each in verified().problems] == [("root", "4-8")]


@committed
def test_superuser_removes_a_line_and_is_found(filled, tamper):
    """A line deleted with the triggers off is reported as removed, by its number, from the leaf left behind."""
    tamper(f"DELETE FROM ledger_line WHERE id = {filled[5]}")
    assert found() == {("removed", filled[5])}


@committed
def test_superuser_removes_a_line_with_its_place_and_is_found(filled, tamper):
    """A line deleted with its leaf leaves a gap in the sequence and breaks the signed root of its batch."""
    tamper(f"DELETE FROM ledger_line WHERE id = {filled[5]}", f"DELETE FROM ledger_leaf WHERE line_id = {filled[5]}")
    problems = verified().problems
    assert ("leaf-removed", 5) in {(each.kind, each.seq) for each in problems}
    assert ("root", "4-8") in {(each.kind, each.detail) for each in problems}


@committed
def test_superuser_removes_a_line_and_closes_the_gap_and_is_found(filled, tamper):
    """Leaves renumbered after a deletion break the signed root and make the ledger shorter than signed."""
    tamper(
        f"DELETE FROM ledger_line WHERE id = {filled[5]}",
        f"DELETE FROM ledger_leaf WHERE line_id = {filled[5]}",
        "UPDATE ledger_leaf SET seq = -seq WHERE seq > 5",
        "UPDATE ledger_leaf SET seq = -seq - 1 WHERE seq < 0",
    )
    assert {("root", "4-8"), ("truncated", "12")} <= {(each.kind, each.detail) for each in verified().problems}


@committed
def test_superuser_removes_the_tail_and_is_found(filled, tamper):
    """Newest lines deleted with their leaves: the ledger is shorter than the size of its last checkpoint."""
    tamper(
        f"DELETE FROM ledger_line WHERE id >= {filled[10]}", f"DELETE FROM ledger_leaf WHERE line_id >= {filled[10]}"
    )
    assert ("truncated", "12") in {(each.kind, each.detail) for each in verified().problems}


@committed
def test_tail_removed_with_its_checkpoint_is_found_by_the_note_kept_elsewhere(filled, tamper):
    """A tail cut off with its checkpoint verifies alone; the signed note kept elsewhere shows the cut."""
    note = Checkpoint.objects.get(tree_size=12).note
    tamper(
        f"DELETE FROM ledger_line WHERE id >= {filled[8]}",
        f"DELETE FROM ledger_leaf WHERE line_id >= {filled[8]}",
        "DELETE FROM ledger_checkpoint WHERE tree_size = 12",
        "DELETE FROM ledger_batch WHERE tree_size = 12",
    )
    assert verified().holds  # the database alone cannot tell
    assert ("truncated", "12") in {(each.kind, each.detail) for each in verified(kept_notes=[note]).problems}


@committed
def test_superuser_inserts_a_line_in_the_past_and_is_found(filled, tamper):
    """A forged line without a leaf before ones already placed is reported as inserted."""
    tamper(
        "INSERT INTO ledger_line (id, xid, at, post, agency_code, command, subject, clauses, facts)"
        " OVERRIDING SYSTEM VALUE"
        f" SELECT 0, xid, at, post, agency_code, command, 'forged', clauses, facts FROM ledger_line"
        f" WHERE id = {filled[5]}"
    )
    assert found() == {("inserted", 0)}


@committed
def test_superuser_inserts_a_line_with_a_place_and_is_found(filled, tamper):
    """A forged line that is given a place in the sequence fits neither its leaf nor the signed root."""
    tamper(
        "UPDATE ledger_leaf SET seq = -seq WHERE seq >= 6",
        "UPDATE ledger_leaf SET seq = -seq + 1 WHERE seq < 0",
        "INSERT INTO ledger_line (id, xid, at, post, agency_code, command, subject, clauses, facts)"
        " OVERRIDING SYSTEM VALUE"
        f" SELECT 0, xid, at, post, agency_code, command, 'forged', clauses, facts FROM ledger_line"
        f" WHERE id = {filled[5]}",
        "INSERT INTO ledger_leaf (seq, line_id, hash) VALUES (6, 0, sha256('x'))",
    )
    assert ("changed", 0) in found()
    assert ("root", "4-8") in {(each.kind, each.detail) for each in verified().problems}


@committed
def test_superuser_swaps_two_places_and_is_found(filled, tamper):
    """Two leaves that change places in the sequence are reported as reordered."""
    first, second = filled[5], filled[6]
    tamper(
        "UPDATE ledger_leaf SET seq = -1 WHERE seq = 5",
        "UPDATE ledger_leaf SET seq = 5 WHERE seq = 6",
        "UPDATE ledger_leaf SET seq = 6 WHERE seq = -1",
    )
    assert list(Leaf.objects.filter(seq__in=(5, 6)).values_list("line_id", flat=True)) == [second, first]
    assert ("reordered", first) in found()


@committed
def test_superuser_swaps_the_contents_of_two_lines_and_is_found(filled, tamper):
    """Two lines that exchange their numbers both differ from the leaf hashes kept under those numbers."""
    first, second = filled[5], filled[6]
    tamper(
        f"UPDATE ledger_line SET id = -1 WHERE id = {first}",
        f"UPDATE ledger_line SET id = {first} WHERE id = {second}",
        f"UPDATE ledger_line SET id = {second} WHERE id = -1",
    )
    assert found() == {("changed", first), ("changed", second)}


@pytest.mark.parametrize(
    "change",
    ["root = sha256('x')", "signed_at = signed_at - interval '1 day'", "key_id = 'none'", "note = note || ' '"],
)
@committed
def test_superuser_changes_a_checkpoint_and_is_found(filled, tamper, change):
    """A change in a checkpoint's root, time, key or note breaks its signature."""
    tamper(f"UPDATE ledger_checkpoint SET {change} WHERE tree_size = 8")
    assert ("signature", "8") in {(each.kind, each.detail) for each in verified().problems}
