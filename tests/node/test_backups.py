"""Backups and restores on a server of their own: each custody alone brings the node back, to any instant."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.factories.backups import Shelf, a_shelf
from tests.throwaway import NODE, TestNode
from zikao.foundation import crypto
from zikao.node.backing_up import logs
from zikao.node.backing_up.catalogue import read_catalogue
from zikao.node.backing_up.drilling import drill
from zikao.node.backing_up.manifests import FIRST
from zikao.node.backing_up.marks import check_declared
from zikao.node.backing_up.restoring import RestoreTrouble, bringer, plan_of, restore
from zikao.node.backing_up.source import Source, SourceTrouble
from zikao.node.backing_up.taking import take
from zikao.node.backing_up.targets import TargetTrouble, open_target
from zikao.node.backing_up.verifying import Question, verify_backup
from zikao.node.postgres import Cluster, destroy_cluster
from zikao.node.trouble import NodeTrouble


@pytest.fixture(scope="module")
def shelf(test_node: TestNode) -> Iterator[Shelf]:
    """One node for all these tests, with a full backup."""
    with a_shelf(test_node) as made:
        made.write("CREATE TABLE public.note (text text)")
        made.store_file(b"portrait")
        made.take("full")
        yield made


@contextmanager
def restored(
    shelf: Shelf, to: Path, custody: str, until: datetime | None = None, generation: str | None = None
) -> Iterator[Cluster]:
    key = shelf.private[custody]
    target = open_target(str(shelf.folder(custody)))
    plan = plan_of(read_catalogue(target, NODE), key, until=until, generation=generation)
    made = bringer(target, key, plan, to, say=lambda said: None)
    try:
        yield restore(made, until=until)
    finally:
        destroy_cluster(to)
        made.discard()


def notes_in(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.superuser_url("zikao_province_32")) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM public.note ORDER BY text")]


def now_of(shelf: Shelf) -> datetime:
    with psycopg.connect(shelf.source.counting_url()) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    return row[0]


def test_both_custodies_hold_the_same_manifest_and_each_its_own_sealed_copy(shelf):
    part = shelf.noted[0].manifest
    ours, theirs = (read_catalogue(each.target, NODE).parts[0] for each in shelf.custodians)
    assert ours.manifest == theirs.manifest == part
    assert part.previous == FIRST
    assert part.census.exact
    assert part.census.counts["public.storage_storedfile"] == 0
    for piece in part.pieces:
        assert piece.sealed["business"].digest != piece.sealed["discipline"].digest
    report = verify_backup(Question(shelf.custodians[0].target, NODE, private_key=shelf.private["business"]))
    assert report.problems == []
    assert report.opened == len(part.pieces) == 3


def test_nothing_in_a_copy_is_readable_and_no_key_of_the_node_is_in_it(shelf):
    secrets = [path.read_bytes() for path in Path(crypto.key_store()._directory).glob("*.key")]
    for path in shelf.folder("business").rglob("*.zke"):
        content = path.read_bytes()
        assert b"backup_manifest" not in content
        assert b"PG_VERSION" not in content
    part = shelf.noted[0].manifest
    names = {piece.role for piece in part.pieces}
    assert names == {"base", "files", "wal"}
    assert secrets


def test_restored_to_an_instant_exactly_what_was_written_before_it_is_there(shelf, tmp_path):
    shelf.write("INSERT INTO public.note VALUES ('first')")
    instant = now_of(shelf)
    shelf.write("INSERT INTO public.note VALUES ('second')")
    shelf.take("incremental")
    shelf.write("INSERT INTO public.note VALUES ('third')")
    shelf.ship()
    with restored(shelf, tmp_path / "then", "discipline", until=instant) as cluster:
        assert notes_in(cluster) == ["first"]
        home = tmp_path / "then" / "province-32"
        marker = json.loads((home / "restored.json").read_text())
        assert marker["until"] == instant.isoformat()
        with pytest.raises(NodeTrouble) as refusal:
            check_declared(home)
        assert refusal.value.code == "restored-undeclared"
        assert "declare-restored" in refusal.value.remedy
        stored = [path for path in (home / "files").rglob("*") if path.is_file()]
        assert [crypto.unseal(path.read_bytes(), path.name.encode()) for path in stored] == [b"portrait"]
    with restored(shelf, tmp_path / "now", "business") as cluster:
        assert notes_in(cluster) == ["first", "second", "third"]


def test_passwords_of_a_restored_cluster_are_new(shelf, tmp_path):
    with restored(shelf, tmp_path / "r", "business") as cluster:
        there = psycopg.conninfo.conninfo_to_dict(cluster.superuser_url())
        here = psycopg.conninfo.conninfo_to_dict(shelf.source.cluster.superuser_url())
        assert there["password"] != here["password"]
        old = psycopg.conninfo.make_conninfo(**{**there, "password": here["password"]})
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(old)


def test_a_restore_never_writes_over_anything(shelf, tmp_path):
    (tmp_path / "kept").write_text("x")
    with pytest.raises(RestoreTrouble) as refusal, restored(shelf, tmp_path, "business"):
        pass
    assert refusal.value.code == "not-empty"


def test_an_instant_outside_the_backups_is_refused_with_how_far_they_reach(shelf, tmp_path):
    for until, code in (
        (datetime(2020, 1, 1).astimezone(), "too-early"),
        (now_of(shelf) + timedelta(hours=1), "too-late"),
    ):
        with pytest.raises(RestoreTrouble) as refusal, restored(shelf, tmp_path / "r", "business", until=until):
            pass
        assert refusal.value.code == code


def test_a_drill_counts_every_table_verifies_the_ledger_and_leaves_nothing(shelf, tmp_path):
    target = shelf.custodians[1].target
    drilled = drill(target, NODE, shelf.private["discipline"], tmp_path / "drill", say=lambda said: None)
    assert [(each.name, each.holds) for each in drilled.findings] == [
        ("解开副本", True),
        ("各表行数", True),
        ("账本根", True),
        ("成绩库根", True),
        ("日志重放到底", True),
        ("账本验算", True),
        ("数据页校验和", True),
        ("存储文件", True),
    ]
    assert drilled.passed
    assert not (tmp_path / "drill").exists()


def test_a_drill_fails_where_the_manifest_lists_other_counts(shelf, tmp_path, monkeypatch):
    from zikao.node.backing_up import drilling

    census = drilling._census

    def other(plan):
        found = census(plan)
        return found.__class__(**{**found.__dict__, "counts": {**found.counts, "public.note": 7}})

    monkeypatch.setattr(drilling, "_census", other)
    target = shelf.custodians[0].target
    drilled = drill(target, NODE, shelf.private["business"], tmp_path / "drill", say=lambda said: None)
    assert not drilled.passed
    assert [each.name for each in drilled.findings if not each.holds] == ["各表行数"]


def test_a_backup_without_manifest_is_no_backup_and_is_swept_by_the_next(shelf):
    last = shelf.noted[-1].manifest
    folder = shelf.folder("business") / "province_32" / last.generation / f"{last.number + 1:06d}-wal"
    folder.mkdir(parents=True)
    (folder / "wal.zke").write_bytes(b"half")
    assert read_catalogue(shelf.custodians[0].target, NODE).newest == last
    shipped = shelf.ship()
    assert shipped.manifest.number == last.number + 1
    assert (folder / "wal.zke").read_bytes() != b"half"


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_no_backup_that_counts_and_the_log_stays(shelf):
    before = shelf.noted[-1].manifest.digest
    with files_no_larger_than(1 << 20), pytest.raises(TargetTrouble) as refusal:
        shelf.take("full")
    assert refusal.value.code == "target-full"
    for each in shelf.custodians:
        assert read_catalogue(each.target, NODE).newest.digest == before
        assert verify_backup(Question(each.target, NODE)).problems == []
    assert shelf.noted[-1].manifest.digest == before


def test_one_custody_out_of_reach_means_no_backup_at_the_other_either(shelf, monkeypatch):
    shelf.write("INSERT INTO public.note VALUES ('while away')")
    away, here = shelf.custodians[1].target, shelf.custodians[0].target
    before = read_catalogue(here, NODE).newest.digest

    def fails(path, data):
        raise TargetTrouble("target-fails")

    with monkeypatch.context() as patch:
        patch.setattr(type(away), "put", lambda self, path, data: fails(path, data) if self is away else None)
        with pytest.raises(TargetTrouble):
            shelf.ship()
    assert logs.finished(shelf.source.spool)
    assert shelf.noted[-1].manifest.digest == before
    assert shelf.ship() is not None
    assert read_catalogue(here, NODE).newest == read_catalogue(away, NODE).newest


def test_a_part_that_was_taken_but_not_noted_is_noted_by_the_next(shelf):
    shelf.write("INSERT INTO public.note VALUES ('crash')")
    known = shelf.noted[-1].manifest.digest
    taken = shelf.take("incremental")
    shelf.noted.pop()  # the node died before it could write the line
    shelf.write("INSERT INTO public.note VALUES ('after')")
    again = shelf.take("incremental", known=known)
    assert [each.manifest.digest for each in shelf.noted[-2:]] == [taken.manifest.digest, again.manifest.digest]


def test_copies_that_are_not_those_of_the_ledger_stop_the_next_backup(shelf):
    with pytest.raises(SourceTrouble) as refusal:
        shelf.take("incremental", known="ab" * 32)
    assert refusal.value.code == "custody-changed"
    assert refusal.value.clause == "SR-A1.11"
    assert "verify backup" in refusal.value.remedy


def test_a_second_generation_goes_on_where_the_first_ends_and_both_restore(shelf, tmp_path):
    shelf.write("INSERT INTO public.note VALUES ('zz last of the first')")
    first = shelf.noted[-1].manifest.generation
    second = shelf.take("full").manifest
    assert second.generation > first
    report = verify_backup(Question(shelf.custodians[0].target, NODE, other=shelf.custodians[1].target))
    assert report.problems == []
    assert report.generations == 2
    with restored(shelf, tmp_path / "old", "business", generation=first) as cluster:
        assert "zz last of the first" in notes_in(cluster)


def test_an_outside_server_is_dumped_by_a_role_that_may_read_all_of_it(shelf, tmp_path, monkeypatch):
    outside = Source(shelf.source.node, None)
    monkeypatch.delenv("ZIKAO_BACKUP_URL", raising=False)
    with pytest.raises(SourceTrouble) as refusal:
        outside.counting_url()
    assert "pg_read_all_data" in refusal.value.remedy
    shelf.write("CREATE ROLE dumper LOGIN BYPASSRLS PASSWORD 'x'; GRANT pg_read_all_data TO dumper")
    shelf.write("GRANT CONNECT ON DATABASE zikao_province_32 TO dumper")
    parts = psycopg.conninfo.conninfo_to_dict(shelf.source.cluster.superuser_url("zikao_province_32"))
    url = psycopg.conninfo.make_conninfo(**{**parts, "user": "dumper", "password": "x"})
    monkeypatch.setenv("ZIKAO_BACKUP_URL", url)
    home = tmp_path / "targets"
    custodians = [
        type(each)(each.custody, open_target(str(home / each.custody), make=True), each.keys)
        for each in shelf.custodians
    ]
    noted = []
    signed = take(outside, custodians, kind="full", record=noted.append, say=lambda said: None)
    assert signed.manifest.kind == "logical"
    assert signed.manifest.wal == ()
    key = shelf.private["business"]
    drilled = drill(custodians[0].target, NODE, key, tmp_path / "drill", say=lambda said: None)
    assert [each.name for each in drilled.findings if not each.holds] == []
