"""What is sealed to somebody: opened by the holders alone, and broken by any change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zikao.foundation.crypto import KeysMissing, SealBroken, new_envelope_key, open_with, seal_to
from zikao.foundation.crypto.envelope import CHUNK_BYTES, TAG_BYTES

OURS, THEIRS, STRANGERS = new_envelope_key(), new_envelope_key(), new_envelope_key()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_each_holder_opens_what_was_sealed_to_both(size: int) -> None:
    data = b"\x07" * size
    sealed = seal_to([OURS[1], THEIRS[1]], data, b"place")
    assert open_with(OURS[0], sealed, b"place") == data
    assert open_with(THEIRS[0], sealed, b"place") == data


def test_a_stranger_opens_nothing() -> None:
    with pytest.raises(KeysMissing):
        open_with(STRANGERS[0], seal_to([OURS[1]], b"secret"))


def test_a_chunk_dropped_swapped_or_cut_off_breaks_the_seal() -> None:
    sealed = seal_to([OURS[1]], bytes(3 * CHUNK_BYTES))
    size = CHUNK_BYTES + TAG_BYTES
    head = len(sealed) - 3 * size
    parts = [sealed[head + n * size : head + (n + 1) * size] for n in range(3)]
    for damaged in ((0, 1), (0, 2), (1, 0, 2), (0, 1, 2, 2)):
        with pytest.raises(SealBroken):
            open_with(OURS[0], sealed[:head] + b"".join(parts[n] for n in damaged))
    with pytest.raises(SealBroken):
        open_with(OURS[0], sealed[:-1])


def test_another_place_breaks_the_seal() -> None:
    with pytest.raises(SealBroken):
        open_with(OURS[0], seal_to([OURS[1]], b"secret", b"here"), b"there")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_changed_byte_breaks_the_seal(data: st.DataObject) -> None:
    sealed = bytearray(seal_to([OURS[1]], b"a paper's answers"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises((SealBroken, KeysMissing)):
        open_with(OURS[0], bytes(sealed))
