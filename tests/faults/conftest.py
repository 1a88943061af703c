"""Nodes that may be killed. `./zikao test -m faults` lives the long form; a plain run the short one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.node import KilledNode
from zikao.node.postgres import destroy_cluster

SHORT, LONG = 3, 200


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> int:
    """How often something is killed: 200 times where the suite is asked for by its mark, else a few."""
    return LONG if "faults" in str(request.config.getoption("-m")) else SHORT


@pytest.fixture(scope="session")
def killed_node() -> Iterator[KilledNode]:
    """One durable node for all rounds."""
    home = Path(tempfile.mkdtemp(prefix="zikao-faults-"))
    home.chmod(0o711)  # the server's account passes through
    try:
        yield KilledNode(home)
    finally:
        destroy_cluster(home)
        shutil.rmtree(home, ignore_errors=True)
