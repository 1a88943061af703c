"""Keys are changed while the node works: sealed anew, indexed anew, put aside, destroyed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from tests.factories.actors import clerk, the_node
from tests.factories.candidates import a_candidate
from zikao.foundation import crypto, storage
from zikao.foundation.actors import Post
from zikao.foundation.crypto import counting, keyfiles
from zikao.foundation.custody import commands, housekeeping, queries, resealing, tasks, uses
from zikao.foundation.custody.models import NodeKey
from zikao.foundation.custody.states import KeyKind
from zikao.foundation.errors import BadInput, NotPermitted, Refused, WrongState
from zikao.foundation.jobs.models import Work
from zikao.foundation.secrecy import sealed_field, sealed_fields
from zikao.stages.candidates.models import ID_NUMBER, PHONE, Candidate

pytestmark = pytest.mark.django_db
NODE = the_node()


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: object) -> Path:
    """Keys and files of this test's own: the other tests' stay as they are."""
    crypto.create_keys(tmp_path / "keys")
    settings.ZIKAO_KEYS, settings.ZIKAO_FILES = tmp_path / "keys", tmp_path / "files"  # type: ignore[attr-defined]
    return tmp_path / "keys"


def rotate(kind: KeyKind, at: datetime) -> NodeKey:
    return commands.rotate_key(kind=kind, by=NODE, at=at).value


def oldest(kind: str) -> str:
    return next(each.key_id for each in crypto.key_files(settings.ZIKAO_KEYS) if each.kind == kind)


def test_every_sealed_and_every_index_column_is_registered() -> None:
    fields = {(field.model_class, field.column) for field in sealed_fields()}
    indexes = {(field.model_class, field.index) for field in sealed_fields() if field.index}
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.BinaryField) and column.name.endswith("_sealed"):
                assert (model, column.name) in fields, f"{model._meta.label}.{column.name} is not registered"
            if isinstance(column, models.BinaryField) and column.name.endswith("_index"):
                assert (model, column.name) in indexes, f"{model._meta.label}.{column.name} is not registered"
    for field in sealed_fields():
        names = {column.attname for column in field.model_class._meta.concrete_fields}
        assert {field.column, *field.bound_to} <= names, field.name


def test_one_column_is_not_registered_in_two_ways() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        sealed_field("candidates.Candidate", "phone_sealed", title="另一个", bound_to=("name",))


def test_value_moved_to_another_row_or_column_does_not_open(at: datetime) -> None:
    one, two = a_candidate(at), a_candidate(at)
    assert PHONE.text(one)
    two.phone_sealed = one.phone_sealed
    with pytest.raises(crypto.SealBroken):
        PHONE.text(two)
    one.phone_sealed = one.id_number_sealed
    with pytest.raises(crypto.SealBroken):
        PHONE.text(one)


def test_new_data_key_seals_from_now_on_and_older_rows_still_open(at: datetime) -> None:
    before = a_candidate(at)
    key = rotate(KeyKind.DATA, at)
    after = a_candidate(at)
    assert crypto.sealing_key_id(after.id_number_sealed) == key.key_id == crypto.data_key_id()
    assert crypto.sealing_key_id(before.id_number_sealed) != key.key_id
    assert ID_NUMBER.text(before) != ID_NUMBER.text(after)


def test_everything_is_sealed_anew_and_then_the_old_key_is_put_aside(at: datetime) -> None:
    person, digest = a_candidate(at), storage.put("手写样本".encode(), media_type="text/plain", at=at)
    number, old = ID_NUMBER.text(person), oldest("data")
    rotate(KeyKind.DATA, at)
    assert uses.uses_of("data", old)[ID_NUMBER.name] == 1
    assert uses.uses_of("data", old)[uses.FILES] >= 1
    counts = tasks.reseal_everything()
    assert (counts["sealed"] > 3, counts["broken"]) == (True, 0)
    assert not uses.uses_of("data", old)
    commands.retire_key(key_id=old, by=NODE, at=at + timedelta(days=1))
    person.refresh_from_db()
    assert ID_NUMBER.text(person) == number
    assert storage.get(digest) == "手写样本".encode()
    assert (settings.ZIKAO_KEYS / "retired").exists()
    assert old not in {key.key_id for key in queries.keys_now() if key.state == "held"}


def test_old_key_is_not_put_aside_while_one_row_needs_it(at: datetime) -> None:
    a_candidate(at)
    old = oldest("data")
    rotate(KeyKind.DATA, at)
    with pytest.raises(Refused) as refused:
        commands.retire_key(key_id=old, by=NODE, at=at + timedelta(days=2))
    assert (refused.value.code, refused.value.clause) == ("key-in-use", "EA-49.1")
    tasks.reseal_everything()
    with pytest.raises(Refused) as refused:
        commands.retire_key(key_id=old, by=NODE, at=at + timedelta(hours=23))
    assert refused.value.code == "key-replaced-just-now"


def test_newest_key_and_mark_key_are_never_put_aside(at: datetime) -> None:
    commands.record_keys(by=NODE, at=at)
    for kind, code in (("data", "key-newest"), ("mac", "mark-key-kept")):
        with pytest.raises(Refused) as refused:
            commands.retire_key(key_id=oldest(kind), by=NODE, at=at + timedelta(days=2))
        assert refused.value.code == code
    with pytest.raises(BadInput):
        rotate(KeyKind.MAC, at)


def test_interrupted_reseal_goes_on_where_it_stopped(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        a_candidate(at)
    old = oldest("data")
    rotate(KeyKind.DATA, at)
    monkeypatch.setattr(resealing, "BATCH_ROWS", 2)
    monkeypatch.setattr(resealing.reseal_rows, "__defaults__", (2,))
    seen = []

    def die(name: str, count: int) -> None:
        seen.append(name)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tasks.reseal_everything(die)
    left = sum(uses.uses_of("data", old).values())
    assert left > 0
    assert tasks.reseal_everything()["sealed"] == left  # nothing is done twice
    assert not uses.uses_of("data", old)
    assert tasks.reseal_everything()["sealed"] == 0


def test_row_written_in_the_middle_of_a_batch_is_not_overwritten(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    person = a_candidate(at)
    rotate(KeyKind.DATA, at)
    real = resealing.swap

    def meanwhile(cursor: object, table: str, column: str, changes: list[tuple[int, bytes, bytes]]) -> int:
        sealed = PHONE.seal("13900000000", person.pk)  # somebody writes between reading and writing
        Candidate.objects.filter(pk=person.pk).update(phone_sealed=sealed)
        return real(cursor, table, column, changes)

    monkeypatch.setattr(resealing, "swap", meanwhile)
    assert commands.reseal_batch(field=PHONE.name, after=0, by=NODE, at=at).value.sealed == 0
    person.refresh_from_db()
    assert PHONE.text(person) == "13900000000"


def test_broken_row_is_counted_left_alone_and_keeps_its_key(at: datetime) -> None:
    one, two = a_candidate(at), a_candidate(at)
    Candidate.objects.filter(pk=two.pk).update(phone_sealed=one.phone_sealed)
    old = oldest("data")
    rotate(KeyKind.DATA, at)
    assert tasks.reseal_everything()["broken"] == 1
    assert uses.uses_of("data", old) == {PHONE.name: 1}
    with pytest.raises(Refused):
        commands.retire_key(key_id=old, by=NODE, at=at + timedelta(days=2))


def test_people_are_found_while_the_index_key_is_changed(at: datetime) -> None:
    before = a_candidate(at)
    number, old = ID_NUMBER.text(before), oldest("index")
    rotate(KeyKind.INDEX, at)

    def found() -> bool:
        return Candidate.objects.filter(id_number_index__in=crypto.indexes_of(number)).exists()

    assert bytes(before.id_number_index) != crypto.index_of(number)
    assert found()
    with pytest.raises(Refused) as refused:
        commands.retire_key(key_id=old, by=NODE, at=at + timedelta(days=2))
    assert refused.value.code == "key-in-use"
    assert tasks.reindex_everything()["sealed"] >= 1
    before.refresh_from_db()
    assert bytes(before.id_number_index) == crypto.index_of(number)
    assert found()
    commands.retire_key(key_id=old, by=NODE, at=at + timedelta(days=2))
    assert crypto.indexes_of(number) == [bytes(before.id_number_index)]


def test_marks_on_papers_outlive_the_index_key(at: datetime) -> None:
    from zikao.foundation.pages import number_of_token, token_of

    token, old = token_of("65320102260000001"), oldest("index")
    rotate(KeyKind.INDEX, at)
    tasks.reindex_everything()
    commands.retire_key(key_id=old, by=NODE, at=at + timedelta(days=2))
    assert number_of_token(token) == "65320102260000001"


def test_resealing_is_long_work_with_a_count_that_adds_up(at: datetime) -> None:
    a_candidate(at)
    rotate(KeyKind.DATA, at)
    work = commands.order_resealing(by=clerk(Post.SECURITY_ADMIN), at=at).value
    expected = uses.stale_total()
    assert work.total == expected > 0
    tasks.reseal(work.pk)
    done = Work.objects.get(pk=work.pk)
    assert (done.state, done.done, done.summary["sealed"]) == ("done", expected, expected)


def test_key_that_sealed_all_it_may_refuses(own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SEALS_PER_KEY", 2 * counting.BLOCK)
    crypto.forget_keys()
    store = crypto.key_store()
    for _ in range(2 * counting.BLOCK):
        store._count()  # type: ignore[attr-defined]
    with pytest.raises(crypto.KeysMissing) as refused:
        crypto.seal("one too many")
    assert refused.value.code == "data-key-exhausted"
    assert crypto.seals_of(own_keys, crypto.data_key_id()) >= 2 * counting.BLOCK


def test_keepers_are_warned_before_a_key_has_sealed_too_much(own_keys: Path, at: datetime) -> None:
    commands.record_keys(by=NODE, at=at)
    assert queries.warnings(at) == []
    (own_keys / "counts").mkdir(mode=0o700, exist_ok=True)
    (own_keys / "counts" / crypto.data_key_id()).write_text("1000000000")
    assert "请更换数据密钥" in queries.warnings(at)[0]
    assert len(queries.warnings(at + timedelta(days=365))) == 2


def test_destroyed_key_is_overwritten_and_gone(own_keys: Path, at: datetime) -> None:
    old = oldest("data")
    rotate(KeyKind.DATA, at)
    tasks.reseal_everything()
    with pytest.raises(WrongState):
        commands.propose_destruction(key_id=old, reason="尚未停用", by=clerk(Post.SECURITY_ADMIN), at=at)
    commands.retire_key(key_id=old, by=NODE, at=at + timedelta(days=2))
    assert keyfiles.destroy(own_keys, old)
    assert not keyfiles.destroy(own_keys, old)
    assert not list((own_keys / "retired").glob("data-*"))


def test_only_the_key_id_of_a_stored_file_may_change(at: datetime) -> None:
    digest = storage.put(b"kept", media_type="text/plain", at=at)
    for statement in (
        "UPDATE storage_storedfile SET size = 1",
        "UPDATE storage_storedfile SET key_id = 'x', media_type = 'y'",
        "DELETE FROM storage_storedfile",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert storage.get(digest) == b"kept"


def test_processes_use_a_new_key_without_being_told(own_keys: Path) -> None:
    before = crypto.data_key_id()
    crypto.add_data_key(own_keys)
    assert crypto.data_key_id() != before


def test_node_made_before_a_kind_of_key_existed_gets_it(own_keys: Path) -> None:
    for path in own_keys.glob("agree-*"):
        path.unlink()
    crypto.complete_keys(own_keys)
    assert len(list(own_keys.glob("agree-*"))) == 1
    assert len(list(own_keys.glob("data-*"))) == 1


def test_two_people_destroy_a_retired_key_and_nobody_alone(own_keys: Path, at: datetime) -> None:
    from tests.factories.approvals import sign, sign_all, signer_of, someone
    from zikao.foundation.approvals.models import Approval
    from zikao.foundation.approvals.progress import progress_of

    old = oldest("data")
    rotate(KeyKind.DATA, at)
    tasks.reseal_everything()
    later = at + timedelta(days=2)
    commands.retire_key(key_id=old, by=NODE, at=later)
    keeper = someone(Post.SECURITY_ADMIN, "32", later)
    commands.propose_destruction(key_id=old, reason="停用前的备份均已过保存期", by=keeper, at=later)
    approval = Approval.objects.get(chain="key-destruction")
    turn = next(each for each in progress_of(approval) if each.is_turn)
    sign(approval, signer_of(approval, turn, later), later)
    assert NodeKey.objects.get(key_id=old).state == "retired"
    sign_all(approval, later + timedelta(minutes=1))
    key = NodeKey.objects.get(key_id=old)
    assert (key.state, key.approval_id) == ("destroyed", approval.pk)
    assert housekeeping.keep_keys() is None  # what a crash after the commit would have left
    assert not list((own_keys / "retired").glob("data-*"))


@pytest.mark.parametrize("post", [Post.SYSTEM_ADMIN, Post.AUDITOR, Post.PROVINCE_HEAD, Post.PAPERS_OFFICER])
def test_nobody_but_the_security_administrator_and_the_node_turns_keys(at: datetime, post: Post) -> None:
    for command, given in (
        (commands.rotate_key, {"kind": KeyKind.DATA}),
        (commands.retire_key, {"key_id": oldest("data")}),
        (commands.reseal_batch, {"field": PHONE.name, "after": 0}),
        (commands.reindex_batch, {"field": ID_NUMBER.name, "after": 0}),
        (commands.order_resealing, {}),
        (commands.order_reindexing, {}),
        (commands.propose_destruction, {"key_id": oldest("data"), "reason": "没有理由"}),
        (commands.record_keys, {}),
    ):
        with pytest.raises(NotPermitted):
            command(**given, by=clerk(post), at=at)


def test_whole_exchange_of_a_signing_key_is_refused_retirement_until_peers_know(at: datetime) -> None:
    from zikao.foundation.exchange.commands import add_peer

    pem, envelope = crypto.public_key_pem(), crypto.envelope_key_pem()
    add_peer(code="province:44", url="https://x.test", public_key_pem=pem, envelope_key_pem=envelope, by=NODE, at=at)
    old = oldest("sign")
    rotate(KeyKind.SIGN, at)
    with pytest.raises(Refused) as refused:
        commands.retire_key(key_id=old, by=NODE, at=at + timedelta(days=2))
    assert refused.value.code == "key-peers-unaware"
