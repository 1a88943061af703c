"""Windows as the province sets them: by category and way, moved with a reason; the pledge at entry; refunds by rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories.actors import AREA, county_clerk, head, the_node
from tests.factories.candidates import a_candidate, as_candidate
from tests.factories.entries import UNIT_1, a_window, entered_at_the_counter, entries
from tests.factories.needs import a_grant
from tests.factories.programmes import SITTING, a_paper
from zikao.foundation.errors import BadInput, NotPermitted, Refused
from zikao.stages.entries import commands, queries
from zikao.stages.entries.models import EntryPeriod, WindowChange
from zikao.stages.entries.states import Category, EntryRow

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def a_period(at: datetime, title: str, *categories: str, online: bool = True, on_site: bool = True) -> EntryPeriod:
    """From the window's opening for two hours."""
    window = a_window(at)
    period = {"opens_at": window.opens_at, "closes_at": window.opens_at + 2 * HOUR}
    ways = {"online": online, "on_site": on_site}
    call = {"sitting_code": SITTING, "title": title, "categories": categories, "by": head(), "at": at}
    return commands.set_period(**period, **ways, **call).value


def test_periods_let_each_category_in_at_its_own_time_and_in_its_own_way(at: datetime) -> None:
    a_period(at, "首次考生现场", Category.FIRST_TIME, online=False)
    first = a_candidate(at)
    assert queries.categories_of(first, a_window(at), at) == {"first-time"}
    with pytest.raises(Refused, match="way-not-offered"):
        entries(at, first)
    assert len(entered_at_the_counter(at, first, UNIT_1)) == 1
    late = a_candidate(at)
    with pytest.raises(Refused, match="period-over"):
        entered_at_the_counter(at + HOUR, late, UNIT_1)
    EntryPeriod.objects.update(categories=[Category.CONTINUING])
    with pytest.raises(Refused, match="category-not-offered"):
        entered_at_the_counter(at, late, UNIT_1)
    rows = [EntryRow(late.pk, a_paper(at, UNIT_1).pk, AREA, pledged=True)]
    done = commands.enter_many(rows=rows, sitting_code=SITTING, by=the_node(), at=at).value
    assert [row.code for row in done.refused] == ["period-not-open"], "the list obeys the same law"
    EntryPeriod.objects.update(categories=[Category.ASSISTED])
    a_grant(at, late)
    assert commands.enter_many(rows=rows, sitting_code=SITTING, by=the_node(), at=at).value.entered == 1
    a_period(at, "全体")
    assert len(entries(at, a_candidate(at), (UNIT_1,))) == 1


def test_period_lies_within_the_window_and_only_the_province_sets_it(at: datetime) -> None:
    window = a_window(at)
    call: dict[str, Any] = {"sitting_code": SITTING, "title": "甲", "categories": [], "at": at}
    early = {"opens_at": window.opens_at - HOUR, "closes_at": window.closes_at}
    with pytest.raises(BadInput):
        commands.set_period(**early, **call, by=head())
    whole = {"opens_at": window.opens_at, "closes_at": window.closes_at}
    with pytest.raises(BadInput):
        commands.set_period(**whole, **{**call, "categories": ["strangers"]}, by=head())
    with pytest.raises(BadInput):
        commands.set_period(**whole, **call, online=False, on_site=False, by=head())
    with pytest.raises(NotPermitted):
        commands.set_period(**whole, **call, by=county_clerk())
    for _ in range(2):
        commands.set_period(**whole, **call, by=head())
    assert EntryPeriod.objects.count() == 1


def test_change_after_the_opening_keeps_its_reason_for_candidates_to_read(at: datetime) -> None:
    window = a_window(at)
    call = {"sitting_code": SITTING, "opens_at": window.opens_at, "closes_at": window.closes_at + HOUR, "by": head()}
    with pytest.raises(Refused, match="change-needs-reason"):
        commands.move_window(**call, reason="  ", at=at)
    commands.move_window(**call, reason="机房停电，顺延一小时", at=at)
    change = WindowChange.objects.get()
    assert (change.closed_at, change.closes_at) == (window.closes_at, window.closes_at + HOUR)


def test_pledge_is_signed_with_the_first_entry_of_a_sitting_and_once(at: datetime) -> None:
    a_window(at)
    candidate = a_candidate(at)
    wish: dict[str, Any] = {"sitting_code": SITTING, "area_code": AREA, "by": as_candidate(candidate), "at": at}
    with pytest.raises(Refused, match="pledge-missing"):
        commands.enter_courses(candidate_id=candidate.pk, paper_ids=[a_paper(at, UNIT_1).pk], **wish)
    entries(at, candidate, (UNIT_1,))
    commands.enter_courses(candidate_id=candidate.pk, paper_ids=[a_paper(at, "00536").pk], **wish)
    assert candidate.pledges.get().accepted_at == at


def test_withdrawal_refunds_the_share_that_the_province_set(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.factories.entries import paid_entries
    from zikao.stages.entries.commands import withdrawing

    monkeypatch.setattr(withdrawing, "REFUND", lambda **facts: facts["paid_fen"] * 80 // 100)
    entry = paid_entries(at, courses=(UNIT_1,))[0]
    commands.withdraw_entry(entry_id=entry.pk, by=as_candidate(entry.candidate), at=at)
    told = queries.balance(SITTING)
    assert (told.refund_pending, told.kept, told.adds_up) == (2960, 740, True)
