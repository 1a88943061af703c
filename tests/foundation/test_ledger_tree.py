"""The Merkle tree, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zikao.foundation.crypto import sm3
from zikao.foundation.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    Inclusion,
    Levels,
    consistency_path,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(1, 200)


def leaves(count):
    return [leaf_hash(str(number).encode()) for number in range(count)]


def defined_root(hashes):
    """MTH as RFC 9162, 2.1.1 writes it."""
    if not hashes:
        return sm3(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sm3(b"\x01" + defined_root(hashes[:split]) + defined_root(hashes[split:]))


def test_leaf_and_node_have_prefixes_of_their_own():
    assert leaf_hash(b"x") == sm3(b"\x00x")
    assert node_hash(b"l", b"r") == sm3(b"\x01lr")
    assert root_of([]) == EMPTY_ROOT == sm3(b"")


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100])
def test_root_is_that_of_the_definition(size):
    assert root_of(leaves(size)) == defined_root(leaves(size))


@given(st.lists(st.integers(0, 40), max_size=8))
def test_frontier_grows_in_any_portions_and_survives_storing(portions):
    every = leaves(sum(portions))
    frontier, done = Frontier(), 0
    for portion in portions:
        frontier.extend(every[done : done + portion])
        done += portion
        assert frontier.root() == root_of(every[:done])
        frontier = Frontier(frontier.size, frontier.peaks)
    assert frontier.size == len(every)


@given(st.integers(0, 5), st.integers(0, 8))
def test_frontier_takes_subtrees_and_tails(chunks, tail):
    every = leaves(chunks * 8 + tail)
    frontier = Frontier()
    for start in range(0, chunks * 8, 8):
        frontier.extend([root_of(every[start : start + 8])], 3)
    rest = Frontier()
    rest.extend(every[chunks * 8 :])
    if tail < 8:
        assert frontier.root(rest) == root_of(every)


def test_frontier_refuses_a_subtree_that_does_not_fit():
    frontier = Frontier()
    frontier.extend(leaves(3))
    with pytest.raises(ValueError, match="3 leaves"):
        frontier.extend([leaf_hash(b"")], 1)


@given(SIZES, st.data())
def test_inclusion_proof_holds_for_its_leaf_place_and_root_only(size, data):
    every = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = Inclusion(index, size, Levels(every).path(index))
    root = root_of(every)
    assert verify_inclusion(every[index], proof, root)
    assert not verify_inclusion(leaf_hash(b"other"), proof, root)
    assert not verify_inclusion(every[index], proof, leaf_hash(b"other"))
    assert not verify_inclusion(every[index], proof._replace(path=(*proof.path, root)), root)
    assert not verify_inclusion(every[index], proof._replace(seq=size), root)
    if size > 1:
        assert not verify_inclusion(every[index], proof._replace(seq=(index + 1) % size), root)
        assert not verify_inclusion(every[index], proof._replace(path=proof.path[:-1]), root)


@given(SIZES, st.data())
def test_consistency_proof_holds_for_its_two_trees_only(size, data):
    every = leaves(size)
    old = data.draw(st.integers(1, size))
    path = consistency_path(every, old)
    old_root, new_root = root_of(every[:old]), root_of(every)
    assert verify_consistency(old, old_root, size, new_root, path)
    changed = [leaf_hash(b"changed"), *every[1:]]
    if old < size:
        assert not verify_consistency(old, root_of(changed[:old]), size, new_root, path)
        assert not verify_consistency(old, old_root, size, root_of(changed), path)
        assert not verify_consistency(old, old_root, size, new_root, ())
        assert not verify_consistency(old, old_root, size, new_root, (*path, new_root))
    else:
        assert not verify_consistency(old, root_of(changed), size, new_root, path)


def test_proofs_of_what_is_not_there_are_refused():
    with pytest.raises(ValueError, match="no leaf"):
        Levels(leaves(3)).path(3)
    with pytest.raises(ValueError, match="no tree"):
        consistency_path(leaves(3), 4)
