"""How the node keeps its backups: rhythm, failures that are seen, old generations, keys in escrow, numbers compared."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories.backups import a_backup, a_drill, custodies
from zikao.foundation import clock, crypto, storage
from zikao.foundation.actors import node_actor
from zikao.foundation.backups import commands, queries
from zikao.foundation.backups.models import Drill, Failure, Removal
from zikao.node.backing_up import keeping, logs
from zikao.node.backing_up.custodians import drill_key
from zikao.node.backing_up.drilling import Drilled
from zikao.node.backing_up.escrow import open_keys, seal_keys
from zikao.node.backing_up.reporting import note_drill
from zikao.node.backing_up.sequences import Known, compare
from zikao.node.backing_up.source import Source
from zikao.node.backing_up.targets import TargetTrouble, open_target
from zikao.node.nodes import Node
from zikao.node.trouble import NodeTrouble


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: datetime) -> Source:
    monkeypatch.setattr(clock, "now", lambda: at)
    home = tmp_path / "province-32"
    home.mkdir()
    return Source(Node("province:32", home, "postgresql:///none", None), None)


@pytest.mark.django_db
def test_a_backup_is_due_at_once_then_every_half_day_and_a_full_one_every_week(at):
    assert keeping.is_due(at)
    assert keeping.is_full_due(at)
    a_backup(at)
    hours, days = timedelta(hours=1), timedelta(days=1)
    assert not keeping.is_due(at + 11 * hours)
    assert keeping.is_due(at + 12 * hours)
    assert not keeping.is_full_due(at + 6 * days)
    assert keeping.is_full_due(at + 7 * days)
    assert keeping.is_drill_due(at)
    a_drill(at, queries.newest())
    assert not keeping.is_drill_due(at + 30 * days)
    assert keeping.is_drill_due(at + 31 * days)


@pytest.mark.django_db
def test_after_a_declared_restore_the_next_backup_is_full_and_the_log_waits_for_it(at):
    row = a_backup(at)
    marker = {
        "generation": row.generation,
        "number": 1,
        "digest": row.digest,
        "custody": "business",
        "until": "",
        "restored_at": at.isoformat(),
        "newest_ledger_size": 0,
    }
    later = at + timedelta(minutes=1)
    commands.declare_restored(
        marker=marker, ledger_size=0, sequences={}, reason="磁盘损坏，已批准", by=node_actor(), at=later
    )
    assert keeping.restored_since_last_full()
    assert keeping.is_full_due(later)
    assert keeping.known_digest() == ""


@pytest.mark.django_db
def test_a_failure_is_noted_with_what_to_do_and_raised_again(source):
    with pytest.raises(Exception, match="还缺少"):
        keeping.back_up(source, say=lambda said: None)
    failure = Failure.objects.get()
    assert failure.code == "custodies-incomplete" or "还缺少" in failure.message

    def breaks() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        keeping.noting_failure("full", breaks)
    newest = queries.open_failure()
    assert newest is not None
    assert "No space left" in newest.message


@pytest.mark.django_db
def test_old_generations_go_only_when_a_newer_one_was_drilled(source, at, tmp_path):
    places = {custody: tmp_path / custody for custody in ("business", "discipline")}
    for custody, place in places.items():
        if custody == "business":
            custodies(at)
        commands.set_destination(custody=custody, url=str(place), is_off_site=False, by=node_actor(), at=at)
    names = [f"202608{day:02d}T000000Z" for day in range(1, 11)]
    rows = [a_backup(at, generation=name) for name in names]
    for place in places.values():
        folder = place / "province_32" / names[0] / "000001-full"
        folder.mkdir(parents=True)
        (folder / "base.zke").write_bytes(b"x")
    assert keeping.remove_old(source) == []
    a_drill(at, rows[-1])
    assert keeping.remove_old(source) == names[:2]
    assert Removal.objects.count() == 2
    assert not any(
        (place / "province_32" / names[0]).glob("**/*.zke") for place in places.values() if not place.exists()
    )
    assert [len(list(place.rglob("*.zke"))) for place in places.values()] == [0, 0]


@pytest.mark.django_db
def test_keys_are_sealed_to_their_custody_and_come_back_byte_by_byte(source, at, tmp_path):
    home = Path(settings.ZIKAO_KEYS).parent
    with pytest.raises(NodeTrouble) as refusal:
        seal_keys(home, tmp_path / "escrow")
    assert "custody init keys" in refusal.value.remedy
    private, public = crypto.new_envelope_key()
    commands.register_custody_key(
        custody="keys", public_key=public.decode(), holder_name="厅长", holder_unit="省厅", by=node_actor(), at=at
    )
    assert queries.keys_not_escrowed(home / "keys")
    names = seal_keys(home, tmp_path / "escrow")
    assert queries.keys_not_escrowed(home / "keys") == []
    sealed = (tmp_path / "escrow").read_bytes()
    for name in names:
        assert (home / "keys" / name).read_bytes() not in sealed
    with pytest.raises(NodeTrouble):
        open_keys(tmp_path / "escrow", crypto.new_envelope_key()[0], tmp_path / "stolen")
    assert open_keys(tmp_path / "escrow", private, tmp_path / "keys") == names
    assert all((tmp_path / "keys" / n).read_bytes() == (home / "keys" / n).read_bytes() for n in names)
    assert {(tmp_path / "keys" / n).stat().st_mode & 0o777 for n in names} == {0o600}
    crypto.FileKeys(tmp_path / "keys")
    with pytest.raises(NodeTrouble):
        open_keys(tmp_path / "escrow", private, tmp_path / "keys")


@pytest.mark.django_db
def test_a_drill_is_noted_with_a_report_in_chinese(at, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at)
    row = a_backup(at)
    drilled = Drilled(row.generation, "business", at, ended_at=at + timedelta(seconds=9), number=1, digest=row.digest)
    drilled.bytes = 106_000_000
    drilled.add("各表行数", True, "140 张表，共 843 行，与清单一致")
    drill = note_drill(drilled, opened_with="6daa4619f6353bad", is_custodians_key=True)
    assert Drill.objects.get() == drill
    assert (drill.outcome, drill.backup, drill.is_custodians_key) == ("passed", row, True)
    assert storage.get(drill.report).startswith(b"%PDF")


def test_a_drill_without_any_finding_has_not_passed(at):
    assert not Drilled("", "business", at).passed


def test_the_drill_key_is_made_once_and_is_the_owners_alone(tmp_path):
    first = drill_key(tmp_path)
    assert drill_key(tmp_path) == first
    assert (tmp_path / "backups" / "drill.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("have", "gaps"),
    [
        (["000000010000000000000002", "000000010000000000000003"], []),
        (["000000010000000000000001", "000000010000000000000002"], []),
        (["000000010000000000000003"], ["000000010000000000000002"]),
        (["000000010000000000000002", "000000010000000000000004"], ["000000010000000000000003"]),
        (["000000010000000000000002", "000000020000000000000003", "00000002.history"], []),
        ([], ["000000010000000000000002"]),
        (["0000000100000000000000FE", "0000000100000001000000FF"], ["000000010000000000000002"]),
    ],
)
def test_gaps_in_the_log_are_found(have, gaps):
    assert logs.missing("000000010000000000000002", have)[:1] == gaps


def test_the_log_goes_on_from_ff_to_the_next_hundred():
    have = ["0000000100000000000000FF", "000000010000000100000000"]
    assert logs.missing(have[0], have) == []


def test_after_a_restore_what_the_peers_know_and_we_do_not_is_listed():
    ours = [Known("province:33", 10, 20, (7,)), Known("national", 5, 5, ())]
    theirs = {"province:33": [Known("province:32", 25, 12, ())]}
    said = list(compare("province:32", ours, theirs))
    assert said == [
        "province:33：对方收到过本节点第 11 至 12 号消息，本节点已没有记录；请对方导出核对，不要重发。",
        "province:33：对方发出过第 21 至 25 号消息，本节点没有收到的记录；请对方对其中已获答复的逐件补发。",
        "province:33：收到的消息缺第 7 号。",
        "national：没有对方的说明，请对方执行 ./zikao node sequences --json 并提供结果。",
    ]


def test_object_stores_are_reached_by_url_and_say_what_is_wrong(tmp_path):
    target = open_target("memory:///")
    target.put("a/b", b"x" * 9_000_000)
    assert target.paths("a") == {"a/b": 9_000_000}
    assert len(target.read("a/b").read(10_000_000)) == 9_000_000
    with pytest.raises(TargetTrouble) as refusal:
        target.get("nothing")
    assert refusal.value.remedy
    assert open_target("s3://bucket/prefix").url == "s3://bucket/prefix"
    with pytest.raises(TargetTrouble):
        open_target("gopher://x/y")


def test_a_write_that_breaks_off_leaves_nothing(tmp_path):
    target = open_target(str(tmp_path / "t"), make=True)

    def breaks_off() -> None:
        with target.write("a/b") as writer:
            writer.write(b"x" * 10_000_000)
            raise RuntimeError("power")

    with pytest.raises(RuntimeError):
        breaks_off()
    assert target.paths() == {}


@pytest.mark.django_db
def test_a_failure_that_lasts_is_noted_once_an_hour(source, at, monkeypatch):
    def breaks() -> None:
        raise TargetTrouble("target-fails")

    for minutes in (0, 5, 30, 61):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: at + timedelta(minutes=minutes))
        with pytest.raises(TargetTrouble):
            keeping.noting_failure("wal", breaks)
    assert [each.at for each in Failure.objects.order_by("id")] == [at, at + timedelta(minutes=61)]


@pytest.mark.django_db
def test_the_backup_process_waits_while_no_custody_is_registered(monkeypatch):
    from zikao.node.backing_up import __main__ as process

    monkeypatch.setattr("django.db.close_old_connections", lambda: None)  # it would close the test's own
    monkeypatch.setattr("zikao.node.backing_up.source.source_of", lambda node: pytest.fail("nothing to do"))
    assert process.look_after()
