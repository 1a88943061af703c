"""Long work that counts to two hundred, for workers that are killed: order, work, finish."""

from __future__ import annotations

import sys
import time

import django

TOTAL, PACE_SECONDS, SILENT_SECONDS = 200, 0.005, 1


def main(what: str, work_id: str = "0") -> None:
    """Do one of the three."""
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from zikao.foundation import clock
    from zikao.foundation.actors import Actor, Post
    from zikao.foundation.jobs import working
    from zikao.foundation.jobs.models import Work
    from zikao.foundation.jobs.reaper import reap

    @working.long_work("faults.count")
    def count(work: Work, progress: working.Progress) -> working.Result:
        say("begun")
        for _ in range(work.total):
            progress.add()
            time.sleep(PACE_SECONDS)
        return working.Result(b"counted", "counted.txt", "text/plain", {"counted": work.total})

    if what == "order":
        with transaction.atomic():
            by = Actor("考务员", Post.PROVINCE_CLERK, "32")
            work = working.order(
                kind="faults.count", title="数数", total=TOTAL, given={}, agency_code="32", by=by, at=clock.now()
            )
        say(str(work.pk))
        return
    time.sleep(SILENT_SECONDS + 0.2)
    reap(silent_seconds=SILENT_SECONDS)
    call_command("procrastinate", "worker", "--concurrency=1", "--delete-jobs=never", "--one-shot")
    if what == "finish":
        done = Work.objects.get(pk=int(work_id))
        say(f"{done.state} {done.done}")


def say(text: str) -> None:
    """One line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
