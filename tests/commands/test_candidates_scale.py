"""Many at once: what is looked up in parts is found in every part, and an operator's import says what is wrong."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.candidates import COUNTY, a_candidate, a_suspended_candidate, an_applicant
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import all_rows, rows_of
from zikao.foundation.crypto import index_of, indexes_of
from zikao.foundation.pages.tables import page_of
from zikao.node.cli.importing import Folder, _listed, _rehearsed
from zikao.stages.candidates import queries
from zikao.stages.candidates.models import ID_NUMBER
from zikao.stages.candidates.queries import register
from zikao.stages.candidates.states import BulkRow
from zikao.stages.candidates.views.staff import candidate_table

pytestmark = pytest.mark.django_db


def test_known_and_suspended_persons_are_found_in_every_part_of_a_large_look_up(at: datetime, monkeypatch) -> None:
    monkeypatch.setattr(register, "PART", 2)
    numbers = [ID_NUMBER.text(a_candidate(at)) for _ in range(3)]
    stopped = ID_NUMBER.text(a_suspended_candidate(at, date(2027, 3, 1)))
    strangers = [an_applicant(at).id_number for _ in range(4)]
    asked = [index_of(each) for each in (*strangers[:2], numbers[0], *strangers[2:], *numbers[1:], stopped)]
    with all_rows("测试"):
        assert queries.registered_indexes(iter(asked)) == {index_of(each) for each in (*numbers, stopped)}
        every = {index_of(each): indexes_of(each) for each in (*strangers, *numbers, stopped)}
        assert queries.suspensions_running(every, local_day(at)) == {index_of(stopped): date(2027, 3, 1)}


def test_an_operator_rehearses_an_import_and_reads_each_bad_line(at: datetime, capsys, tmp_path: Path) -> None:
    a_candidate(at)
    (tmp_path / "1.jpg").write_bytes(b"x")
    folder = Folder(tmp_path)
    assert ("1.jpg" in folder, "../1.jpg" in folder, "2.jpg" in folder, len(folder)) == (True, False, False, 1)
    rows = [BulkRow(2, COUNTY, an_applicant(at)), BulkRow(3, "329999", an_applicant(at))]
    assert _listed(_rehearsed(rows)) == 1
    told = capsys.readouterr().err
    assert "第 3 行\t县区代码" in told
    assert "第 2 行" not in told
    assert "全部未导入" in told
    assert _listed(_rehearsed(rows[:1])) == 0


@pytest.mark.parametrize(("asked", "of"), [("number", "admission_number"), ("name", "name")])
def test_a_list_is_counted_by_its_index_alone_and_read_by_its_keys(at: datetime, asked: str, of: str) -> None:
    """At two million rows each look at a row that is not shown costs: none is looked at."""
    person, clerk = a_candidate(at), Actor("考务员", Post.PROVINCE_CLERK, "32")
    with rows_of(clerk):
        with CaptureQueriesContext(connection) as context:
            assert page_of(candidate_table(clerk), {asked: getattr(person, of)[:1]}, clerk).count == 1
        count, _, rows = (each["sql"] for each in context.captured_queries)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {count}")
            assert "Index Only Scan using candidate_" in "".join(line for (line,) in cursor.fetchall())
    assert '"agency_code" >=' not in rows
