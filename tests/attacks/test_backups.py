"""Somebody reaches a custody's copies: what they change, take away, swap or bring back is found and not restored."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.factories.backups import Shelf, a_shelf
from tests.factories.candidates import a_candidate, an_applicant
from tests.standing import AT
from tests.throwaway import NODE, TestNode
from zikao.foundation import crypto
from zikao.foundation.commands import all_rows
from zikao.foundation.crypto.sm2 import Signer, new_private_key
from zikao.foundation.errors import ZikaoError
from zikao.node.backing_up.catalogue import read_catalogue
from zikao.node.backing_up.copying import copy_newest
from zikao.node.backing_up.manifests import Manifest, Signed
from zikao.node.backing_up.restoring import RestoreTrouble, bringer, plan_of, restore
from zikao.node.backing_up.streams import Broken
from zikao.node.backing_up.targets import Target, open_target
from zikao.node.backing_up.tars import lay_out
from zikao.node.backing_up.verifying import Question, Report, verify_backup
from zikao.node.postgres.place import recorded_place

Change = Callable[[Path], None]


@contextmanager
def entered(url: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django enters another database for a while."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    with blocker.unblock():
        django = connections["default"]
        before = dict(django.settings_dict)
        django.close()
        django.settings_dict.update(
            NAME=parts["dbname"], USER=parts["user"], PASSWORD=parts["password"], HOST=parts["host"], PORT=parts["port"]
        )
        try:
            yield
        finally:
            django.close()
            django.settings_dict.update(before)


@pytest.fixture(scope="module")
def shelf(test_node: TestNode, django_db_blocker: DjangoDbBlocker) -> Iterator[Shelf]:
    with a_shelf(test_node) as made:
        with entered(made.source.node.app_url, django_db_blocker), all_rows("测试的准备"):
            applicant = an_applicant(AT, name="欧阳梦兰", phone="13812345678")
            person = a_candidate(AT, applicant=applicant)
        made.store_file(b"scan")
        made.clear = {person.name, person.admission_number}  # type: ignore[attr-defined]
        made.sealed = {applicant.id_number, applicant.phone}  # type: ignore[attr-defined]
        made.take("full")
        made.ship()
        made.ship()
        yield made


@pytest.fixture
def copy(shelf: Shelf, tmp_path: Path) -> Path:
    """The business custody's copies, for the attacker to work on: the folder of the generation."""
    shutil.copytree(shelf.folder("business"), tmp_path / "copy")
    return tmp_path / "copy" / "province_32" / shelf.noted[0].manifest.generation


def target_of(copy: Path) -> Target:
    return open_target(str(copy.parents[1]))


def verified(shelf: Shelf, copy: Path, **more: object) -> Report:
    question = Question(target_of(copy), NODE, trusted=crypto.public_keys())
    return verify_backup(replace(question, **more))


def kinds(report: Report) -> set[str]:
    return {problem.kind for problem in report.problems}


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def rewrite(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    whole = json.loads(path.read_text())
    change(whole["manifest"])
    path.write_text(json.dumps(whole))


def test_an_untouched_copy_holds(shelf, copy):
    """The verifier finds no problem in an honest copy, and the custody's private key opens every piece."""
    assert verified(shelf, copy, private_key=shelf.private["business"]).problems == []


CHANGES: dict[str, tuple[Change, set[str]]] = {
    "one bit of the base": (lambda copy: flip(copy / "000001-full" / "base.zke", -5), {"changed"}),
    "one bit of a seal's head": (lambda copy: flip(copy / "000001-full" / "base.zke", 30), {"changed"}),
    "the log of two parts swapped": (lambda copy: swap(copy, "000002-wal", "000003-wal"), {"altered"}),
    "the end of the base cut off": (lambda copy: cut(copy / "000001-full" / "base.zke"), {"size"}),
    "a byte added": (lambda copy: (copy / "000002-wal" / "wal.zke").open("ab").write(b"x"), {"size"}),
    "a piece deleted": (lambda copy: (copy / "000001-full" / "files.zke").unlink(), {"missing"}),
    "a part in the middle deleted": (lambda copy: shutil.rmtree(copy / "000002-wal"), {"chain", "number", "log"}),
    "a part hidden by deleting its manifest": (
        lambda copy: (copy / "000002-wal" / "manifest.json").unlink(),
        {"chain", "number", "log"},
    ),
    "a strange object laid beside": (lambda copy: (copy / "000001-full" / "x.zke").write_bytes(b"x"), {"stray"}),
    "counts edited in the manifest": (
        lambda copy: rewrite(copy / "000001-full" / "manifest.json", lambda m: m["census"].update(ledger_size=9)),
        {"manifest", "number"},
    ),
    "a manifest that is not JSON": (
        lambda copy: (copy / "000003-wal" / "manifest.json").write_bytes(b"{"),
        {"manifest"},
    ),
    "a part moved to another place": (
        lambda copy: shutil.copytree(copy / "000003-wal", copy / "000004-wal"),
        {"manifest"},
    ),
}


def swap(copy: Path, one: str, other: str) -> None:
    first, second = copy / one / "wal.zke", copy / other / "wal.zke"
    keep = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(keep)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


@pytest.mark.parametrize("name", CHANGES)
def test_what_an_attacker_changes_at_a_custody_is_found_without_any_private_key(shelf, copy, name):
    """The verifier, given no private key, reports each change, swap, move or loss under its fitting kind."""
    change, found = CHANGES[name]
    change(copy)
    seen = kinds(verified(shelf, copy, other=shelf.custodians[1].target))
    assert found <= seen | ({"altered"} if seen & {"changed", "size"} else set())


@pytest.mark.parametrize(
    ("piece", "spoil"),
    [
        ("base.zke", lambda path: flip(path, -5)),
        ("base.zke", cut),
        ("files.zke", lambda path: path.write_bytes(b"")),
        ("wal.zke", lambda path: flip(path, 2000)),
    ],
)
def test_a_spoiled_copy_is_not_restored_and_leaves_no_node_that_starts(shelf, copy, tmp_path, piece, spoil):
    """Restoring a flipped, cut or emptied piece fails and records no database that could be started."""
    spoil(copy / "000001-full" / piece)
    target, key = target_of(copy), shelf.private["business"]
    made = bringer(target, key, plan_of(read_catalogue(target, NODE), key), tmp_path / "r", say=lambda said: None)
    try:
        with pytest.raises((ZikaoError, Broken)):
            restore(made)
        assert recorded_place(tmp_path / "r") is None
    finally:
        made.discard()


def test_the_newest_parts_taken_away_are_missed_by_the_other_custody_the_ledger_and_the_clock(shelf, copy):
    """A copy without its newest part seems whole alone; other custody, ledger and age each show the loss."""
    shutil.rmtree(copy / "000003-wal")
    assert verified(shelf, copy).problems == []  # alone it cannot know: so it is never asked alone
    theirs = shelf.custodians[1].target
    assert kinds(verified(shelf, copy, other=theirs)) == {"other"}
    assert kinds(verified(shelf, copy, expected=shelf.noted[-1].manifest.digest)) == {"ledger"}
    assert kinds(verified(shelf, copy, oldest_allowed=timedelta(seconds=0))) == {"old"}


def test_a_manifest_signed_anew_by_a_stranger_is_not_believed(shelf, copy):
    """A manifest with a valid signature by a key that is not the node's is reported as invalid."""
    path = copy / "000001-full" / "manifest.json"
    private, public = new_private_key()
    part = read_catalogue(target_of(copy), NODE).parts[0].manifest
    forged = replace(part, files=99)
    path.write_bytes(Signed(forged, Signer(private).sign(forged.content()), public.decode()).as_bytes())
    assert "manifest" in kinds(verified(shelf, copy))


def test_a_manifest_signed_anew_by_the_node_itself_differs_from_the_other_custody_and_breaks_the_chain(shelf, copy):
    """Who holds the node's key still cannot rewrite one manifest: chain and other custody contradict."""
    part: Manifest = read_catalogue(target_of(copy), NODE).parts[0].manifest
    assert part.census is not None
    forged = replace(part, census=replace(part.census, ledger_size=part.census.ledger_size + 1))
    key = crypto.public_keys()[crypto.signing_key_id()]
    again = Signed(forged, crypto.sign(forged.content()), key)
    (copy / "000001-full" / "manifest.json").write_bytes(again.as_bytes())
    assert {"chain", "other"} <= kinds(verified(shelf, copy, other=shelf.custodians[1].target))


def test_the_other_custodys_piece_laid_here_is_found(shelf, copy):
    """The same piece sealed for the other custody differs from what the manifest tells of this one."""
    theirs = shelf.folder("discipline") / copy.relative_to(copy.parents[1]) / "000001-full" / "base.zke"
    shutil.copy(theirs, copy / "000001-full" / "base.zke")
    assert kinds(verified(shelf, copy)) & {"changed", "size"}


def test_the_key_of_the_other_custody_opens_nothing_here(shelf, copy):
    """With the other custody's private key the verifier opens no piece and reports broken seals."""
    report = verified(shelf, copy, private_key=shelf.private["discipline"])
    assert kinds(report) == {"seal"}
    assert report.opened == 0


def test_a_strangers_key_is_refused_with_the_ids_that_would_fit(shelf, copy):
    """Restoring refuses a key that fits no seal and names the id of the key that would."""
    private, _ = crypto.new_envelope_key()
    with pytest.raises(RestoreTrouble) as refusal:
        plan_of(read_catalogue(target_of(copy), NODE), private)
    assert refusal.value.code == "wrong-key"
    fitting = crypto.envelope_key_id(shelf.custodians[0].keys[0])
    assert fitting in refusal.value.remedy


def test_a_log_with_a_gap_is_not_replayed_past_it(shelf, copy):
    """The plan of a restoration is refused when a part of the log in the middle is missing."""
    key = shelf.private["business"]
    shutil.rmtree(copy / "000002-wal")
    with pytest.raises(RestoreTrouble) as refusal:
        plan_of(read_catalogue(target_of(copy), NODE), key)
    assert refusal.value.code in {"log-missing", "incomplete-generation"}


def test_a_tar_that_would_write_outside_is_refused(tmp_path):
    """Unpacking refuses a tar with a path that leads out of the folder; nothing is written there."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../outside"), io.BytesIO(b""))
    with pytest.raises(Broken):
        lay_out([stream.getvalue()], tmp_path / "in")
    assert not (tmp_path / "outside").exists()


def test_a_backup_says_nothing_of_persons(shelf):
    """No file at a custody, nor its name, holds a candidate's name, a number, a phone or the way into the database."""
    clear = shelf.clear
    source = list(shelf.source.cluster.server.place.data.joinpath("base").rglob("*"))
    bodies = [path.read_bytes() for path in source if path.is_file()]
    assert {word for word in clear if any(word.encode() in body for body in bodies)} == clear, "nothing to find"
    secrets = {*clear, *shelf.sealed, shelf.source.node.app_url, "postgresql://"}
    forms = {word: (word.encode(), word.encode("gb18030"), word.encode("utf-16-le")) for word in secrets}
    for custody in ("business", "discipline"):
        files = [path for path in shelf.folder(custody).rglob("*") if path.is_file()]
        assert {"base.zke", "files.zke", "wal.zke"} <= {path.name for path in files}
        for path in files:
            body = path.read_bytes() + str(path).encode()
            assert [word for word, coded in forms.items() if any(each in body for each in coded)] == [], path


def test_a_further_copy_is_whole_and_made_only_of_what_is_missing(shelf, tmp_path):
    """A copy on a further disk verifies and opens; copying again transfers nothing."""
    source, target = shelf.custodians[0].target, open_target(str(tmp_path / "disk"), make=True)
    assert copy_newest(source, target, NODE) > 0
    assert copy_newest(source, target, NODE) == 0
    assert verify_backup(Question(target, NODE, private_key=shelf.private["business"])).problems == []
