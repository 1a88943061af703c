"""Commands of backups: custodies kept apart, parts and drills in the ledger, the last verified one never removed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.factories.backups import a_backup, a_drill
from zikao.foundation.actors import Actor, Post, node_actor
from zikao.foundation.backups import commands, queries
from zikao.foundation.backups.models import Backup, CustodyKey, Drill
from zikao.foundation.crypto import new_envelope_key
from zikao.foundation.errors import BadInput, Conflict, NotPermitted, Refused, WrongState
from zikao.foundation.ledger.models import Line

pytestmark = pytest.mark.django_db
NODE = node_actor()


def register(at, custody, holder="张三", public=None):
    public = public or new_envelope_key()[1].decode()
    return commands.register_custody_key(
        custody=custody, public_key=public, holder_name=holder, holder_unit="考籍处", by=NODE, at=at
    ).value


def test_one_person_cannot_hold_both_custodies(at):
    register(at, "business")
    with pytest.raises(Refused) as refusal:
        register(at, "discipline")
    assert {finding.code for finding in refusal.value.findings} == {"custody-same-holder"}


def test_one_key_cannot_serve_both_custodies(at):
    public = new_envelope_key()[1].decode()
    register(at, "business", public=public)
    with pytest.raises(Refused) as refusal:
        register(at, "discipline", holder="李四", public=public)
    assert "custody-key-taken" in {finding.code for finding in refusal.value.findings}


def test_a_second_key_of_a_custody_needs_a_hand_over_and_the_key_custody_may_have_several(at):
    register(at, "business")
    with pytest.raises(WrongState) as refusal:
        register(at, "business", holder="赵六")
    assert "交接" in refusal.value.remedy
    register(at, "keys", holder="厅长")
    register(at, "keys", holder="副厅长")
    assert len(queries.active_keys("keys")) == 2


def test_a_private_key_or_anything_else_is_no_public_key(at):
    for wrong in ("hello", new_envelope_key()[0].decode()):
        with pytest.raises(BadInput):
            register(at, "business", public=wrong)
    assert not CustodyKey.objects.exists()


def test_both_copies_never_go_to_one_place_and_no_password_stands_in_an_address(at):
    commands.set_destination(custody="business", url="/a", is_off_site=False, by=NODE, at=at)
    with pytest.raises(Conflict):
        commands.set_destination(custody="discipline", url="/a/", is_off_site=False, by=NODE, at=at)
    with pytest.raises(BadInput):
        commands.set_destination(custody="discipline", url="s3://key:secret@b/x", is_off_site=True, by=NODE, at=at)
    with pytest.raises(BadInput):
        commands.set_destination(custody="keys", url="/k", is_off_site=True, by=NODE, at=at)


def test_a_part_is_in_the_ledger_with_its_digest_once(at):
    row = a_backup(at)
    a_backup(at)
    assert Backup.objects.count() == 1
    line = Line.objects.get(command="backups.taken")
    assert line.facts["digest"] == row.digest
    assert line.clauses == ["SR-A1.11", "SR-10.2", "EA-A9.2.1.4b", "EA-49.1"]


def test_nobody_but_the_node_notes_backups_and_drills(at):
    person = Actor("张三", Post.SYSTEM_ADMIN, "32", account_id=1)
    with pytest.raises(NotPermitted):
        commands.record_drill(facts={}, by=person, at=at)
    with pytest.raises(NotPermitted):
        commands.record_backup(facts={}, key="x", by=person, at=at)


def test_the_newest_and_the_last_verified_generation_are_never_removed(at):
    names = ["20260801T000000Z", "20260808T000000Z", "20260815T000000Z"]
    rows = [a_backup(at, generation=name) for name in names]
    for name in names:  # nothing was drilled: nothing may go
        with pytest.raises(WrongState):
            commands.record_removal(generation=name, objects={}, by=NODE, at=at)
    a_drill(at, rows[1])
    commands.record_removal(generation=names[0], objects={"business": 3}, by=NODE, at=at)
    for name in names[1:]:
        with pytest.raises(WrongState) as refusal:
            commands.record_removal(generation=name, objects={}, by=NODE, at=at)
        assert refusal.value.clause == "SR-A1.11"
    a_drill(at, rows[2], holds=False)  # a drill that failed verifies nothing
    with pytest.raises(WrongState):
        commands.record_removal(generation=names[1], objects={}, by=NODE, at=at)
    assert queries.living_generations() == names[1:]


def test_what_is_known_of_backups_cannot_be_changed_or_deleted(at):
    row = a_drill(at, a_backup(at), holds=False)
    key = register(at, "business")
    for change in (
        lambda: Drill.objects.filter(pk=row.pk).update(outcome="passed"),
        lambda: Backup.objects.filter(pk=row.backup_id).update(digest="0" * 64),
        lambda: CustodyKey.objects.filter(pk=key.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_restore_is_declared_with_a_reason_once(at):
    marker = {
        "generation": "20260820T000000Z",
        "number": 3,
        "digest": "ab" * 32,
        "custody": "business",
        "until": (at - timedelta(hours=1)).isoformat(),
        "restored_at": at.isoformat(),
        "newest_ledger_size": 120,
    }
    given = {"marker": marker, "ledger_size": 100, "sequences": {}, "by": NODE, "at": at}
    with pytest.raises(BadInput):
        commands.declare_restored(reason=" ", **given)
    row = commands.declare_restored(reason="磁盘损坏，主要负责人批准", **given).value
    assert (row.known_ledger_size, row.ledger_size) == (120, 100)
    assert Line.objects.get(command="backups.restored").facts["until"] == marker["until"]
