"""Attacks on witnesses and receipts: two histories, replays, stripped and foreign signatures, each field tampered with.

What each shows: a node cannot show two ledgers without leaving signed proof of it with its witness; nobody can make a
witness sign for another, or make an alarm without a node's own signatures; no field of a receipt or of a paper's code
can be changed without the check saying so.
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.nodes import CENTRE, HERE, THERE, Nodes
from tests.factories.witness import head_of, leaves, lines_written
from zikao.foundation import crypto, exchange
from zikao.foundation.actors import node_actor
from zikao.foundation.errors import BadInput, Refused
from zikao.foundation.ledger.checking import check_promise, check_receipt
from zikao.foundation.ledger.keybook import KeyBook
from zikao.foundation.ledger.notes import cosignature_text, instant, parse_note
from zikao.foundation.ledger.promises import decode_promise, encode_promise
from zikao.foundation.ledger.receipts import decode_receipt, encode_receipt
from zikao.foundation.ledger.tree import consistency_path
from zikao.foundation.witness import caring, commands, inbox, queries
from zikao.foundation.witness.keys import keybook
from zikao.foundation.witness.models import Alarm, Cosigned, Seen
from zikao.foundation.witness.receipts import make_receipt, paper_code

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nodes(tmp_path, at, monkeypatch):
    return Nodes(tmp_path, at, monkeypatch)


def show(nodes, head, at, base=0, proof=(), peer=HERE, witness=CENTRE, **changed):
    given = {"note": head.note, "signature": head.signature.hex(), "base": base, "proof": proof, **changed}
    with nodes.at(witness):
        return commands.witness_checkpoint(peer=peer, **given, by=node_actor(), at=at)


def test_a_fork_shown_to_a_witness_is_found_however_it_is_dressed(nodes, at):
    """A forked history raises an alarm with whatever proof it comes; the witness keeps the one seen first."""
    honest = head_of(leaves(8), at)
    show(nodes, honest, at)
    forked = leaves(16, "x")
    for proof in (consistency_path(leaves(16), 8), consistency_path(forked, 8), (), (bytes(32),) * 5):
        show(nodes, head_of(forked, at, 5), at, 8, tuple(proof))
    assert Alarm.objects.get(told_by="").kind == "inconsistent"
    assert Seen.objects.get().tree_size == 8


def test_different_histories_shown_to_two_witnesses_give_each_signed_proof(nodes, at):
    """The alarm over two histories keeps both notes with the node's own signatures, which anybody can check."""
    one, other = head_of(leaves(8), at), head_of(leaves(8, "x"), at)
    show(nodes, one, at, witness=CENTRE)
    show(nodes, other, at, witness=THERE)  # here both witnesses share one table: the second sees the first's
    found = Alarm.objects.get()
    assert {found.held_note, found.shown_note} == {one.note, other.note}
    for note, signature in ((found.held_note, found.held_signature), (found.shown_note, found.shown_signature)):
        assert crypto.verify(note.encode(), bytes(signature), crypto.public_key_pem()), "checkable by anyone"


@pytest.mark.parametrize(("minutes", "alarms"), [(-5, 0), (5, 1)])
def test_an_old_checkpoint_replayed_has_no_effect_but_a_newly_signed_shorter_one_is_found(nodes, at, minutes, alarms):
    """A shorter checkpoint signed before the one seen changes nothing; signed after it, it raises an alarm."""
    show(nodes, head_of(leaves(8), at), at)
    show(nodes, head_of(leaves(6), at, minutes), at)
    assert (Alarm.objects.count(), Seen.objects.get().tree_size) == (alarms, 8)


def test_the_same_and_other_messages_a_hundred_times_in_any_order_have_one_effect(nodes, at):
    """A hundred deliveries of three checkpoints out of order leave each recorded once and no alarm."""
    heads = {size: head_of(leaves(size), at, size) for size in (4, 8, 12)}
    for turn in range(100):
        size = (4, 8, 12)[turn * 7 % 3]
        base = {4: 0, 8: 4, 12: 8}[size]
        show(nodes, heads[size], at, base, consistency_path(leaves(size), base) if base else ())
    assert sorted(Seen.objects.values_list("tree_size", flat=True)) == [4, 8, 12]
    assert not Alarm.objects.exists()


def test_a_checkpoint_in_anothers_name_is_refused(nodes, at):
    """A witness refuses a peer's note from another origin and a note in the peer's name with another's key."""
    with nodes.at(THERE):
        foreign = head_of(leaves(4), at)
    with pytest.raises(BadInput, match="witness-foreign"):
        show(nodes, foreign, at, peer=HERE)
    with nodes.at(THERE):
        in_our_name = head_of(leaves(4), at, origin=HERE)
    with pytest.raises(BadInput, match="witness-signature"):
        show(nodes, in_our_name, at, peer=HERE)


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": "00" * 70},
        {"signature": "zz"},
        {"note": "hello"},
        {"note": "zikao ledger province:32\n-1\n\n\n\n"},
        {"note": "zikao ledger province:32\n" + "9" * 5000 + "\nAA==\n2026-01-01\nx\n"},
    ],
)
def test_malformed_and_unsigned_notes_are_refused_and_leave_nothing(nodes, at, changed):
    """A witness refuses broken signatures and notes, cites EA-49.1 and records nothing seen."""
    with pytest.raises(BadInput) as refused:
        show(nodes, head_of(leaves(4), at), at, **changed)
    assert refused.value.clause == "EA-49.1"
    assert not Seen.objects.exists()


def test_a_note_has_one_form_only(nodes, at):
    """The parser refuses a note with an added or missing newline, a leading zero or a sign at the size."""
    note = head_of(leaves(4), at).note
    for other in (note + "\n", note.replace("\n4\n", "\n04\n"), note.replace("\n4\n", "\n+4\n"), note.rstrip("\n")):
        with pytest.raises(ValueError, match="zikao"):
            parse_note(other)


@pytest.mark.parametrize(
    "body",
    [{}, {"note": 1}, {"note": "x", "signature": "00", "base": "0", "proof": []},
     {"note": "x", "signature": "00", "base": 0, "proof": ["00"]},
     {"note": "x", "signature": "00", "base": 0, "proof": [["00"]]},
     {"note": "x", "signature": "00", "base": 0, "proof": ["00" * 32] * 200}],
)  # fmt: skip
def test_messages_of_another_shape_are_refused(nodes, at, body):
    """The inbox refuses a checkpoint message with a missing or mistyped field, or a bad or too long proof."""
    with pytest.raises(BadInput):
        inbox.checkpoint_came(body=body, peer=HERE, by=node_actor(), at=at)


def cosignature(nodes, note, at, witness=CENTRE, named=None):
    with nodes.at(witness):
        key_id = crypto.signing_key_id()
        text = cosignature_text(note=note, witness=named or witness, cosigned_at=at, key_id=key_id)
        return {
            "note": note,
            "cosigned_at": instant(at),
            "key_id": key_id,
            "signature": crypto.sign(text.encode()).hex(),
        }


@committed
def test_a_cosignature_counts_only_for_its_witness_note_and_instant(nodes, at):
    """A cosignature of another witness, note, instant or key is refused; the true one is kept once."""
    lines_written(at)
    note = queries.last_checkpoint().note
    good = cosignature(nodes, note, at)
    others = [
        (CENTRE, cosignature(nodes, note, at, witness=THERE)),
        (CENTRE, cosignature(nodes, note, at, witness=THERE, named=CENTRE)),
        (THERE, good),
        (CENTRE, good | {"cosigned_at": instant(at + timedelta(seconds=1))}),
        (CENTRE, good | {"cosigned_at": "yesterday"}),
        (CENTRE, good | {"note": note.replace(HERE, THERE)}),
        (CENTRE, good | {"signature": "00" * 71}),
    ]
    for peer, body in others:
        with pytest.raises(BadInput, match="cosignature-wrong"):
            commands.keep_cosignature(peer=peer, **body, by=node_actor(), at=at)
    assert not Cosigned.objects.exists()
    for _ in range(3):
        commands.keep_cosignature(peer=CENTRE, **good, by=node_actor(), at=at)
    assert Cosigned.objects.count() == 1


def test_an_accusation_without_our_own_signatures_is_refused(nodes, at):
    """An alarm told by a peer is kept only if our own signatures stand under two notes that contradict."""
    ours = head_of(leaves(4), at)
    with nodes.at(CENTRE):
        forged = head_of(leaves(4, "x"), at, origin=HERE)
    for other in (forged, ours):
        with pytest.raises(BadInput):
            commands.keep_told_alarm(
                peer=CENTRE,
                kind="forked",
                held_note=ours.note,
                held_signature=ours.signature.hex(),
                shown_note=other.note,
                shown_signature=other.signature.hex(),
                by=node_actor(),
                at=at,
            )
    assert not Alarm.objects.exists()


def test_an_accused_node_cannot_settle_its_alarm_by_going_on(nodes, at):
    """While an alarm is open the witness refuses even a consistent next checkpoint of the accused node."""
    show(nodes, head_of(leaves(8), at), at)
    show(nodes, head_of(leaves(8, "x"), at), at)
    with pytest.raises(Refused, match="witness-alarm-open"):
        show(nodes, head_of(leaves(9), at, 9), at, 8, consistency_path(leaves(9), 8))


def test_a_package_of_a_stranger_brings_no_checkpoint(nodes, at):
    """A bare package that names an unknown sender is refused by the exchange; nothing is recorded as seen."""
    head = head_of(leaves(4), at)
    package = json.dumps({"format": 1, "from": "province:99", "records": [head.body()]}).encode()
    with nodes.at(CENTRE), pytest.raises(exchange.BadPackage):
        exchange.receive(package, at)
    assert not Seen.objects.exists()


@pytest.fixture
def receipt(nodes, at):
    lines = lines_written(at, 30)
    caring.offer_due(at)
    for _ in range(2):
        nodes.deliver(HERE, at)
        nodes.deliver(CENTRE, at)
    return make_receipt(lines[11])


def flipped(data: bytes, place: int = 5) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def tampered(receipt):
    """Every field of a receipt, changed by itself."""
    proof, cosigned = receipt.proof, receipt.cosignatures[0]
    note = parse_note(receipt.note)
    yield "entry", replace(receipt, entry=receipt.entry.replace(b"320102", b"320103"))
    yield "entry cut", replace(receipt, entry=receipt.entry[:-1])
    yield "place", replace(receipt, proof=proof._replace(seq=proof.seq + 1))
    yield "size", replace(receipt, proof=proof._replace(tree_size=proof.tree_size + 1))
    yield "path", replace(receipt, proof=proof._replace(path=(flipped(proof.path[0]), *proof.path[1:])))
    yield "path cut", replace(receipt, proof=proof._replace(path=proof.path[:-1]))
    yield "path longer", replace(receipt, proof=proof._replace(path=(*proof.path, bytes(32))))
    yield "note root", replace(receipt, note=replace(note, root=flipped(note.root)).text)
    yield "note size", replace(receipt, note=replace(note, tree_size=note.tree_size + 1).text)
    yield "note origin", replace(receipt, note=replace(note, origin=THERE).text)
    yield "note time", replace(receipt, note=replace(note, signed_at=note.signed_at + timedelta(days=1)).text)
    yield "note key", replace(receipt, note=replace(note, key_id="00000000").text)
    yield "note other form", replace(receipt, note=receipt.note + "\n")
    yield "signature", replace(receipt, signature=flipped(receipt.signature, 20))
    yield "no signature", replace(receipt, signature=b"")
    for name, value in (
        ("witness", THERE),
        ("cosigned_at", cosigned.cosigned_at + timedelta(seconds=1)),
        ("key_id", "00000000"),
        ("signature", flipped(cosigned.signature, 20)),
    ):
        yield f"cosignature {name}", replace(receipt, cosignatures=(replace(cosigned, **{name: value}),))
    own = replace(cosigned, witness=note.origin)
    yield "own cosignature", replace(receipt, cosignatures=(own,))


@committed
def test_no_field_of_a_receipt_can_be_changed(receipt):
    """Over twenty changes to a witnessed receipt, each of one field alone, all break the check."""
    keys = keybook()
    assert check_receipt(receipt, keys).strength == "witnessed"
    changed = dict(tampered(receipt))
    assert len(changed) >= 20
    for name, each in changed.items():
        assert not check_receipt(decode_receipt(encode_receipt(each)), keys).holds, name


@committed
def test_a_stripped_cosignature_makes_a_weaker_receipt_and_the_verdict_says_so(receipt):
    """Without its cosignature a receipt is only signed, not witnessed, and the verdict says why."""
    verdict = check_receipt(replace(receipt, cosignatures=()), keybook())
    assert verdict.strength == "signed"
    assert "没有见证节点" in verdict.sentence


@committed
def test_a_receipt_proves_nothing_to_whoever_lacks_the_key_or_holds_it_for_another_time(receipt, at):
    """The check fails without the node's key and with a key valid only after or only before the signing."""
    keys = keybook()
    assert not check_receipt(receipt, KeyBook({})).holds
    late = [replace(key, since=at + timedelta(days=1)) for key in keys.nodes[HERE]]
    assert not check_receipt(receipt, KeyBook({**keys.nodes, HERE: late})).holds
    ended = [replace(key, until=at) for key in keys.nodes[HERE]]
    assert not check_receipt(receipt, KeyBook({**keys.nodes, HERE: ended})).holds


@committed
def test_text_that_was_cut_changed_or_blown_up_is_no_receipt(receipt):
    """Cut, empty or exploding receipt texts are refused; a letter changed at every seventh place is found."""
    text = encode_receipt(receipt)
    bomb = encode_receipt(replace(receipt, entry=bytes(10_000_000)))
    for wrong in (
        text[:-1],
        text[:-30] + ".",
        text.replace("ZKR1", "ZKR2"),
        "ZKR1:.",
        "",
        bomb,
        "ZKR1:" + "0" * 30_000,
    ):
        with pytest.raises(BadInput):
            decode_receipt(wrong)
    for place in range(5, len(text) - 1, 7):
        other = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        try:
            assert not check_receipt(decode_receipt(other), keybook()).holds
        except BadInput:
            continue


@committed
def test_no_field_of_a_papers_code_can_be_changed(receipt, at):
    """A change in any field of a printed paper's code breaks the check; malformed codes are refused."""
    line = lines_written(at, 1, first=50)[0]
    promise = decode_promise(paper_code(line, kind="准考证", printed={"准考证号": "1", "姓名": "张三"}))
    keys = keybook()
    assert check_promise(promise, keys).holds
    changes = {
        "origin": THERE,
        "line_id": promise.line_id + 1,
        "leaf": flipped(promise.leaf),
        "kind": "毕业证书",
        "paper": flipped(promise.paper),
        "key_id": "00000000",
        "signature": flipped(promise.signature, 30),
    }
    assert set(changes) == set(vars(promise))
    for name, value in changes.items():
        other = replace(promise, **{name: value})
        assert not check_promise(decode_promise(encode_promise(other)), keys).holds, name
    for wrong in ("", "ZKP1", "ZKP1AAAA", "ZKP2" + encode_promise(promise)[4:], encode_promise(promise)[:-4]):
        with pytest.raises(BadInput):
            decode_promise(wrong)
