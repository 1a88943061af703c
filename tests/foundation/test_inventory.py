"""The inventory of exam information names every table of the house, and every kind that the clause lists (EA-45)."""

from __future__ import annotations

from datetime import date

import pytest

from zikao.foundation.regulation.inventory import information_kinds
from zikao.foundation.regulation.schedule import retention_schedule
from zikao.foundation.secrecy import sealed_fields
from zikao.stages.agencies import queries

NAMED_BY_THE_CLAUSE = {
    "考生基本信息", "报名注册及报考信息", "考试工作人员信息", "评卷工作人员信息", "考区、考点、考场安排情况",
    "答卷扫描图片", "评卷工作情况", "考试组织情况", "诚信考试情况", "视频监控录像",
}  # fmt: skip


def test_every_table_stands_under_a_kind_and_every_kind_has_its_tables():
    assert queries.tables_missing() == [], "add the table to law/retention/inventory.yaml, with owner and class"
    assert queries.tables_unknown() == []
    assert [kind.kind for kind in information_kinds().values() if not kind.tables] == []


def test_every_kind_that_the_clause_names_is_there():
    assert {kind.named for kind in information_kinds().values() if kind.named} == NAMED_BY_THE_CLAUSE


def test_everything_that_the_schedule_keeps_is_in_the_inventory():
    assert {name for kind in information_kinds().values() for name in kind.schedules} == retention_schedule().keys()


def test_what_is_sealed_is_classified():
    of_table = {table: kind for kind in information_kinds().values() for table in kind.tables}
    open_kinds = {
        field.model for field in sealed_fields() if not set("密加") & set(of_table[field.model.lower()].classification)
    }
    assert open_kinds == set()


@pytest.mark.parametrize(
    ("kind", "said"), [("scans", "答卷扫描图像：成绩发布后 30 年"), ("video", "考试监控录像：成绩发布后 6 个月")]
)
def test_inventory_says_how_long_by_the_law_of_the_day(kind: str, said: str):
    assert said in queries.kept_for(information_kinds()[kind], date(2026, 8, 20), "32")
