"""Lists in files at the counter: every wrong row named first, then written as it was looked at, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import sign_in_again
from tests.factories.lists import confirmed, faults, uploaded
from zikao.foundation import clock
from zikao.foundation.actors import Post
from zikao.foundation.sheets import read_list, samples

pytestmark = pytest.mark.django_db
UNIT_1, UNIT_1_TOO, UNIT_2 = "00037", "00540", "00536"
ENTER, PAY = (reverse(f"entries:{name}", args=["2026-10"]) for name in ("enter-list", "pay-list"))
WISHES, FEES = ("准考证号", "课程代码", "考区代码", "已签承诺书"), ("准考证号", "收款号", "金额")


@pytest.fixture
def people(at: datetime) -> list[Any]:
    from tests.factories.candidates import a_candidate, a_suspended_candidate, candidates
    from tests.factories.entries import a_window

    a_window(at)
    return [*candidates(at, 3), a_suspended_candidate(at, date(2027, 1, 1)), a_candidate(at, "320104")]


def test_clerk_reads_every_wrong_row_of_a_list_and_enters_the_others(
    signed_in: Callable[..., Client], people: list[Any]
) -> None:
    from zikao.stages.candidates.models import Pledge
    from zikao.stages.entries.models import Entry

    one, two, three, suspended, theirs = (each.admission_number for each in people)
    clerk = signed_in(Post.COUNTY_CLERK, "320102")
    assert ENTER in clerk.get(reverse("entries:window", args=["2026-10"])).content.decode()
    page = uploaded(
        clerk, ENTER, WISHES,
        (one, UNIT_1.lstrip("0"), "3201", "是"),
        (one, UNIT_2, "", "是"),
        (one, UNIT_1, "3201", "是"),
        (two, UNIT_1, "", "是"),
        (two, UNIT_1_TOO, "", "是"),
        (three, UNIT_1, "", "否"),
        (three, UNIT_2, "9999", "是"),
        (suspended, UNIT_1, "", "是"),
        (theirs, UNIT_1, "", "是"),
        (three, "99999", "", "是"),
        ("12", "a", "32", "也许"),
        kind="xlsx",
    )  # fmt: skip
    assert page.status_code == 422
    said = faults(page)
    assert [(line, column) for line, column, _ in said] == [
        (4, "课程代码"), (5, "课程代码"), (6, "课程代码"), (7, "已签承诺书"), (8, "考区代码"), (9, "准考证号"),
        (10, "准考证号"), (11, "课程代码"), (12, "准考证号"), (12, "已签承诺书"), (12, "考区代码"), (12, "课程代码"),
    ]  # fmt: skip
    words = {line: reason for line, _, reason in said}
    assert "与第 2 行相同" in words[4]
    assert UNIT_1 in words[5]
    assert UNIT_1_TOO in words[5]
    assert "2027年1月1日" in words[9]
    assert "本机构没有" in words[10]
    assert "1 人，2 科次" in page.content.decode()
    assert not Entry.objects.exists(), "a look writes nothing"
    done = confirmed(clerk, ENTER, page)
    assert "已报考 2 科次" in done.content.decode()
    assert "没有重复办理" in confirmed(clerk, ENTER, page).content.decode(), "the button pressed twice enters once"
    assert sorted(Entry.objects.values_list("candidate_id", "area_code")) == [(people[0].pk, "3201")] * 2
    assert Pledge.objects.filter(candidate=people[0]).count() == 1


def test_list_looked_at_is_not_taken_from_others_nor_after_hours_nor_altered(
    signed_in: Callable[..., Client], people: list[Any], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zikao.stages.entries.models import Entry

    clerk = signed_in(Post.COUNTY_CLERK, "320102")
    page = uploaded(clerk, ENTER, WISHES, (people[0].admission_number, UNIT_1, "", "是"))
    assert page.status_code == 200
    colleague = signed_in(Post.PREFECTURE_CLERK, "3201")
    assert "已经过时" in confirmed(colleague, ENTER, page).content.decode()
    token = page.context["looked_at"]
    altered = clerk.post(ENTER, {"looked_at": token[:-3] + "abc"})
    assert (altered.status_code, "不是本页面给出的" in altered.content.decode()) == (422, True)
    assert "不是本页面给出的" in clerk.post(PAY, {"looked_at": token}).content.decode(), "of another kind of list"
    assert not Entry.objects.exists()
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=11))
    late = uploaded(sign_in_again(clerk), ENTER, WISHES, (people[0].admission_number, UNIT_1, "", "是"))
    assert "截止" in late.content.decode()


def test_row_that_changed_after_the_look_is_named_and_the_open_order_of_an_entered_one_ends(
    signed_in: Callable[..., Client], people: list[Any], at: datetime
) -> None:
    from tests.factories.entries import entries, order_of

    one, two = people[:2]
    order = order_of(at, one, (UNIT_2,))
    clerk = signed_in(Post.COUNTY_CLERK, "320102")
    rows = [(one.admission_number, UNIT_1, "", ""), (two.admission_number, UNIT_1, "", "是")]
    page = uploaded(clerk, ENTER, WISHES, *rows)
    assert not faults(page), "who signed the pledge before need not sign again"
    entries(at, two, (UNIT_1,))
    said = confirmed(clerk, ENTER, page).content.decode()
    assert "已报考 1 科次" in said
    assert "第 3 行" in said
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_clerk_records_a_list_of_fees_whole_or_not_at_all_and_once(
    signed_in: Callable[..., Client], people: list[Any], at: datetime
) -> None:
    from tests.factories.entries import entries
    from zikao.stages.entries.models import Entry, Payment

    one, two, three = people[:3]
    for each in (one, two):
        entries(at, each)
    clerk = signed_in(Post.COUNTY_CLERK, "320102")
    good = [(one.admission_number, "HK-1", "74.00"), (two.admission_number, "HK-2", "74")]
    bad = uploaded(
        clerk, PAY, FEES, good[0], (three.admission_number, "HK-1", "74.00"), (two.admission_number, "HK-3", "37"),
        (three.admission_number, "HK-4", "1.00"), (people[4].admission_number, "HK-5", "37"), ("1", "号", "-1"),
    )  # fmt: skip
    assert [(line, column) for line, column, _ in faults(bad)] == [
        (3, "收款号"), (4, "金额"), (5, "准考证号"), (6, "准考证号"), (7, "准考证号"), (7, "收款号"), (7, "金额"),
    ]  # fmt: skip
    assert not bad.context["looked_at"]
    page = uploaded(clerk, PAY, FEES, *good)
    assert "2 笔" in page.content.decode()
    assert "148.00" in page.content.decode()
    done = confirmed(clerk, PAY, page).content.decode()
    assert "已记账 2 笔、148.00 元，4 科次转为已缴费" in done
    assert set(Entry.objects.values_list("state", flat=True)) == {"paid"}
    again = uploaded(clerk, PAY, FEES, *good)
    assert "以前记过" in again.content.decode()
    used = uploaded(clerk, PAY, FEES, (three.admission_number, "HK-1", "74.00"))
    assert [(line, column) for line, column, _ in faults(used)] == [(2, "收款号")]
    assert Payment.objects.count() == 2


def test_lists_are_read_as_csv_in_either_encoding_and_as_a_workbook_and_bad_files_are_told() -> None:
    heads, row = ("号", "名"), ("1", "王")
    files = samples(heads, row)
    for data in (files["csv"], files["xlsx"], "号,名\r\n1,王\r\n".encode("gb18030")):
        read = read_list(data, heads, heads)
        assert not read.faults
        assert dict(read.rows[0].cells) == {"号": "1", "名": "王"}
        assert read.rows[0].line == 2
    told = {
        b"\xff\xfe\x00": "不是 XLSX",
        b"PK\x03\x04zip": "不是能读取的 XLSX",
        "号\n1\n".encode(): "缺少这一列",
        "号,名,性\n1,王,男\n".encode(): "没有这一列",
        "号,名\n".encode(): "清单是空的",
        "号,名\n1,\n".encode(): "没有填写",
        '号,名\n1,"王\n'.encode(): "引号没有成对",
        "号,名\n1,王,x\n".encode(): "列数多于表头",
        "号,号\n1,2\n".encode(): "重复",
        "号,名\n1,王\x07\n".encode(): "不能显示",
    }
    for data, words in told.items():
        named = read_list(data, heads, heads).faults
        assert any(words in fault.reason for fault in named), (data, named)
