"""Keys, digests, seals and signatures."""

import json
import logging
import stat
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zikao.foundation import crypto
from zikao.foundation.crypto import FileKeys, KeysExposed, KeysMissing, SealBroken

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture
def keys(tmp_path, settings):
    settings.ZIKAO_KEYS = tmp_path / "keys"
    crypto.create_keys(settings.ZIKAO_KEYS)
    return settings.ZIKAO_KEYS


def test_sm3_gives_the_standards_example_digest():
    # GB/T 32905-2016, A.1
    assert crypto.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert crypto.sm3_prefixed(b"a")(b"bc") == crypto.sm3(b"abc")


def test_sealed_text_comes_back_and_differs_every_time(keys):
    first, second = crypto.seal("320102199001011234"), crypto.seal("320102199001011234")
    assert first != second
    assert crypto.unseal_text(first) == crypto.unseal_text(memoryview(second)) == "320102199001011234"
    assert b"3201021990" not in first


@pytest.mark.parametrize("position", [0, 1, 5, 20, -1])
def test_seal_breaks_when_any_part_is_changed(keys, position):
    sealed = bytearray(crypto.seal("portrait", b"candidate:1"))
    sealed[position] ^= 1
    with pytest.raises((SealBroken, KeysMissing)):
        crypto.unseal(bytes(sealed), b"candidate:1")


def test_seal_breaks_when_moved_to_another_place(keys):
    with pytest.raises(SealBroken):
        crypto.unseal(crypto.seal("x", b"candidate:1"), b"candidate:2")
    with pytest.raises(SealBroken):
        crypto.unseal(b"short")


def test_rotated_key_seals_and_older_keys_still_unseal(keys):
    old = crypto.seal("kept")
    identifier = crypto.add_data_key(keys)
    crypto.forget_keys()
    new = crypto.seal("kept")
    assert new[1:5].hex() == identifier
    assert old[1:5] != new[1:5]
    assert crypto.unseal(old) == crypto.unseal(new) == b"kept"


def test_index_is_stable_and_depends_on_the_key(keys, tmp_path):
    crypto.create_keys(tmp_path / "other")
    assert crypto.index_of("320102199001011234") == crypto.index_of("320102199001011234")
    assert crypto.index_of("1") != crypto.index_of("2")
    assert crypto.index_of("1") != FileKeys(tmp_path / "other").indexes(b"1")[0]


def test_signature_holds_for_its_data_and_key_only(keys, tmp_path):
    signature = crypto.sign(b"data")
    assert crypto.verify(b"data", signature, crypto.public_key_pem())
    assert not crypto.verify(b"date", signature, crypto.public_key_pem())
    crypto.create_keys(tmp_path / "other")
    assert not crypto.verify(b"data", signature, next(iter(FileKeys(tmp_path / "other").public_keys().values())))
    for junk in (b"", b"abc", signature[:-1], signature + b"0"):
        assert not crypto.verify(b"data", junk, crypto.public_key_pem())
    assert not crypto.verify(b"data", signature, "no key")
    assert crypto.is_public_key(crypto.public_key_pem())
    assert not crypto.is_public_key("no key")


def test_signatures_hold_after_the_signing_key_is_rotated(keys):
    before, old_key = crypto.sign(b"data"), crypto.public_key_pem()
    crypto.add_signing_key(keys)
    crypto.forget_keys()
    assert crypto.public_key_pem() != old_key
    assert len(crypto.public_keys()) == 2
    assert crypto.verify(b"data", before, old_key)
    assert crypto.verify(b"data", crypto.sign(b"data"), crypto.public_key_pem())


def test_keys_are_refused_when_others_can_read_them(keys):
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir() if path.is_file()} == {0o600}
    next(keys.glob("data-*")).chmod(0o640)
    with pytest.raises(KeysExposed):
        FileKeys(keys)


def test_keys_are_never_overwritten(keys):
    with pytest.raises(FileExistsError):
        crypto.create_keys(keys)
    with pytest.raises(KeysMissing):
        FileKeys(keys / "nowhere")


def test_node_tells_nobody_its_keys(keys, caplog):
    caplog.set_level(logging.DEBUG)
    store = crypto.key_store()
    secret = next(keys.glob("data-*")).read_text()
    with pytest.raises(SealBroken) as broken:
        crypto.unseal(b"\x01" + bytes.fromhex(crypto.seal("x")[1:5].hex()) + bytes(40))
    told = caplog.text + repr(store) + str(broken.value) + repr(broken.value.facts)
    assert secret not in told


@given(JSON)
def test_canonical_json_reads_back_and_is_one_form(value):
    data = crypto.canonical(value)
    assert json.loads(data) == value
    assert crypto.canonical(json.loads(data)) == data


def test_canonical_json_sorts_keys_and_refuses_floats():
    assert crypto.canonical({"b": 1, "a": "考生"}) == '{"a":"考生","b":1}'.encode()
    for wrong in (1.5, {"x": [1.0]}, {1: "x"}, b"bytes", {"x": {1}}):
        with pytest.raises(TypeError):
            crypto.canonical(wrong)


def test_ten_thousand_texts_are_sealed_well_below_a_second(keys):
    crypto.seal("warm")
    best = min(_seconds_for_ten_thousand() for _ in range(3))
    assert best < 0.5


def _seconds_for_ten_thousand() -> float:
    start = time.perf_counter()
    for number in range(10_000):
        crypto.seal(f"32010219900101{number:04d}")
    return time.perf_counter() - start
