"""Files: encrypted, addressed by digest, stored once, checked when read."""

import stat

import pytest

from zikao.foundation import crypto, storage
from zikao.foundation.errors import NotFound
from zikao.foundation.storage.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.ZIKAO_FILES = tmp_path / "files"
    return settings.ZIKAO_FILES


def on_disk(files):
    return [path for path in files.rglob("*") if path.is_file()]


def test_stored_bytes_come_back_by_their_sm3_digest(files, at):
    digest = storage.put("准考证".encode(), media_type="application/pdf", at=at)
    assert digest == crypto.sm3("准考证".encode()).hex()
    assert storage.get(digest) == "准考证".encode()
    row = StoredFile.objects.get()
    assert (row.size, row.media_type, row.stored_at) == (9, "application/pdf", at)
    assert len(row.key_id) == 8


def test_disk_holds_only_cipher_text_that_the_node_alone_can_read(files, at):
    storage.put(b"portrait" * 20, media_type="image/jpeg", at=at)
    (path,) = on_disk(files)
    assert b"portrait" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_same_bytes_are_stored_once(files, at):
    digests = {storage.put(b"same", media_type="text/plain", at=at) for _ in range(3)}
    assert len(digests) == len(on_disk(files)) == StoredFile.objects.count() == 1


def test_many_are_stored_in_order_with_one_statement(files, at, django_assert_num_queries):
    items = [b"a", b"b", b"a", b""]
    with django_assert_num_queries(1):
        digests = storage.put_many(items, media_type="text/plain", at=at)
    assert [storage.get(digest) for digest in digests] == items
    assert StoredFile.objects.count() == 3
    assert storage.put_many([], media_type="text/plain", at=at) == []


def test_unknown_digest_is_not_found(files, at):
    for digest in ("0" * 64, "../../etc/passwd", ""):
        with pytest.raises(NotFound):
            storage.get(digest)


def test_reader_learns_when_the_disk_lost_or_changed_a_file(files, at):
    lost, changed, swapped, whole = storage.put_many([b"1", b"2", b"3", b"4"], media_type="text/plain", at=at)
    paths = {path.name: path for path in on_disk(files)}
    paths[lost].unlink()
    paths[changed].write_bytes(paths[changed].read_bytes()[:-1] + b"\x00\x00")
    paths[swapped].write_bytes(paths[whole].read_bytes())
    for digest in (lost, changed, swapped):
        with pytest.raises(storage.FileDamaged):
            storage.get(digest)
    assert storage.damaged([lost, changed, swapped, whole]) == [lost, changed, swapped]


def test_nothing_half_written_stays_when_the_disk_fails(files, at, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        storage.put(b"x", media_type="text/plain", at=at)
    assert on_disk(files) == []
    assert not StoredFile.objects.exists()


def test_files_stay_readable_after_the_data_key_is_rotated(files, at, tmp_path, settings):
    settings.ZIKAO_KEYS = tmp_path / "keys"
    crypto.create_keys(settings.ZIKAO_KEYS)
    old = storage.put(b"old", media_type="text/plain", at=at)
    key = crypto.add_data_key(settings.ZIKAO_KEYS)
    crypto.forget_keys()
    new = storage.put(b"new", media_type="text/plain", at=at)
    assert (storage.get(old), storage.get(new)) == (b"old", b"new")
    assert StoredFile.objects.get(digest=new).key_id == key
