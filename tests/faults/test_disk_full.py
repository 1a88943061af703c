"""A disk that is full, under the database and under the node's files: refused whole, and whole again afterwards."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.node import KilledNode, Told
from zikao.node.postgres import destroy_cluster

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
SMALL = "512m"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own with little room; only root can make one."""
    place = Path(tempfile.mkdtemp(prefix="zikao-small-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=0711", "zikao", str(place)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        place.rmdir()
        pytest.skip("a small file system can be mounted by root only")
    try:
        yield place
    finally:
        destroy_cluster(place)
        subprocess.run(["umount", "-l", str(place)], check=True)
        place.rmdir()


def test_commands_are_refused_whole_while_the_disk_is_full_and_go_on_afterwards(small_disk: Path) -> None:
    """Proves: a full disk loses nothing acknowledged and leaves no half command; with room again work goes on."""
    node, told = KilledNode(small_disk), Told()
    writers = node.writers(2)
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="No space"):
        _fill(ballast)
    before = node.one("SELECT count(*) FROM ledger_line")[0]
    _until_refused(node, before)
    ballast.unlink()
    node.start_server()
    node.end(writers, told)
    assert told.unknown > 0
    node.check(told)


def test_a_command_whose_file_finds_no_room_leaves_nothing(killed_node: KilledNode) -> None:
    """Proves: a portrait that cannot be written takes its registration with it, number and ledger line included."""
    before = killed_node.one("SELECT count(*), (SELECT sum(last) FROM candidates_admissioncounter) FROM ledger_line")
    process = killed_node.python("-m", "tests.faults.no_room")
    output, errors = process.communicate(timeout=120)
    assert output == "refused\n", errors[-3000:]
    after = killed_node.one("SELECT count(*), (SELECT sum(last) FROM candidates_admissioncounter) FROM ledger_line")
    assert before == after


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))


def _until_refused(node: KilledNode, before: int) -> None:
    """Wait until no further line is written, or the server has gone."""
    last, still = before, 0
    for _ in range(200):
        time.sleep(0.1)
        try:
            now = node.one("SELECT count(*) FROM ledger_line")[0]
        except psycopg.Error:
            return
        still = still + 1 if now == last else 0
        last = now
        if still >= 5:
            return
    pytest.fail("the disk was never full")
