"""A candidate enters courses, or a county clerk for them; and takes one back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import Decision, all_of
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates import policies as candidate_policies
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import access_candidate, suspended_until
from zikao.stages.candidates.rules import SUSPENSION
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.models import Entry, EntryWindow, Payment
from zikao.stages.entries.passed import moved_by_candidate
from zikao.stages.entries.rules import AREA, COURSES, FEE, NUMBER, UNIT_CLASH, WINDOW
from zikao.stages.entries.states import (
    ENTRY_TRANSITIONS,
    CourseFacts,
    EntryState,
    PaymentState,
)
from zikao.stages.programmes.models import Paper


@command(writes="entries.entered", clauses=("EA-12.3", "EA-13.2"), posts=policies.ENTERERS)
def enter_courses(
    *,
    candidate_id: int,
    sitting_code: str,
    paper_ids: Sequence[int],
    area_code: str,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[list[Entry]]:
    """Enter a candidate for courses of a sitting, in an area of their wish: all of them or none.

    Source:  EA-12.3, EA-13.2
    Writes:  entries.entered
    Raises:  NotPermitted, NotFound, BadInput (area), WrongState (frozen), Refused (every finding named), Conflict
    """
    candidate = access_candidate(by, candidate_id, lock=True)
    candidate_policies.check_in_register(candidate)
    window = window_shared(sitting_code)
    policies.check_window_open(window)
    _check_area(area_code)
    _check_moved(candidate, area_code, local_day(at))
    wanted = _papers(sitting_code, paper_ids)
    examine(candidate, window, list(wanted), by, at).require()
    fee = FEE(on=local_day(at), province=settings.ZIKAO_NODE_CODE)
    entries = _unsaved(candidate, list(wanted.values()), area_code, fee, at)
    try:
        Entry.objects.bulk_create(entries)
    except IntegrityError as error:
        raise Conflict("entered-meanwhile", message="这些课程刚刚已经报过。", clause="EA-13.2") from error
    facts = {"sitting": sitting_code, "entries": [entry.pk for entry in entries], "area": area_code}
    return Outcome(entries, on=candidate, facts={**facts, "fee_fen": fee * len(entries)})


def _unsaved(candidate: Candidate, papers: Sequence[Paper], area_code: str, fee_fen: int, at: datetime) -> list[Entry]:
    return [
        Entry(
            candidate=candidate,
            sitting_id=paper.sitting_id,
            paper=paper,
            unit_id=paper.unit_id,
            area_code=area_code,
            agency_code=candidate.agency_code,
            fee_fen=fee_fen,
            entered_at=at,
        )
        for paper in papers
    ]


def examine(candidate: Candidate, window: EntryWindow, paper_ids: Sequence[int], by: Actor, at: datetime) -> Decision:
    """Everything the law says to entering these papers now; the pages show it before the candidate confirms."""
    day, province = local_day(at), settings.ZIKAO_NODE_CODE
    standing = queries.own_entries(candidate.pk, window.sitting.code)
    before = list(standing.values_list("paper_id", flat=True))
    wanted = queries.course_facts(candidate, paper_ids, day)
    return all_of(
        WINDOW(
            on=day,
            at=at,
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            way=policies.way_of(by),
            ways=policies.ways_of(window),
        ),
        SUSPENSION(on=day, suspended_until=suspended_until(candidate, day)),
        COURSES(on=day, courses=_known(candidate, window, wanted, before), province=province),
        UNIT_CLASH(on=day, courses=_with_entered(wanted, queries.course_facts(candidate, before, day))),
        NUMBER(on=day, wanted=len(wanted), entered=len(before), province=province),
    )


def _known(
    candidate: Candidate, window: EntryWindow, wanted: tuple[CourseFacts, ...], before: Sequence[int]
) -> tuple[CourseFacts, ...]:
    """A course of the timetable counts as in the plan where it is offered to the candidate's major."""
    offered = set(queries.papers_offered(candidate, window.sitting.code).values_list("pk", flat=True))
    return tuple(
        replace(each, in_plan=each.in_plan or each.paper_id in offered, entered=each.paper_id in before)
        for each in wanted
    )


def _with_entered(wanted: tuple[CourseFacts, ...], before: tuple[CourseFacts, ...]) -> tuple[CourseFacts, ...]:
    return tuple({facts.paper_id: facts for facts in (*before, *wanted)}.values())


def _check_area(area_code: str) -> None:
    if not Agency.objects.filter(code=area_code, kind=AgencyKind.PREFECTURE).exists():
        text = f"没有代码为 {area_code} 的考区。请从列表中选择。"
        raise BadInput("area-unknown", field_errors={"area_code": text}, message=text)


def _check_moved(candidate: Candidate, area_code: str, on: date) -> None:
    AREA(
        on=on,
        own_area=candidate.agency_code[:4],
        area=area_code,
        moved_to=moved_by_candidate((candidate.pk,)).get(candidate.pk, frozenset()),
        province=settings.ZIKAO_NODE_CODE,
    ).require()


def _papers(sitting_code: str, paper_ids: Sequence[int]) -> dict[int, Paper]:
    papers = Paper.objects.filter(sitting__code=sitting_code, pk__in=set(paper_ids)).order_by("unit__number", "pk")
    found = {paper.pk: paper for paper in papers}
    if missing := set(paper_ids) - found.keys():
        raise NotFound(
            "paper-not-found",
            facts={"papers": sorted(missing)},
            message="所选课程不在本次考试的安排之内。",
            remedy="请从本次考试的开考课程中选择。",
        )
    return found


@command(writes="entries.withdrawn", clauses=("EA-13.2",), posts=policies.ENTERERS)
def withdraw_entry(*, entry_id: int, by: Actor, at: datetime) -> Outcome[Entry]:
    """Take an entry back while the window is open; what was paid for it becomes due back.

    Source:  EA-13.2
    Writes:  entries.withdrawn
    Raises:  NotPermitted, NotFound, WrongState, Refused (window)
    """
    entry = queries.entries(by).select_for_update(of=("self",)).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("entry-not-found", facts={"entry": entry_id})
    window = window_shared(entry.sitting.code)
    policies.check_window_open(window)
    check_transition(ENTRY_TRANSITIONS, EntryState(entry.state), EntryState.WITHDRAWN)
    ways, period = policies.ways_of(window), {"opens_at": window.opens_at, "closes_at": window.closes_at}
    WINDOW(on=local_day(at), at=at, way=policies.way_of(by), ways=ways, **period).require()
    before = snapshot(entry)
    if entry.payment_id is not None:
        _owe_back(entry.payment_id, entry.fee_fen)
    entry.state, entry.withdrawn_at = EntryState.WITHDRAWN, at
    entry.save(update_fields=["state", "withdrawn_at"])
    return Outcome(entry, before=before, facts={"candidate": entry.candidate_id, "paper": entry.paper_id})


def _owe_back(payment_id: int, fee_fen: int) -> None:
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    payment.refund_fen += fee_fen
    payment.state = PaymentState.REFUND_DUE
    payment.save(update_fields=["refund_fen", "state"])
