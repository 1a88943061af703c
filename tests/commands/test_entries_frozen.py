"""The list is frozen once, after the window: what it holds, its digest, and that nothing changes afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.actors import AREA, clerk, county_clerk, head, the_node
from tests.factories.candidates import a_candidate, as_candidate
from tests.factories.entries import (
    UNIT_1,
    UNIT_2,
    a_frozen_list,
    after_window,
    entries,
    paid_entries,
    wish,
)
from tests.factories.programmes import SITTING
from zikao.foundation.actors import Post
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import NotPermitted, Refused, WrongState
from zikao.stages.entries import commands, queries
from zikao.stages.entries.models import Entry

pytestmark = pytest.mark.django_db


def test_frozen_list_holds_the_paid_and_its_digest_can_be_recomputed(at: datetime) -> None:
    paid, unpaid, gone = a_candidate(at), a_candidate(at), a_candidate(at)
    in_list = paid_entries(at, paid)
    entries(at, unpaid, (UNIT_1,))
    taken_back = entries(at, gone, (UNIT_2,))[0]
    commands.withdraw_entry(entry_id=taken_back.pk, by=as_candidate(gone), at=at)
    a_candidate(at)
    frozen = a_frozen_list(at)
    assert list(queries.entries_in_list(SITTING)) == in_list
    assert (frozen.count, frozen.candidates, frozen.unpaid, frozen.withdrawn) == (2, 1, 1, 1)
    rows = [
        f"{entry.pk},{paid.admission_number},{course},{unit},{AREA},,,"
        for entry, course, unit in zip(in_list, (UNIT_1, UNIT_2), (1, 2), strict=True)
    ]
    assert frozen.digest == sm3("\n".join(rows).encode()).hex()
    counted = queries.counts(SITTING)
    assert counted.registered == 4 == counted.entered_candidates + counted.not_entered
    assert counted.entries == counted.entered + counted.paid + counted.withdrawn == 4


@pytest.mark.parametrize("post", list(Post))
def test_only_the_province_freezes_and_only_once_after_the_window(at: datetime, post: Post) -> None:
    late = after_window(at)
    call: dict[str, Any] = {"sitting_code": SITTING, "by": clerk(post)}
    if post not in {Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK}:
        with pytest.raises(NotPermitted):
            commands.close_entries(**call, at=late)
        return
    with pytest.raises(Refused, match="window-still-open"):
        commands.close_entries(**call, at=late - timedelta(minutes=1))
    commands.close_entries(**call, at=late)
    with pytest.raises(WrongState):
        commands.close_entries(**call, at=late)


def test_nothing_changes_after_the_freeze(at: datetime) -> None:
    candidate = a_candidate(at)
    entry = paid_entries(at, candidate, (UNIT_1,))[0]
    late = after_window(at)
    a_frozen_list(at)
    with pytest.raises(WrongState):
        wish(candidate, late, UNIT_2)
    with pytest.raises(WrongState):
        commands.withdraw_entry(entry_id=entry.pk, by=county_clerk(), at=late)
    with pytest.raises(WrongState):
        commands.move_window(sitting_code=SITTING, opens_at=at, closes_at=late + timedelta(days=1), by=head(), at=late)
    with pytest.raises(WrongState):
        commands.enter_many(rows=[], sitting_code=SITTING, by=the_node(), at=late)
    with pytest.raises(WrongState):
        commands.record_payments(payments=[], sitting_code=SITTING, by=the_node(), at=late)


@pytest.mark.parametrize("deed", ["UPDATE", "DELETE", "INSERT"])
def test_database_itself_refuses_changes_to_a_frozen_list(at: datetime, deed: str) -> None:
    paid_entries(at)
    columns = [field.column for field in Entry._meta.concrete_fields]
    values = [{"id": "id + 1000000", "state": "'withdrawn'"}.get(name, name) for name in columns]
    statement = {
        "UPDATE": "UPDATE entries_entry SET state = 'withdrawn'",
        "DELETE": "DELETE FROM entries_entry",
        "INSERT": f"INSERT INTO entries_entry ({', '.join(columns)}) SELECT {', '.join(values)} FROM entries_entry",
    }[deed]
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT open_window")
        cursor.execute(statement)
        assert cursor.rowcount == 2
        cursor.execute("ROLLBACK TO open_window")
        a_frozen_list(at)
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            cursor.execute(statement)
