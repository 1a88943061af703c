"""The database server killed while four clients write."""

from __future__ import annotations

import time
from random import Random

import pytest

from tests.faults.node import KilledNode, Told

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
WRITERS = 4


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice_when_the_server_is_killed(
    killed_node: KilledNode, rounds: int
) -> None:
    """Proves: what was acknowledged survives kill -9 of the server; what was not has one effect when tried again."""
    told, chance = Told(), Random(7)
    writers = killed_node.writers(WRITERS)
    for _ in range(rounds):
        time.sleep(chance.uniform(0.05, 0.4))
        killed_node.kill_server()
        killed_node.start_server()
    killed_node.end(writers, told)
    assert len(told.acknowledged) >= rounds
    assert told.unknown >= rounds  # the kills did hit writes
    killed_node.check(told)


def test_nothing_is_lost_when_writers_are_killed_between_commit_and_answer(
    killed_node: KilledNode, rounds: int
) -> None:
    """Proves: a client that dies leaves whole commands or none, and what it was told of is there."""
    told, chance = Told(), Random(8)
    for _ in range(max(rounds // 10, 2)):
        writers = killed_node.writers(2)
        time.sleep(chance.uniform(0.02, 0.3))
        for writer in writers:
            writer.kill()
            assert writer.stdout is not None
            told.read(writer.stdout.read().rpartition("\n")[0])
            writer.wait()
    assert told.acknowledged
    killed_node.check(told)
