"""Proofs put together from kept subtrees are those of the whole tree."""

import pytest
from django.db import DatabaseError, connection, transaction

from zikao.foundation import ledger
from zikao.foundation.ledger import checkpoints
from zikao.foundation.ledger.models import Subtree
from zikao.foundation.ledger.tree import Levels, consistency_path, leaf_hash, root_of

SIZE = 1100
pytestmark = pytest.mark.django_db
LEAVES = [leaf_hash(str(number).encode()) for number in range(SIZE)]


@pytest.fixture
def tree(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_leaf (seq, line_id, hash)"
            " SELECT place - 1, place, hash FROM unnest(%s::bytea[]) WITH ORDINALITY AS leaf (hash, place)",
            [LEAVES],
        )


@pytest.mark.parametrize("kept", [False, True])
def test_proofs_are_those_of_the_whole_tree(tree, kept):
    if kept:
        assert ledger.fill_subtrees() == SIZE // 256
        assert ledger.fill_subtrees() == 0
        assert Subtree.objects.count() == SIZE // 256
    for size in (1, 2, 255, 256, 257, 700, SIZE):
        whole = Levels(LEAVES[:size])
        for seq in {0, size // 2, size - 1}:
            proof = ledger.prove_inclusion(seq, size)
            assert proof.path == whole.path(seq)
            assert ledger.verify_inclusion(LEAVES[seq], proof, root_of(LEAVES[:size]))
        for old in {1, size // 2 or 1, size}:
            assert ledger.prove_consistency(old, size) == tuple(consistency_path(LEAVES[:size], old))


def test_a_false_kept_subtree_gives_a_proof_that_fails(tree):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_subtree (level, place, hash) VALUES (8, 1, %s)", [bytes(32)])
    proof = checkpoints.prove_inclusion(0, SIZE)
    assert not ledger.verify_inclusion(LEAVES[0], proof, root_of(LEAVES))


def test_kept_subtrees_are_not_changed(tree):
    ledger.fill_subtrees()
    for statement in ("UPDATE ledger_subtree SET place = 9", "DELETE FROM ledger_subtree"):
        with pytest.raises(DatabaseError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
