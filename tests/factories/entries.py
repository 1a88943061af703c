"""Windows, entries and payments, made through their commands."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from tests.factories.actors import AREA, county_clerk, head, the_node
from tests.factories.agencies import a_site
from tests.factories.candidates import a_candidate, as_candidate
from tests.factories.programmes import SITTING, a_paper, a_published_timetable
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.stages.agencies.models import Site
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries import commands
from zikao.stages.entries.gateway.simulated import notice_of
from zikao.stages.entries.gateway.statements import StatedLine, written
from zikao.stages.entries.models import Difference, Entry, EntryList, EntryWindow, Order, Payment
from zikao.stages.entries.states import Money

UNIT_1, UNIT_1_TOO, UNIT_2 = "00037", "00540", "00536"
"""Courses of major 050101 in October 2026: two of unit 1 and one of unit 2."""


def a_window(at: datetime, days: int = 10) -> EntryWindow:
    """October 2026 open for entries since an hour ago, for some days; made at the first call."""
    found = EntryWindow.objects.filter(sitting__code=SITTING).first()
    if found is not None:
        return found
    a_published_timetable(at)
    period = {"opens_at": at - timedelta(hours=1), "closes_at": at + timedelta(days=days)}
    return commands.open_window(sitting_code=SITTING, by=head(), at=at, **period).value


def after_window(at: datetime) -> datetime:
    """The first moment at which the list may be frozen."""
    return a_window(at).closes_at


def entries(
    at: datetime,
    candidate: Candidate | None = None,
    courses: tuple[str, ...] = (UNIT_1, UNIT_2),
    area: str = AREA,
    site: str = "",
) -> list[Entry]:
    """A candidate's entries, not paid yet."""
    a_window(at)
    someone = candidate or a_candidate(at)
    papers = [a_paper(at, course).pk for course in courses]
    return commands.enter_courses(
        candidate_id=someone.pk,
        sitting_code=SITTING,
        paper_ids=papers,
        area_code=area,
        site_code=site,
        accepts_pledge=True,
        by=as_candidate(someone),
        at=at,
    ).value


def a_payment(at: datetime, candidate: Candidate, order_number: str = "") -> Payment:
    """Everything that the candidate owes, paid."""
    due = sum(Entry.objects.filter(candidate=candidate, state="entered").values_list("fee_fen", flat=True))
    return commands.record_payment(
        candidate_id=candidate.pk,
        sitting_code=SITTING,
        order_number=order_number or f"O{candidate.pk}",
        amount_fen=due,
        by=the_node(),
        at=at,
    ).value


def paid_entries(
    at: datetime,
    candidate: Candidate | None = None,
    courses: tuple[str, ...] = (UNIT_1, UNIT_2),
    area: str = AREA,
    site: str = "",
) -> list[Entry]:
    """A candidate's entries, paid."""
    made = entries(at, candidate, courses, area, site)
    a_payment(at, made[0].candidate)
    return list(Entry.objects.filter(pk__in=[entry.pk for entry in made]).order_by("id"))


def a_frozen_list(at: datetime) -> EntryList:
    """October 2026 frozen, with whatever was entered and paid before."""
    return commands.close_entries(sitting_code=SITTING, by=head(), at=after_window(at)).value


def entered_at_the_counter(at: datetime, candidate: Candidate, *courses: str) -> list[Entry]:
    """Entries that a county clerk makes for a candidate."""
    a_window(at)
    return commands.enter_courses(
        candidate_id=candidate.pk,
        sitting_code=SITTING,
        paper_ids=[a_paper(at, course).pk for course in courses],
        area_code=AREA,
        accepts_pledge=True,
        by=county_clerk(candidate.agency_code),
        at=at,
    ).value


def limited_places(at: datetime, number: int) -> Site:
    """A site of 25 seats, of which so many (1 to 25) may be entered for in its area; the site."""
    a_window(at)
    site = a_site(at, rooms=1, seats=25)
    commands.set_places(sitting_code=SITTING, percent=4 * number, by=head(), at=at)
    return site


def order_of(at: datetime, candidate: Candidate | None = None, courses: tuple[str, ...] = (UNIT_1, UNIT_2)) -> Order:
    """A candidate's order for what they owe; entered first where they have no entry."""
    someone = candidate or a_candidate(at)
    if not someone.entries.exists():
        entries(at, someone, courses)
    return commands.place_order(candidate_id=someone.pk, sitting_code=SITTING, by=as_candidate(someone), at=at).value


def money(order: Order, at: datetime, transaction: str = "", *, fen: int | None = None) -> Money:
    """What a gateway tells of an order: paid in full unless told otherwise, under a number of its own."""
    amount = order.amount_fen if fen is None else fen
    return Money(order.number, transaction or f"G{secrets.token_hex(8)}", amount, at)


def a_difference(at: datetime) -> Difference:
    """The day of `at` compared: one payment that agrees, one that only the gateway has."""
    order = order_of(at)
    told = money(order, at, "G-known")
    commands.hear_gateway(notice=notice_of(told, at), address="", by=the_node(), at=at)
    late = order_of(at)
    lines = [
        StatedLine("paid", "G-known", order.number, order.amount_fen, at),
        StatedLine("paid", "G-lost", late.number, late.amount_fen, at),
    ]
    day = local_day(at)
    commands.reconcile(on=day, statement=written(lines, day), by=the_node(), at=at + timedelta(days=1))
    return Difference.objects.get()


def wish(candidate: Candidate, at: datetime, *courses: str, by: Actor | None = None, **more: Any) -> list[Entry]:
    """Enter the courses, by the candidate themselves unless `by` says otherwise."""
    facts: dict[str, Any] = {
        "candidate_id": candidate.pk,
        "sitting_code": SITTING,
        "paper_ids": [a_paper(at, course).pk for course in courses],
        "area_code": AREA,
        "accepts_pledge": True,
        "by": by or as_candidate(candidate),
        "at": at,
    }
    return commands.enter_courses(**{**facts, **more}).value
