"""`python -m zikao.node.backing_up`: the process beside web, worker and caretaker that keeps the node's backups.

Every few seconds it sends what log the server left; when the law's rhythm says so it makes a full or incremental
backup, and a drill. While no custody is registered it waits. A failure is noted, shown, and tried again.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

LOOK_SECONDS = 10.0
AFTER_FAILURE_SECONDS = 300.0
log = logging.getLogger("zikao.backups")


def main(stop: threading.Event | None = None) -> int:
    """Keep the backups of the node of this environment until SIGTERM."""
    import django

    django.setup()
    stop = stop or threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pause = LOOK_SECONDS
    while not stop.wait(pause):
        pause = LOOK_SECONDS if look_after() else AFTER_FAILURE_SECONDS
    return 0


def look_after() -> bool:
    """Do what is due; returns whether all of it succeeded."""
    from django.db import close_old_connections

    from zikao.foundation import clock
    from zikao.foundation.backups import queries
    from zikao.node.backing_up import drilled, keeping
    from zikao.node.backing_up.source import inner_node, source_of

    close_old_connections()
    try:
        if queries.missing_custodies():
            return True
        # asked anew each time: the server may have moved to another port
        source = source_of(inner_node(os.environ["ZIKAO_NODE"], Path(os.environ["ZIKAO_NODE_HOME"])))
        at = clock.now()
        _do(keeping.is_due(at), lambda: keeping.back_up(source, say=log.warning))
        _do(source.is_physical, lambda: keeping.send_log(source))
        _do(keeping.is_drill_due(at), lambda: drilled.run_drill(source, say=log.warning))
    except Exception:
        log.exception("the backup did not succeed; it will be tried again")
        close_old_connections()
        return False
    return True


def _do(wanted: bool, work: Callable[[], object]) -> None:
    if wanted:
        work()


if __name__ == "__main__":
    sys.exit(main())
