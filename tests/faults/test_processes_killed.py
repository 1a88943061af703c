"""Web processes and workers killed in the middle of what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest

from tests.faults.node import KilledNode, Told
from zikao.node.ports import free_port
from zikao.node.serving import children_of, wait_until_ready
from zikao.node.supervisor import Supervisor
from zikao.node.trouble import NodeTrouble

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]


@pytest.fixture
def served(killed_node: KilledNode) -> Iterator[tuple[Supervisor, int]]:
    """The node's web server, worker and caretaker under their supervisor."""
    port = free_port()
    folder = killed_node.home / "logs"
    children = children_of(killed_node.node, port=port, log_folder=folder)
    for child in children:
        child.environment = killed_node.environment(ZIKAO_PUBLIC_URL=f"http://127.0.0.1:{port}")
    with Supervisor(children, lambda text: None) as group:
        wait_until_ready(port)
        yield group, port


def processes_of(parent: int) -> list[int]:
    """The children of a process."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def test_clerks_lose_nothing_when_the_web_process_is_killed(
    killed_node: KilledNode, served: tuple[Supervisor, int], rounds: int
) -> None:
    """Proves: a form sent again with its key after the web process died is done once, and says so."""
    group, port = served
    told, chance = Told(), Random(9)
    opening = killed_node.python("-m", "tests.faults.clerks", "clerk0", "clerk1")
    errors = opening.communicate(timeout=120)[1]
    assert opening.returncode == 0, errors[-3000:]
    writers = killed_node.writers(2, "web", f"http://127.0.0.1:{port}")
    for _ in range(max(rounds // 10, 2)):
        time.sleep(chance.uniform(0.2, 0.6))
        master = group.children[0].process
        assert master is not None
        for pid in processes_of(master.pid) or [master.pid]:
            os.kill(pid, signal.SIGKILL)
        _until_served(group, port)
    killed_node.end(writers, told)
    assert told.acknowledged
    killed_node.check(told)


def _until_served(group: Supervisor, port: int) -> None:
    """Look after the children, as `node serve` does, until the node answers again."""
    for _ in range(240):
        group.look_after()
        with suppress(NodeTrouble):
            return wait_until_ready(port, seconds=0.3)
    pytest.fail("the web server did not come back")


def test_work_is_done_once_when_its_worker_is_killed(killed_node: KilledNode, rounds: int) -> None:
    """Proves: long work whose worker dies, again and again, ends with one result and one line."""
    ordering = killed_node.python("-m", "tests.faults.counting", "order")
    output, errors = ordering.communicate(timeout=120)
    assert ordering.returncode == 0, errors[-3000:]
    work = int(output)
    chance = Random(10)
    for _ in range(max(rounds // 20, 2)):
        worker = killed_node.python("-m", "tests.faults.counting", "work", str(work))
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n", worker.communicate()[1][-3000:]
        time.sleep(chance.uniform(0.0, 0.1))
        worker.kill()
        worker.wait()
    last = killed_node.python("-m", "tests.faults.counting", "finish", str(work))
    output, errors = last.communicate(timeout=120)
    assert output.endswith("done 200\n"), errors[-3000:]
    done = "SELECT count(*) FROM ledger_line WHERE command = 'jobs.work-done' AND subject = %s"
    lines = killed_node.one(done, f"jobs.work:{work}")
    assert lines == (1,)
