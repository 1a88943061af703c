"""Entries, windows, the frozen list and their counts, in the actor's subtree only."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Sum

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post, range_of
from zikao.foundation.clock import local_day
from zikao.foundation.commands import scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries.models import Entry, EntryList, EntryWindow
from zikao.stages.entries.passed import passed_courses
from zikao.stages.entries.states import LIST_VERSION, CourseFacts, EntryState, WindowState
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Paper, Plan, PlanCourse
from zikao.stages.programmes.rules import Before

COUNTED = 10_000
QUICK_SECONDS = 0.4
COUNTS_KEPT_SECONDS = 60
M = TypeVar("M", bound=Model)
STANDING = (EntryState.ENTERED, EntryState.PAID)


def entries(actor: Actor) -> QuerySet[Entry]:
    """The entries that the actor may see: of their subtree, or their own."""
    rows = Entry.objects.select_related("candidate", "paper__course", "unit", "sitting")
    if actor.post == Post.CANDIDATE:
        return rows.filter(candidate_id=actor.candidate_id or 0)
    return scoped(rows, actor)


def own_entries(candidate_id: int, sitting_code: str) -> QuerySet[Entry]:
    """A candidate's entries of a sitting that stand, in the order of units."""
    rows = Entry.objects.filter(candidate_id=candidate_id, sitting__code=sitting_code, state__in=STANDING)
    return rows.select_related("paper__course", "unit", "payment").order_by("unit__number")


def entries_in_list(sitting_code: str) -> QuerySet[Entry]:
    """The entries of the frozen list, in its canonical order; NotFound before the list is frozen."""
    if not EntryList.objects.filter(sitting__code=sitting_code).exists():
        raise NotFound("entry-list-not-found", facts={"sitting": sitting_code}, message="报考名册还没有封存。")
    return Entry.objects.filter(sitting__code=sitting_code, state=EntryState.PAID).order_by("id")


def entered_not_paid(sitting_code: str) -> QuerySet[Entry]:
    """Entries that were not paid: not in the list."""
    return Entry.objects.filter(sitting__code=sitting_code, state=EntryState.ENTERED)


def window_of(sitting_code: str) -> EntryWindow:
    """The window of a sitting; NotFound where there is none."""
    window = EntryWindow.objects.select_related("sitting").filter(sitting__code=sitting_code).first()
    if window is None:
        raise NotFound("window-not-found", facts={"sitting": sitting_code}, message="本次考试还没有开放报考。")
    return window


def open_windows(at: datetime) -> list[EntryWindow]:
    """The windows in which candidates may enter at this moment, those that close soonest first."""
    rows = EntryWindow.objects.select_related("sitting").filter(state=WindowState.OPEN)
    return list(rows.filter(opens_at__lte=at, closes_at__gt=at).order_by("closes_at", "id"))


def open_window_now(at: datetime) -> EntryWindow | None:
    """The window in which candidates may enter at this moment, or None."""
    return next(iter(open_windows(at)), None)


def coming_window(at: datetime) -> EntryWindow | None:
    """The window that opens next, or None."""
    rows = EntryWindow.objects.select_related("sitting").filter(opens_at__gt=at)
    return rows.order_by("opens_at", "id").first()


def past_window(at: datetime) -> EntryWindow | None:
    """The window that was over last, or None."""
    rows = EntryWindow.objects.select_related("sitting").filter(closes_at__lte=at)
    return rows.order_by("-closes_at", "-id").first()


def frozen_sittings() -> frozenset[int]:
    """The ids of sittings whose list is frozen."""
    return frozenset(EntryList.objects.values_list("sitting_id", flat=True))


@dataclass(frozen=True)
class Counts:
    """Of a sitting: candidates registered, with and without an entry; entries by state; fen paid and due back.

    registered = entered_candidates + not_entered; entries = entered + paid + withdrawn.
    """

    registered: int
    entered_candidates: int
    not_entered: int
    paid_candidates: int
    entries: int
    entered: int
    paid: int
    withdrawn: int
    paid_fen: int


def counts(sitting_code: str, agency_code: str = "") -> Counts:
    """The counts of a sitting below an agency code; a candidate counts as entered while an entry stands."""
    rows = _below(Entry.objects.filter(sitting__code=sitting_code), agency_code)
    people = _below(Candidate.objects.all(), agency_code)
    by_state = dict.fromkeys(EntryState.values, (0, 0))
    for state, n, fen in rows.order_by().values_list("state").annotate(n=Count("id"), fen=Sum("fee_fen")):
        by_state[state] = (n, fen)
    standing = rows.filter(state__in=STANDING).aggregate(n=Count("candidate_id", distinct=True))["n"]
    paid = rows.filter(state=EntryState.PAID).aggregate(n=Count("candidate_id", distinct=True))["n"]
    without = people.filter(~Exists(rows.filter(state__in=STANDING, candidate_id=OuterRef("pk")))).count()
    return Counts(
        registered=people.count(),
        entered_candidates=standing,
        not_entered=without,
        paid_candidates=paid,
        entries=rows.count(),
        entered=by_state[EntryState.ENTERED][0],
        paid=by_state[EntryState.PAID][0],
        withdrawn=by_state[EntryState.WITHDRAWN][0],
        paid_fen=by_state[EntryState.PAID][1],
    )


def recent_counts(sitting_code: str, agency_code: str = "") -> tuple[Counts, datetime]:
    """The counts and when they were taken; those of a whole province take a second, and are kept for a minute.

    What is counted quickly is counted anew at every look.
    """
    key = f"entries.counts:{sitting_code}:{agency_code}"
    kept: tuple[Counts, datetime] | None = cache.get(key)
    if kept is not None:
        return kept
    began = time.perf_counter()
    found = counts(sitting_code, agency_code), clock.now()
    if time.perf_counter() - began > QUICK_SECONDS:
        cache.set(key, found, COUNTS_KEPT_SECONDS)
    return found


def counts_at_least(sitting_id: int, agency_code: str) -> dict[str, str]:
    """The entries of a sitting by state below an agency code, counted no further than `COUNTED`, in words."""
    rows = _below(Entry.objects.filter(sitting_id=sitting_id), agency_code).order_by()
    found = {state.value: rows.filter(state=state)[: COUNTED + 1].count() for state in EntryState}
    return {state: f"{n:,}" if n <= COUNTED else f"超过 {COUNTED:,}" for state, n in found.items()}


def _below(rows: QuerySet[M], agency_code: str) -> QuerySet[M]:
    """As a range: under row security LIKE is no index condition."""
    if not agency_code:
        return rows
    lo, hi = range_of(agency_code)
    return rows.filter(agency_code__gte=lo, agency_code__lt=hi)


def papers_offered(candidate: Candidate, sitting_code: str) -> QuerySet[Paper]:
    """The papers of the sitting that are offered to the candidate's major, by unit and course."""
    rows = Paper.objects.filter(sitting__code=sitting_code, majors__major_id=candidate.major_id)
    return rows.select_related("course", "unit").order_by("unit__number", "course__code")


def course_facts(candidate: Candidate, paper_ids: Collection[int], on: date) -> tuple[CourseFacts, ...]:
    """What the law asks of these papers for this candidate, in the order of units; papers of other sittings too."""
    papers = Paper.objects.filter(pk__in=set(paper_ids)).select_related("course", "unit")
    plans = plans_of(candidate, on)
    in_plan = _planned(plans)
    passed = passed_courses(candidate.pk)
    first = _what_comes_first(plans, {paper.course.code for paper in papers}, passed, on)
    facts = []
    for paper in sorted(papers, key=lambda each: (each.unit.number, each.course.code)):
        planned = in_plan.get(paper.course_id)
        facts.append(
            CourseFacts(
                paper_id=paper.pk,
                course_code=paper.course.code,
                course_name=paper.course.name,
                unit=paper.unit.number,
                assess=planned.assess if planned else "written",
                in_plan=planned is not None,
                passed=paper.course.code in passed,
                after=first.get(paper.course.code),
                after_met=paper.course.code not in first,
            )
        )
    return tuple(facts)


def _what_comes_first(
    plans: Sequence[Plan], wished: Collection[str], passed: frozenset[str], on: date
) -> dict[str, str]:
    """By course code, what must still come before a wish, in words; empty where the province lets any order be.

    A named course that is wished with it counts; a number of courses and all the others must be passed, or replaced
    by passed ones. While a candidate may go by two versions, a course is free when one of them lets it be.
    """
    if not parameter("entry-order-enforced").on(on, province=settings.ZIKAO_NODE_CODE):
        return {}
    found: dict[str, str] = {}
    for plan in plans:
        siblings = programmes.plan_courses_in_full(plan)
        names = {row.course.code: str(row.course) for row in siblings}
        counted = programmes.counted_in(plan, passed, on)
        for row in siblings:
            before = programmes.what_comes_before(row, siblings)
            lacking = _lacking(before, counted, wished, names)
            found[row.course.code] = lacking and found.get(row.course.code, lacking)
    return {code: words for code, words in found.items() if words}


def _lacking(before: Before, passed: Collection[str], wished: Collection[str], names: Mapping[str, str]) -> str:
    done = sum(code in passed for code in names)
    parts = [names.get(code, code) for code in before.named if code not in passed and code not in wished]
    if before.min_passed is not None and done < before.min_passed:
        parts.append(f"本专业计划的 {before.min_passed} 门课程（现有 {done} 门）")
    if any(code not in passed for code in before.others):
        parts.append("本专业计划的其他课程")
    return "、".join(parts)


def plans_of(candidate: Candidate, on: date) -> list[Plan]:
    """The versions of the major's plan by which the candidate goes on a day, their own first (SR-18.1.1)."""
    registered_on, province = local_day(candidate.registered_at), settings.ZIKAO_NODE_CODE or None
    return programmes.plans_of_candidate(candidate.major_id, registered_on, on, province)


def _planned(plans: Sequence[Plan]) -> dict[int, PlanCourse]:
    """The courses of these plans by course id; where several have one, as the first of them has it."""
    rows = PlanCourse.objects.filter(plan__in=plans).order_by("-plan__since")
    return {row.course_id: row for row in rows}


def list_of(sitting_code: str) -> EntryList | None:
    """The frozen list of a sitting, or None."""
    return EntryList.objects.filter(sitting__code=sitting_code).first()


_CANONICAL = """
SELECT string_agg(
    concat_ws(',', e.id, c.admission_number, k.code, u.number, e.area_code, CASE WHEN %s > 1
        THEN concat_ws(',', e.site_code, CASE WHEN e.separate_room THEN '1' ELSE '' END, e.tutoring_code) END),
    E'\n' ORDER BY e.id
)
FROM entries_entry e
JOIN candidates_candidate c ON c.id = e.candidate_id
JOIN programmes_paper p ON p.id = e.paper_id
JOIN programmes_course k ON k.id = p.course_id
JOIN programmes_unit u ON u.id = e.unit_id
JOIN programmes_sitting s ON s.id = e.sitting_id
WHERE s.code = %s AND e.state = 'paid'
"""


def canonical_list(sitting_code: str, version: int = LIST_VERSION) -> bytes:
    """The paid entries as the digest sees them, one a line, by entry id.

    A line is entry,admission number,course,unit,area,site wished for,1 for a room of their own,tutoring institution
    with premises in the area; the first version's lines end with the area.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CANONICAL, [version, sitting_code])
        (text,) = cursor.fetchone()
    return (text or "").encode()
