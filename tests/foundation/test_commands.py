"""The mechanism every write goes through: one act, one transaction, one line, and nothing that switches it off."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.factories.actors import clerk
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, Receipt, all_commands, command, mechanism, snapshot
from zikao.foundation.commands.changes import plain
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, ZikaoError
from zikao.foundation.ledger.models import Line
from zikao.foundation.regulation import UnknownClause
from zikao.foundation.storage.models import StoredFile
from zikao.node.survey import load_house

PROJECT = Path(__file__).parents[2]
PROVINCE = clerk(Post.PROVINCE_CLERK)
POSTS = frozenset({Post.PROVINCE_CLERK, Post.COUNTY_CLERK})


@dataclass(frozen=True)
class Deeds:
    """Commands of this test; they keep a row of a table of the house, of which the tests know nothing else."""

    store: Any
    store_once: Any
    other_once: Any
    fail: Any
    nest: Any


def row(number: int, at: datetime) -> StoredFile:
    return StoredFile.objects.create(
        digest=f"{number:064x}", size=number, media_type="text/plain", key_id="none", stored_at=at
    )


@pytest.fixture(scope="module")
def deeds() -> Iterator[Deeds]:
    known = dict(mechanism._commands)

    @command(writes="tests.stored", clauses=("EA-14", "EA-10"), posts=POSTS)
    def store(*, number: int, by: Actor, at: datetime) -> Outcome[StoredFile]:
        """Store a number."""
        return Outcome(row(number, at), facts={"number": number, "on": date(2026, 8, 20)}, clauses=("EA-10", "EA-16"))

    @command(writes="tests.stored-once", posts=POSTS)
    def store_once(*, number: int, by: Actor, at: datetime, key: str | None = None) -> Outcome[StoredFile]:
        """Store a number, however often it is asked."""
        return Outcome(row(number, at), facts={"number": number})

    @command(writes="tests.other-once", posts=POSTS)
    def other_once(*, number: int, by: Actor, at: datetime, key: str) -> Outcome[None]:
        """Do another thing."""
        return Outcome(None, on=f"tests:{number}")

    @command(writes="tests.failed", posts=POSTS)
    def fail(*, number: int, error: Exception, by: Actor, at: datetime) -> Outcome[None]:
        """Change, then raise."""
        row(number, at)
        raise error

    @command(writes="tests.nested", posts=POSTS)
    def nest(*, number: int, by: Actor, at: datetime) -> Outcome[None]:
        """Change, then call another command."""
        row(number, at)
        store(number=number + 1, by=by, at=at)
        return Outcome(None, on="tests:nested")

    yield Deeds(store, store_once, other_once, fail, nest)
    mechanism._commands.clear()
    mechanism._commands.update(known)


def rows() -> int:
    return StoredFile.objects.count()


@pytest.mark.django_db
def test_a_command_writes_one_line_that_says_who_did_what_on_what_by_which_clauses(deeds, at):
    by = Actor("张三", Post.COUNTY_CLERK, "320102", account_id=7)
    receipt = deeds.store(number=1, by=by, at=at)
    line = Line.objects.get()
    assert receipt == Receipt(line.pk, "tests.stored", at, receipt.value, f"storage.storedfile:{receipt.value.pk}")
    assert (line.at, line.account_id, line.post, line.agency_code) == (at, 7, "county-clerk", "320102")
    assert (line.command, line.subject) == ("tests.stored", receipt.subject)
    assert line.clauses == ["EA-14", "EA-10", "EA-16"]
    assert line.facts == {"number": 1, "on": "2026-08-20"}
    assert line.before is None
    assert bytes(line.after) == sm3(canonical(snapshot(receipt.value)))
    assert "张三" not in json.dumps(line.facts, ensure_ascii=False)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [NotFound("gone"), ZikaoError("refused"), RuntimeError("broken")])
def test_a_command_that_raises_leaves_no_line_and_no_change(error, deeds, at):
    with pytest.raises(type(error)):
        deeds.fail(number=1, error=error, by=PROVINCE, at=at)
    assert (rows(), Line.objects.count()) == (0, 0)
    assert deeds.store(number=2, by=PROVINCE, at=at).line_id


@pytest.mark.django_db
def test_a_command_inside_a_command_raises_and_neither_happened(deeds, at):
    with pytest.raises(mechanism.CommandInsideCommand, match=r"store inside .*nest"):
        deeds.nest(number=1, by=PROVINCE, at=at)
    assert (rows(), Line.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("post", sorted(Post))
def test_only_the_posts_named_may(post, deeds, at):
    if post in POSTS:
        assert deeds.store(number=1, by=clerk(post), at=at).line_id
        return
    with pytest.raises(NotPermitted) as refused:
        deeds.store(number=1, by=clerk(post), at=at)
    assert refused.value.code == "post-may-not"
    assert "县区报名员、省级考务员" in refused.value.remedy
    assert (rows(), Line.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_an_appointment_that_nobody_made_is_refused(deeds, at):
    by = Actor("张三", Post.COUNTY_CLERK, "320102", account_id=7, appointment_id=9)
    with pytest.raises(NotPermitted, match="appointment-not-in-effect"):
        deeds.store(number=1, by=by, at=at)
    assert (rows(), Line.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_repeated_key_gives_the_first_receipt_and_no_second_effect(deeds, at):
    first = deeds.store_once(number=1, key="form-1", by=PROVINCE, at=at)
    again = deeds.store_once(number=2, key="form-1", by=PROVINCE, at=at)
    assert (again.line_id, again.at, again.subject) == (first.line_id, first.at, first.subject)
    assert (first.repeated, again.repeated, again.value) == (False, True, None)
    assert (rows(), Line.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_without_a_key_every_call_is_an_act_of_its_own(deeds, at):
    for number in (1, 2):
        deeds.store_once(number=number, by=PROVINCE, at=at)
    assert (rows(), Line.objects.count()) == (2, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["自" * 5000, "\x00", "a\x00b", "\ud800"])
def test_a_key_that_no_index_takes_is_refused_and_changes_nothing(deeds, at, key):
    with pytest.raises(BadInput) as refused:
        deeds.store_once(number=1, key=key, by=PROVINCE, at=at)
    assert refused.value.code == "key-malformed"
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_key_whose_act_was_refused_may_be_used_again(deeds, at):
    with pytest.raises(NotPermitted):
        deeds.store_once(number=1, key="form-1", by=clerk(Post.MARKER), at=at)
    assert not deeds.store_once(number=1, key="form-1", by=PROVINCE, at=at).repeated


@pytest.mark.django_db
def test_a_key_of_another_act_or_another_person_is_refused(deeds, at):
    deeds.store_once(number=1, key="form-1", by=PROVINCE, at=at)
    stranger = Actor("李四", Post.PROVINCE_CLERK, "32", account_id=8)
    for attempt in (
        lambda: deeds.other_once(number=1, key="form-1", by=PROVINCE, at=at),
        lambda: deeds.store_once(number=1, key="form-1", by=stranger, at=at),
    ):
        with pytest.raises(ZikaoError, match="key-reused"):
            attempt()
    assert (rows(), Line.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_two_submissions_of_one_key_at_once_have_one_effect(turn, deeds, at):
    threads = 6
    start = threading.Barrier(threads)

    def submit(number: int) -> Receipt[Any]:
        try:
            start.wait()
            return deeds.store_once(number=number, key=f"form-{turn}", by=PROVINCE, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        receipts = list(pool.map(submit, range(threads)))
    assert len({receipt.line_id for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert (rows(), Line.objects.count()) == (1, 1)


def test_a_command_takes_keywords_only_and_says_who_and_when():
    with pytest.raises(TypeError, match="by= and at="):

        @command(writes="tests.x", posts=POSTS)
        def without_by(*, at: datetime) -> Outcome[None]:
            return Outcome(None)

    with pytest.raises(TypeError, match="by= and at="):

        @command(writes="tests.x", posts=POSTS)
        def without_at(*, by: Actor) -> Outcome[None]:
            return Outcome(None)

    with pytest.raises(TypeError, match="keywords only"):

        @command(writes="tests.x", posts=POSTS)
        def positional(number: int, *, by: Actor, at: datetime) -> Outcome[None]:
            return Outcome(None)


def test_a_command_cites_clauses_that_exist():
    with pytest.raises(UnknownClause):
        command(writes="tests.x", clauses=("EA-999",), posts=POSTS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"by": None}, {"by": "张三"}, {"at": None}, {"at": date(2026, 8, 20)}, {"at": datetime(2026, 8, 20)}],  # noqa: DTZ001
)
def test_a_call_without_an_actor_or_an_aware_instant_does_nothing(wrong, deeds, at):
    given = {"number": 1, "by": PROVINCE, "at": at} | wrong
    given = {name: value for name, value in given.items() if value is not None}
    with pytest.raises(TypeError, match="aware instant"):
        deeds.store(**given)
    assert (rows(), Line.objects.count()) == (0, 0)


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (True, True),
        (None, None),
        (60, 60),
        (Decimal("61.5"), "61.5"),
        (0.1, "0.1"),
        (date(2026, 8, 20), "2026-08-20"),
        (datetime(2026, 8, 20, tzinfo=UTC), "2026-08-20T00:00:00+00:00"),
        (b"\x01\xff", "01ff"),
        (memoryview(b"\x01"), "01"),
        (Colour.RED, "red"),
        (Post.MARKER, "marker"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({"b", "a"}, ["a", "b"]),
        ((1, Decimal("2.0")), [1, "2.0"]),
        ({1: {"x": date(2026, 1, 1)}}, {"1": {"x": "2026-01-01"}}),
    ],
)
def test_facts_become_what_canonical_json_holds(fact, said):
    found = plain({"fact": fact})
    assert found == {"fact": said}
    assert type(found["fact"]) is type(said)
    assert json.loads(canonical(found)) == found


@pytest.fixture(scope="module")
def listed() -> list[dict[str, Any]]:
    """What `./zikao commands --json` prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZIKAO_DATABASE")}
    answer = subprocess.run(
        [sys.executable, "-m", "zikao.node.cli", "commands", "--json"],
        env=environment | {"PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def test_the_list_of_commands_tells_of_each_who_may_and_what_it_writes(listed):
    found = {each["name"]: each for each in listed}
    opened = found["foundation.access.commands.accounts.open_account"]
    assert opened["writes"] == "access.account-opened"
    assert opened["posts"] == ["node", "system-admin"]
    assert opened["posts_zh"] == ["系统自动", "系统管理员"]
    assert opened["clauses"] == ["EA-10"]
    assert opened["summary"].startswith("Open an account")
    assert all(each["posts"] and each["writes"] and each["summary"] for each in listed)
    assert sorted(found) == [each["name"] for each in listed]


def test_every_command_of_the_house_says_in_its_docstring_what_it_writes():
    load_house()
    for name, info in all_commands().items():
        if not name.startswith("tests."):
            assert f"Writes:  {info.writes}" in (inspect.getdoc(info.call) or ""), name


def test_no_command_has_a_parameter_that_switches_a_check_off():
    load_house()
    suspicious = ("skip", "force", "bypass", "check_", "unsafe", "sudo")
    guilty = [
        f"{name}({parameter})"
        for name, info in all_commands().items()
        for parameter in inspect.signature(info.call).parameters
        if parameter == "check" or parameter.startswith(suspicious)
    ]
    assert guilty == []
