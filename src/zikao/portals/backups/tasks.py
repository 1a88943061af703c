"""The queue hands a backup or a drill to the node's own program, which alone has the way into the whole cluster."""

from __future__ import annotations

import json
import subprocess
import sys

from zikao.foundation.errors import ZikaoError
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import Progress, Result, long_work
from zikao.portals.backups.commands import BACKUP, DRILL

PROGRAM = "zikao.node.backing_up.now"


@long_work(BACKUP)
def make_backup(work: Work, progress: Progress) -> Result:
    """Make a backup now."""
    said = _run("backup", work.given["kind"])
    progress.add()
    return Result(summary={"megabytes": int(said["bytes"]) >> 20, "objects": int(said["objects"])})


@long_work(DRILL)
def make_drill(work: Work, progress: Progress) -> Result:
    """Drill now."""
    said = _run("drill", work.given["custody"])
    progress.add()
    return Result(summary={"held": int(said["held"]), "failed": int(said["failed"])})


def _run(what: str, which: str) -> dict[str, str | int]:
    answer = subprocess.run(  # noqa: S603 - our own program, with our own words
        [sys.executable, "-m", PROGRAM, what, which], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    try:
        said: dict[str, str | int] = json.loads(answer.stdout.decode().strip().split("\n")[-1])
    except ValueError:
        raise ZikaoError(
            "backup-failed", message="备份程序意外结束。", remedy="请查看备份进程和工作进程的日志。"
        ) from None
    if "error" in said:
        raise ZikaoError(str(said["code"]), message=str(said["error"]), remedy=str(said["remedy"]))
    return said
