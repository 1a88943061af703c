"""The queue: jobs stand and fall with their transaction, outlive their workers, and have one effect."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories.actors import clerk
from zikao.foundation.clock import now
from zikao.foundation.jobs import caretaker, working
from zikao.foundation.jobs.caretaker import Chore, keep_house
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.reaper import reap
from zikao.foundation.jobs.states import WorkState
from zikao.foundation.ledger.models import Line

committed = pytest.mark.django_db(transaction=True)
PROJECT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
WORKER = """
import os, sys, time
import django
django.setup()
from django.core.management import call_command
from zikao.foundation.jobs.working import Result, long_work

@long_work("tests.slow")
def slow(work, progress):
    for _ in range(work.total):
        progress.add()
        if os.environ["PACE"] != "0" and progress._done == 100:
            print("in the middle", flush=True)
            time.sleep(600)
    return Result(b"counted", "counted.txt", "text/plain", {"counted": work.total})

call_command("procrastinate", "worker", "--concurrency=1", "--delete-jobs=never", *sys.argv[1:])
"""


def wanted(total: int = 250) -> Work:
    """Work whose task only the workers of this test know."""
    return working.order(kind="tests.slow", title="数数", total=total, given={}, agency_code="32", by=clerk(), at=now())


def status() -> str:
    return str(ProcrastinateJob.objects.get().status)


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a worker process on the test's database; all are gone at the end."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, pace: int = 0) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(PROJECT / "src"), "PACE": str(pace)}
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, *arguments], env=environment, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@committed
def test_a_job_of_a_transaction_that_rolls_back_does_not_exist():
    class Changed(Exception):
        pass

    def give_up() -> None:
        with transaction.atomic():
            wanted()
            assert ProcrastinateJob.objects.count() == 1
            raise Changed

    with pytest.raises(Changed):
        give_up()
    assert (Work.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)
    wanted()
    assert (Work.objects.count(), ProcrastinateJob.objects.count()) == (1, 1)


def test_a_worker_killed_in_the_middle_is_replaced_and_the_work_has_one_effect(worker):
    work = wanted()
    first = worker(pace=1)
    assert first.stdout.readline() == "in the middle\n"
    assert Work.objects.get().done == 100
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert status() == "doing"
    assert reap(silent_seconds=60) == []
    time.sleep(1.1)
    assert reap(silent_seconds=1) == [ProcrastinateJob.objects.get().pk]
    assert status() == "todo"
    second = worker("--one-shot")
    assert second.wait(PATIENCE_SECONDS) == 0
    assert status() == "succeeded"
    work.refresh_from_db()
    assert (work.state, work.done, work.summary) == (WorkState.DONE, 250, {"counted": 250})
    assert Line.objects.filter(command="jobs.work-done").count() == 1


def test_a_job_without_worker_is_an_orphan_and_is_given_back(worker):
    wanted()
    first = worker(pace=1)
    assert first.stdout.readline() == "in the middle\n"
    first.send_signal(signal.SIGKILL)
    first.wait()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert ProcrastinateJob.objects.get().worker_id is None
    assert len(reap()) == 1
    assert worker("--one-shot").wait(PATIENCE_SECONDS) == 0
    assert status() == "succeeded"
    assert Line.objects.filter(command="jobs.work-done").count() == 1


def test_a_living_worker_keeps_its_job(worker):
    wanted()
    first = worker(pace=1)
    assert first.stdout.readline() == "in the middle\n"
    assert reap(silent_seconds=30) == []
    assert status() == "doing"


@pytest.mark.django_db
def test_a_finished_work_is_not_done_again(at: datetime):
    done = []

    @working.long_work("tests.once")
    def once(work: Work, progress: working.Progress) -> working.Result:
        done.append(work.pk)
        return working.Result(summary={"things": 3})

    work = working.order(kind="tests.once", title="一次", total=3, given={}, agency_code="32", by=clerk(), at=at)
    once(work.pk)
    once(work.pk)
    assert done == [work.pk]
    assert Line.objects.get(command="jobs.work-done").facts["things"] == 3


@pytest.mark.parametrize("wrong", ["done = 4", "state = 'done'", "state = 'failed', ended_at = now()", "done = -1"])
@pytest.mark.django_db
def test_the_database_refuses_work_that_does_not_add_up(wrong, at):
    work = working.order(kind="tests.once", title="一次", total=3, given={}, agency_code="32", by=clerk(), at=at)
    with pytest.raises(Exception, match="work_"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE jobs_work SET {wrong} WHERE id = %s", [work.pk])


@pytest.mark.django_db
def test_chores_go_on_when_one_fails(monkeypatch, caplog):
    stop, done = threading.Event(), []

    def broken() -> None:
        raise RuntimeError("no network")

    def good() -> None:
        done.append(1)
        if len(done) == 3:
            stop.set()

    rota = [Chore("broken", 0.0, broken), Chore("good", 0.0, good)]
    monkeypatch.setattr(caretaker, "chores", lambda: rota)
    monkeypatch.setattr(caretaker, "close_old_connections", lambda: None)
    with caplog.at_level(logging.ERROR):
        keep_house(stop)
    assert len(done) == 3
    assert sum("chore broken failed" in record.message for record in caplog.records) >= 2


@committed
def test_the_reaper_works_again_after_the_server_dropped_every_connection():
    taken: list[list[int]] = []
    chore = Chore("reap", 0.0, lambda: taken.append(reap()))
    chore.run_if_due()
    known = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: known[name] for name in names}, autocommit=True) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        ).fetchall()
        assert ended
    for _ in range(3):
        chore.run_if_due()
    assert len(taken) >= 2


def test_a_chore_waits_for_its_time():
    done: list[int] = []
    chore = Chore("slow", 3600.0, lambda: done.append(1))
    for _ in range(3):
        chore.run_if_due()
    assert done == [1]


def test_the_caretaker_does_every_chore():
    assert {chore.name for chore in caretaker.chores()} == {
        *("sequence", "checkpoint", "subtrees", "verify", "witness", "deliver", "reap", "sweep", "custody"),
        *("close-windows", "compare-scores", "expire-approvals", "expire-exports", "clear-sessions", "forget-failures"),
        *("lapse-preregistrations", "report-registrations", "report-passes", "forget-portraits"),
        *("settle-orders", "measure-queues", "reconcile"),
    }


def test_every_task_of_the_house_is_known_to_the_queue():
    assert "seating.notices" in app.tasks
