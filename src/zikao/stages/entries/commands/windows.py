"""The province says when candidates may enter for a sitting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Min

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.stages.entries import policies
from zikao.stages.entries.commands.locks import window_alone
from zikao.stages.entries.models import EntryPeriod, EntryWindow, WindowChange
from zikao.stages.entries.rules import CHANGE, WINDOW_PERIOD
from zikao.stages.entries.states import Category
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Sitting


@command(writes="entries.window-opened", clauses=("EA-13.2",), posts=policies.WINDOW_KEEPERS)
def open_window(
    *,
    sitting_code: str,
    opens_at: datetime,
    closes_at: datetime,
    online: bool = True,
    on_site: bool = True,
    by: Actor,
    at: datetime,
) -> Outcome[EntryWindow]:
    """Set from when until when (exclusive) and in which ways candidates may enter for a sitting.

    Source:  EA-13.2
    Writes:  entries.window-opened
    Raises:  NotPermitted, NotFound (sitting), BadInput, Refused, Conflict
    """
    sitting = programmes.sitting(sitting_code)
    if EntryWindow.objects.filter(sitting=sitting).exists():
        raise Conflict(
            "window-exists", message="本次考试的报考时间已经设定。", remedy="需要调整的，请办理“调整报考时间”。"
        )
    _check(sitting, opens_at, closes_at, online, on_site, at)
    window = EntryWindow.objects.create(
        sitting=sitting,
        opens_at=opens_at,
        closes_at=closes_at,
        online=online,
        on_site=on_site,
    )
    return Outcome(window, facts={"sitting": sitting_code, "opens": opens_at, "closes": closes_at})


@command(writes="entries.window-moved", clauses=("EA-13.2",), posts=policies.WINDOW_KEEPERS)
def move_window(
    *, sitting_code: str, opens_at: datetime, closes_at: datetime, reason: str = "", by: Actor, at: datetime
) -> Outcome[EntryWindow]:
    """Move the period of a window that is not frozen, before or while it runs; once it runs, with a reason.

    Source:  EA-13.2
    Writes:  entries.window-moved
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    window = window_alone(sitting_code)
    policies.check_window_open(window)
    _check(window.sitting, opens_at, closes_at, window.online, window.on_site, at)
    CHANGE(on=local_day(at), opens_at=window.opens_at, at=at, reason=reason).require()
    before = snapshot(window)
    WindowChange.objects.create(
        window=window,
        opened_at=window.opens_at,
        closed_at=window.closes_at,
        opens_at=opens_at,
        closes_at=closes_at,
        reason=reason.strip(),
        at=at,
    )
    window.opens_at, window.closes_at = opens_at, closes_at
    window.save(update_fields=["opens_at", "closes_at"])
    return Outcome(window, before=before, facts={"opens": opens_at, "closes": closes_at, "reason": reason.strip()})


@command(writes="entries.period-set", clauses=("EA-13.2",), posts=policies.WINDOW_KEEPERS)
def set_period(
    *,
    sitting_code: str,
    title: str,
    categories: Sequence[str],
    opens_at: datetime,
    closes_at: datetime,
    online: bool = True,
    on_site: bool = True,
    by: Actor,
    at: datetime,
) -> Outcome[EntryPeriod]:
    """Set when some categories of candidates may enter, within the window; the same title sets it anew.

    Source:  EA-13.2
    Writes:  entries.period-set
    Raises:  NotPermitted, NotFound, WrongState (frozen), BadInput (category, way, outside the window), Refused
    """
    window = window_alone(sitting_code)
    policies.check_window_open(window)
    _check(window.sitting, opens_at, closes_at, online, on_site, at)
    if not (window.opens_at <= opens_at and closes_at <= window.closes_at):
        text = "时段应在本次考试的报考时间之内。"
        raise BadInput("period-outside-window", field_errors={"opens_at": text}, message=text)
    if unknown := set(categories) - set(Category.values):
        raise BadInput("category-unknown", facts={"categories": sorted(unknown)}, message="没有这一考生类别。")
    facts = {"categories": sorted(categories), "opens_at": opens_at, "closes_at": closes_at}
    period, _ = EntryPeriod.objects.update_or_create(
        window=window, title=title.strip(), defaults={**facts, "online": online, "on_site": on_site}
    )
    return Outcome(period, on=window, facts={"title": period.title, **facts})


@command(writes="entries.period-dropped", clauses=("EA-13.2",), posts=policies.WINDOW_KEEPERS)
def drop_period(*, sitting_code: str, title: str, by: Actor, at: datetime) -> Outcome[EntryWindow]:
    """Take a period of a window away; without any, the window is for all.

    Source:  EA-13.2
    Writes:  entries.period-dropped
    Raises:  NotPermitted, NotFound, WrongState (frozen)
    """
    window = window_alone(sitting_code)
    policies.check_window_open(window)
    period = EntryPeriod.objects.filter(window=window, title=title).first()
    if period is None:
        raise NotFound("period-not-found", facts={"title": title}, message="没有这一时段。")
    facts = {"title": title, "categories": period.categories, "opens": period.opens_at, "closes": period.closes_at}
    period.delete()
    return Outcome(window, facts=facts)


def _check(
    sitting: Sitting, opens_at: datetime, closes_at: datetime, online: bool, on_site: bool, at: datetime
) -> None:
    if not (online or on_site):
        text = "网上、现场两种方式至少开放一种。"
        raise BadInput("no-way", field_errors={"online": text}, message=text)
    first_unit_at = sitting.units.aggregate(first=Min("starts_at"))["first"]
    facts = {"opens_at": opens_at, "closes_at": closes_at, "first_unit_at": first_unit_at}
    WINDOW_PERIOD(on=local_day(at), **facts).require()
