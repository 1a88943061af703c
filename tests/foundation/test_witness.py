"""Two nodes that witness each other: what is cosigned, what is found, what has one effect."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.factories.actors import clerk
from tests.factories.nodes import CENTRE, HERE, THERE, Nodes
from tests.factories.witness import head_of, leaves, lines_written
from zikao.foundation import storage
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.errors import BadInput, NotFound, Refused, WrongState
from zikao.foundation.ledger.models import Line
from zikao.foundation.ledger.tree import consistency_path
from zikao.foundation.witness import caring, commands, inbox, queries
from zikao.foundation.witness.files import all_digests, check_files, some_digests
from zikao.foundation.witness.files import main as verify_files
from zikao.foundation.witness.models import Alarm, Cosigned, Offer, Restore, Seen

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)
AUDITOR = clerk(Post.AUDITOR, "32")
REASON = "数据盘损坏，从八月二十日凌晨的备份恢复，见运维记录第 12 号。"


@pytest.fixture
def nodes(tmp_path, at, monkeypatch):
    return Nodes(tmp_path, at, monkeypatch)


def show(nodes, head, at, base=0, proof=None, origin=HERE):
    """The centre gets a head of a node."""
    steps = tuple(proof) if proof is not None else consistency_path(head.leaves, base) if base else ()
    with nodes.at(CENTRE):
        return commands.witness_checkpoint(
            peer=origin, note=head.note, signature=head.signature.hex(), base=base, proof=steps, by=node_actor(), at=at
        )


def exchange_all(nodes, at):
    for _ in range(3):
        for node in (HERE, CENTRE):
            nodes.deliver(node, at)


def test_a_province_offers_to_the_centre_and_the_centre_to_every_province(nodes):
    assert queries.witnesses() == [CENTRE]
    with nodes.at(CENTRE):
        assert queries.witnesses() == [HERE, THERE]


@committed
def test_a_checkpoint_goes_out_and_its_cosignature_comes_back(nodes, at):
    lines_written(at)
    assert caring.offer_due(at) == 1
    exchange_all(nodes, at)
    seen, kept = Seen.objects.get(), Cosigned.objects.get()
    assert (seen.origin, seen.tree_size, kept.witness, kept.tree_size) == (HERE, 6, CENTRE, 6)
    assert seen.note == kept.note
    assert list(Line.objects.filter(command__startswith="witness.").values_list("command", flat=True)) == [
        "witness.offered",
        "witness.witnessed",
        "witness.cosigned",
    ]


@committed
def test_the_next_offer_carries_the_proof_from_the_one_before(nodes, at):
    lines_written(at)
    caring.offer_due(at)
    exchange_all(nodes, at)
    later = at + timedelta(hours=1)
    lines_written(later, 5, first=10)
    assert caring.offer_due(later) == 1
    exchange_all(nodes, later)
    offer = Offer.objects.last()
    assert (offer.base_size, Seen.objects.last().base_size) == (6, 6)
    assert Cosigned.objects.last().tree_size == offer.tree_size > 11
    assert not Alarm.objects.exists()


@committed
def test_witnessing_alone_gives_no_reason_to_witness_again(nodes, at):
    lines_written(at)
    caring.offer_due(at)
    exchange_all(nodes, at)
    later = at + timedelta(hours=1)
    lines_written(later, 0)  # only the lines of witnessing itself are new
    assert queries.last_checkpoint().tree_size > 3
    assert caring.offer_due(later) == 0


@committed
def test_no_offer_sooner_than_the_parameter_or_while_one_is_on_its_way(nodes, at):
    lines_written(at)
    assert [caring.offer_due(at + timedelta(minutes=after)) for after in (0, 9, 11)] == [1, 0, 0]
    assert queries.unanswered_since(CENTRE) == at
    exchange_all(nodes, at + timedelta(minutes=12))
    assert queries.unanswered_since(CENTRE) is None


def test_the_same_message_again_has_one_effect(nodes, at):
    head = head_of(leaves(5), at)
    first = show(nodes, head, at)
    again = show(nodes, head, at)
    assert (first.value.tree_size, again.value, Seen.objects.count()) == (5, None, 1)


def test_a_late_message_has_no_effect_and_is_no_alarm(nodes, at):
    early, last = head_of(leaves(5), at, 1), head_of(leaves(9), at, 2)
    show(nodes, last, at)
    show(nodes, early, at)
    assert (Seen.objects.get().tree_size, Alarm.objects.count()) == (9, 0)


def test_a_proof_from_another_head_than_the_last_is_answered_with_the_last_cosignature(nodes, at):
    for size, base in ((4, 0), (8, 4)):
        show(nodes, head_of(leaves(size), at, size), at, base)
    show(nodes, head_of(leaves(12), at, 12), at, 4)
    assert list(Seen.objects.values_list("tree_size", flat=True)) == [4, 8]
    assert not Alarm.objects.exists()


@pytest.mark.parametrize(
    ("kind", "made", "minutes", "base"),
    [("forked", leaves(8, "x"), 9, 4), ("inconsistent", leaves(12, "x"), 9, 8), ("shrunk", leaves(6), 9, 0)],
)
def test_two_histories_are_found_with_both_notes_and_the_accused_is_told(nodes, at, kind, made, minutes, base):
    held, shown = head_of(leaves(8), at), head_of(made, at, minutes)
    show(nodes, held, at)
    receipt = show(nodes, shown, at, base)
    found = Alarm.objects.get()
    assert (found.kind, found.origin, found.told_by) == (kind, HERE, "")
    assert (found.held_note, found.shown_note) == (held.note, shown.note)
    assert (bytes(found.held_signature), bytes(found.shown_signature)) == (held.signature, shown.signature)
    assert Line.objects.get(pk=receipt.line_id).facts["judgement"] == kind
    nodes.deliver(CENTRE, at)
    told = Alarm.objects.get(told_by=CENTRE)
    assert (told.kind, told.origin, told.held_note, told.shown_note) == (kind, HERE, held.note, shown.note)
    show(nodes, shown, at, base)
    assert Alarm.objects.count() == 2, "the same evidence is one alarm"


def test_a_node_with_an_open_alarm_is_cosigned_no_more_until_it_is_settled(nodes, at):
    show(nodes, head_of(leaves(8), at), at)
    show(nodes, head_of(leaves(8, "x"), at, 1), at)
    onward = head_of(leaves(12), at, 2)
    with pytest.raises(Refused) as refused:
        show(nodes, onward, at, 8)
    assert refused.value.clause == "EA-49.1"
    commands.settle_alarm(alarm_id=Alarm.objects.get().pk, reason=REASON, by=AUDITOR, at=at)
    assert show(nodes, onward, at, 8).value.tree_size == 12


def test_an_alarm_is_settled_once_by_an_auditor_with_a_reason(nodes, at):
    show(nodes, head_of(leaves(8), at), at)
    show(nodes, head_of(leaves(8, "x"), at, 1), at)
    alarm = Alarm.objects.get()
    with pytest.raises(BadInput):
        commands.settle_alarm(alarm_id=alarm.pk, reason="好了", by=AUDITOR, at=at)
    commands.settle_alarm(alarm_id=alarm.pk, reason=REASON, by=AUDITOR, at=at)
    with pytest.raises(WrongState):
        commands.settle_alarm(alarm_id=alarm.pk, reason=REASON, by=AUDITOR, at=at)
    assert not queries.open_alarms().exists()
    assert Alarm.objects.count() == 1, "the evidence stays"


def restored(nodes, at, made, minutes=30, base=4):
    """A node shows a shorter history, is found, and declares the restore."""
    for size, from_size in ((4, 0), (8, 4)):
        show(nodes, head_of(leaves(size), at, size), at, from_size)
    head = head_of(made, at, minutes)
    show(nodes, head, at, base)
    with nodes.at(CENTRE):
        return commands.keep_restore(
            peer=HERE,
            note=head.note,
            signature=head.signature.hex(),
            base=base,
            proof=consistency_path(made, base),
            reason=REASON,
            by=node_actor(),
            at=at,
        ).value


def test_a_declared_restore_is_accepted_by_the_witness_and_history_goes_on(nodes, at):
    restore = restored(nodes, at, leaves(6))
    assert (restore.is_proven, restore.held_size, restore.tree_size) == (True, 8, 6)
    with nodes.at(CENTRE):
        commands.accept_restore(restore_id=restore.pk, reason=REASON, by=AUDITOR, at=at)
    assert (queries.last_seen(HERE).era, queries.last_seen(HERE).tree_size) == (1, 6)
    assert not queries.open_alarms().exists()
    onward = head_of((*leaves(6), *leaves(3, "new")), at, 40)
    assert show(nodes, onward, at, 6).value.era == 1


def test_after_a_restore_the_lost_heads_count_no_more_but_the_kept_ones_do(nodes, at):
    restore = restored(nodes, at, leaves(6))
    with nodes.at(CENTRE):
        commands.accept_restore(restore_id=restore.pk, reason=REASON, by=AUDITOR, at=at)
    assert queries.seen_of_size(HERE, 8) is None
    assert queries.seen_of_size(HERE, 4).era == 0
    show(nodes, head_of((*leaves(6), *leaves(2, "new")), at, 40), at, 6)
    assert queries.seen_of_size(HERE, 8).era == 1
    assert not queries.open_alarms().exists()
    show(nodes, head_of(leaves(4, "x"), at, 41), at, 0)
    assert queries.open_alarms().get().kind == "forked"


def test_a_restore_that_does_not_go_on_from_a_cosigned_head_is_not_accepted(nodes, at):
    restore = restored(nodes, at, leaves(6, "x"))
    assert not restore.is_proven
    with nodes.at(CENTRE), pytest.raises(WrongState):
        commands.accept_restore(restore_id=restore.pk, reason=REASON, by=AUDITOR, at=at)
    with nodes.at(CENTRE):
        commands.refuse_restore(restore_id=restore.pk, reason=REASON, by=AUDITOR, at=at)
        with pytest.raises(WrongState):
            commands.refuse_restore(restore_id=restore.pk, reason=REASON, by=AUDITOR, at=at)
    assert queries.open_alarms().filter(told_by="").exists()


@committed
def test_a_declaration_reaches_the_witness_over_the_exchange(nodes, at):
    lines_written(at)
    caring.offer_due(at)
    exchange_all(nodes, at)
    lines_written(at, 4, first=10)
    commands.declare_restore(reason=REASON, by=AUDITOR, at=at)
    with pytest.raises(WrongState):
        commands.declare_restore(reason=REASON, by=AUDITOR, at=at)
    own = Restore.objects.get()
    assert (own.origin, own.tree_size) == (HERE, queries.last_checkpoint().tree_size)


@committed
def test_a_node_finds_itself_that_its_witness_saw_more(nodes, at):
    lines_written(at)
    lost = head_of(leaves(50), at)
    show(nodes, lost, at)
    nodes.deliver(CENTRE, at)
    own = Alarm.objects.get()
    assert (own.origin, own.kind, own.told_by, own.held_note) == (HERE, "shrunk", "", lost.note)
    assert not Cosigned.objects.exists()


@pytest.mark.parametrize("model", [Seen, Cosigned, Alarm, Offer, Restore])
def test_what_a_witness_holds_is_never_changed(nodes, at, model):
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(DatabaseError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_verdicts_of_verifications_are_kept(at):
    counts = {"leaves": 3, "pending": 0, "checkpoints": 1, "cosignatures": 0}
    row = commands.keep_verification(
        started_at=at, counts=counts, problems=[{"kind": "changed", "line_id": 7}], by=node_actor(), at=timezone.now()
    ).value
    assert (row.holds, row.problem_count) == (False, 1)


@pytest.fixture
def files(at, settings, tmp_path):
    settings.ZIKAO_FILES = tmp_path / "files"
    return [storage.put(f"答题卡 {number}".encode(), media_type="image/jpeg", at=at) for number in range(5)]


def test_a_data_file_altered_or_lost_on_disk_is_found(files, settings, capsys):
    assert check_files(all_digests()) == (5, [])
    assert sorted(some_digests(100)) == sorted(files)
    assert len(set(some_digests(3))) == 3
    assert verify_files([]) == 0
    changed, lost = files[1], files[3]
    path = settings.ZIKAO_FILES / changed[:2] / changed[2:4] / changed
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (settings.ZIKAO_FILES / lost[:2] / lost[2:4] / lost).unlink()
    count, problems = check_files(all_digests())
    assert (count, {(each.kind, each.detail) for each in problems}) == (
        5,
        {("file-damaged", changed[:12]), ("file-missing", lost[:12])},
    )
    assert verify_files(["--json"]) == 1
    assert changed[:12] in capsys.readouterr().out
    assert verify_files(["--what"]) == 2


@committed
def test_the_witnesss_answer_settles_our_alarm_and_is_kept(nodes, at):
    lines_written(at)
    commands.declare_restore(reason=REASON, by=AUDITOR, at=at)
    own = Restore.objects.get()
    nodes.deliver(HERE, at)
    lost = head_of(leaves(50), at)
    show(nodes, lost, at)
    nodes.deliver(CENTRE, at)  # its cosignature of a head that we no longer have: our own alarm
    assert queries.open_alarms(origin=HERE).count() == 1
    body = {"note": own.note, "is_accepted": False, "reason": REASON}
    inbox.restore_answered(body=body, peer=CENTRE, by=node_actor(), at=at)
    assert queries.open_alarms(origin=HERE).exists()
    inbox.restore_answered(body=body | {"is_accepted": True}, peer=CENTRE, by=node_actor(), at=at)
    assert not queries.open_alarms(origin=HERE).exists()
    assert Alarm.objects.get().settlement.how == "restored"
    with pytest.raises(NotFound):
        inbox.restore_answered(body=body | {"note": "other"}, peer=CENTRE, by=node_actor(), at=at)


def test_a_declaration_that_comes_again_has_one_effect(nodes, at):
    head = head_of(leaves(6), at)
    with nodes.at(CENTRE):
        for _ in range(3):
            inbox.restore_came(body=head.body() | {"reason": REASON}, peer=HERE, by=node_actor(), at=at)
        with pytest.raises(BadInput):
            inbox.restore_came(body=head.body() | {"reason": "短"}, peer=HERE, by=node_actor(), at=at)
    assert Restore.objects.count() == 1
