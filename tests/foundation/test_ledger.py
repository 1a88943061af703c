"""Lines, their order, checkpoints and the verifier, on the real database."""

import threading
import time
from contextlib import suppress

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from zikao.foundation import crypto, ledger
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger import entry, sequencer, verify
from zikao.foundation.ledger.models import Batch, Checkpoint, Leaf, Line
from zikao.foundation.witness import verify as verify_command

CLERK = Actor("Alice", Post.COUNTY_CLERK, "320102", account_id=7, appointment_id=9)
committed = pytest.mark.django_db(transaction=True)


def write(at, number=1, **more):
    given = {
        "at": at,
        "actor": CLERK,
        "command": "candidates.registered",
        "subject": f"candidates.candidate:{number}",
        "clauses": ("SR-3.1",),
        "facts": {"candidate": number, "state": "考生"},
        "before": None,
        "after": crypto.sm3(b"after"),
        "key": None,
    }
    return ledger.append(**(given | more))


def conninfo():
    known = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{name: known[name] for name in ("dbname", "user", "password", "host", "port")}
    )


def verified(**more):
    return verify.verify_ledger(conninfo(), public_keys=crypto.public_keys(), origin="province:32", **more)


@pytest.mark.django_db
def test_history_of_an_object_shows_its_lines_newest_first(at):
    first, other, second = write(at, 1), write(at, 2), write(at, 1, clauses=())
    lines = ledger.lines_about("candidates.candidate:1")
    assert [line.id for line in lines] == [second, first]
    assert lines[1].clauses == ("SR-3.1",)
    assert lines[1].facts == {"candidate": 1, "state": "考生"}
    assert (lines[1].at, lines[1].post_label, lines[1].sequence) == (at, "县区报名员", None)
    assert [line.id for line in ledger.lines_about("candidates.candidate:2", limit=1)] == [other]
    assert ledger.line_of_id(other).subject == "candidates.candidate:2"


@pytest.mark.django_db
def test_one_key_writes_one_line(at):
    line = write(at, key="form-1")
    assert ledger.line_of_key("form-1").id == line
    assert ledger.line_of_key("form-1").account_id == 7
    assert ledger.line_of_key("form-2") is None
    with pytest.raises(IntegrityError), transaction.atomic():
        write(at, key="form-1")


@pytest.mark.django_db
def test_server_gives_transaction_and_clock(at):
    write(at)
    line = Line.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        assert str(line.xid) == cursor.fetchone()[0]
    assert line.recorded_at is not None


def test_entry_covers_every_column():
    assert list(entry.COLUMNS) == [field.column for field in Line._meta.concrete_fields]


@pytest.mark.django_db
def test_entries_of_different_lines_differ_however_the_values_are_cut(at):
    pairs = [("a,b", "c"), ("a", "b,c"), ('a","b', "c"), ("a", 'b","c'), ("", "a,b,c"), ("a\\", ",b"), ("a", "\\,b")]
    for command, subject in pairs:
        write(at, command=command, subject=subject)
    same = {"id": "0", "xid": "0", "recorded_at": "0"}
    columns = ", ".join(same.get(name, value) for name, value in entry.COLUMNS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ROW({columns})::text FROM ledger_line line")
        entries = [row[0] for row in cursor.fetchall()]
    assert len(set(entries)) == len(pairs)


@committed
def test_sequencer_places_each_line_once_and_in_order(at):
    written = [write(at, number) for number in range(5)]
    assert ledger.sequence() == 5
    assert ledger.sequence() == 0
    written += [write(at, number) for number in range(3)]
    assert ledger.sequence(limit=2) == 2
    assert ledger.sequence() == 1
    assert list(Leaf.objects.values_list("seq", "line_id")) == list(enumerate(written))
    assert ledger.lines_about("candidates.candidate:4")[0].sequence == 4


@committed
def test_sequencer_waits_for_a_transaction_that_began_earlier(at):
    with psycopg.connect(conninfo()) as other:
        other.execute(
            "INSERT INTO ledger_line (at, post, agency_code, command, subject, clauses, facts)"
            " VALUES (now(), 'node', '', 'x.y', '', '{}', '{}')"
        )
        write(at)
        assert ledger.sequence() == 0
        other.commit()
    assert ledger.sequence() == 2
    assert list(Leaf.objects.values_list("line_id", flat=True)) == sorted(Line.objects.values_list("id", flat=True))


@committed
def test_sequencer_does_not_wait_for_another_database(at, test_node):
    with psycopg.connect(test_node.cluster.superuser_url("postgres")) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        write(at)
        assert ledger.sequence() == 1
        elsewhere.rollback()


@committed
def test_two_sequencers_do_not_place_a_line_twice(at):
    for number in range(200):
        write(at, number)

    def work():
        try:
            ledger.sequence()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.sequence()
    assert list(Leaf.objects.values_list("seq", flat=True)) == list(range(200))


@committed
def test_checkpoint_signs_the_head_once(at):
    assert ledger.checkpoint(at) is None
    for number in range(7):
        write(at, number)
    ledger.sequence()
    assert ledger.checkpoint(at) == 7
    assert ledger.checkpoint(at) is None
    head = Checkpoint.objects.get()
    assert head.note.startswith("zikao ledger province:32\n7\n")
    assert crypto.verify(head.note.encode(), bytes(head.signature), crypto.public_key_pem())


@committed
def test_receipt_is_proven_against_the_checkpoint(at):
    for number in range(11):
        write(at, number)
    ledger.sequence()
    ledger.checkpoint(at)
    root = bytes(Checkpoint.objects.get(tree_size=11).root)
    leaf = bytes(Leaf.objects.get(seq=4).hash)
    proof = ledger.prove_inclusion(4, 11)
    assert ledger.verify_inclusion(leaf, proof, root)
    assert not ledger.verify_inclusion(leaf, proof._replace(seq=5), root)
    assert ledger.prove_inclusions([4, 10], 11)[0] == proof
    for seq, size in ((11, 11), (-1, 11), (0, 12)):
        with pytest.raises(NotFound):
            ledger.prove_inclusion(seq, size)
    for old, new in ((0, 11), (12, 11), (1, 12)):
        with pytest.raises(NotFound):
            ledger.prove_consistency(old, new)
    for number in range(6):
        write(at, number)
    ledger.sequence()
    ledger.checkpoint(at)
    new = bytes(Checkpoint.objects.get(tree_size=17).root)
    assert ledger.verify_consistency(11, root, 17, new, ledger.prove_consistency(11, 17))


@committed
def test_verifier_accepts_an_untouched_ledger(at, capsys):
    assert verified().holds
    for number in range(9):
        write(at, number)
        if number % 4 == 0:
            ledger.sequence()
            ledger.checkpoint(at)
    ledger.sequence()
    write(at, 10)
    result = verified()
    assert result.problems == []
    assert (result.lines, result.leaves, result.pending, result.checkpoints) == (10, 9, 1, 3)
    assert verify_command.main([]) == 0
    assert "台账完整" in capsys.readouterr().out
    assert verify_command.main(["--json"]) == 0
    assert '"holds": true' in capsys.readouterr().out
    assert verify_command.main(["--no-such"]) == 2


@committed
def test_verifier_holds_over_chunks_and_processes(at, monkeypatch):
    from zikao.foundation.ledger import audit

    monkeypatch.setattr(audit, "PARALLEL_FROM", 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_line (at, post, agency_code, command, subject, clauses, facts)"
            " SELECT now(), 'node', '', 'x.y', n::text, '{}', '{}' FROM generate_series(1, %s) n",
            [2 * audit.CHUNK],
        )
    ledger.sequence()
    ledger.checkpoint(at)
    assert ledger.checkpoint(at) is None
    ledger.sequence(10**9)
    ledger.checkpoint(at)
    result = verified()
    assert result.problems == []
    assert result.signed == 2 * audit.CHUNK


@committed
def test_checkpoints_hold_after_the_signing_key_is_rotated(at, tmp_path, settings):
    settings.ZIKAO_KEYS = tmp_path / "keys"
    crypto.create_keys(settings.ZIKAO_KEYS)
    for number in range(2):
        write(at, number)
        ledger.sequence()
        ledger.checkpoint(at)
        crypto.add_signing_key(settings.ZIKAO_KEYS)
        crypto.forget_keys()
    assert len(set(Checkpoint.objects.values_list("key_id", flat=True))) == 2
    assert verified().holds


def rebased() -> int:
    """Rebase as an operator does: again while somebody writes; here that is another process's tests."""
    for _ in range(200):
        with suppress(ledger.LedgerBusy):
            return ledger.rebase()
        time.sleep(0.05)
    return ledger.rebase()


@committed
def test_sequencer_stops_in_a_foreign_cluster_until_it_is_rebased(at, monkeypatch):
    placed = [write(at, 1)]
    ledger.sequence()
    ledger.checkpoint(at)
    left = write(at, 2)
    # a dump restored elsewhere: the same rows, another cluster, transaction ids from the start
    monkeypatch.setattr(sequencer, "_cluster", lambda: "another")
    with pytest.raises(ledger.LedgerMoved):
        ledger.sequence()
    assert rebased() == 1
    assert Batch.objects.last().epoch == left + 1
    assert Batch.objects.last().last_xid == 0
    new = write(at, 3)
    assert ledger.sequence() == 1
    ledger.checkpoint(at)
    assert list(Leaf.objects.values_list("line_id", flat=True)) == [*placed, left, new]
    assert verified().problems == []


@committed
def test_rebase_waits_while_somebody_writes(at):
    write(at)
    with psycopg.connect(conninfo()) as other:
        other.execute("SELECT pg_current_xact_id()")
        with pytest.raises(ledger.LedgerBusy):
            ledger.rebase()
