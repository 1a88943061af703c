"""A candidate enters courses, or a county clerk for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError

from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import Decision, all_of, parameter
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates import policies as candidate_policies
from zikao.stages.candidates import queries as candidates
from zikao.stages.candidates.commands.file import pledge_digest
from zikao.stages.candidates.models import Candidate, Pledge
from zikao.stages.candidates.queries import access_candidate, suspended_until
from zikao.stages.candidates.rules import SUSPENSION
from zikao.stages.entries import policies, queries
from zikao.stages.entries.commands.holding import end_open_order, held_until, taking_places
from zikao.stages.entries.commands.locks import window_shared
from zikao.stages.entries.commands.waiting import finish_ticket
from zikao.stages.entries.models import Entry, EntryWindow
from zikao.stages.entries.passed import moved_by_candidate
from zikao.stages.entries.rules import AREA, COURSES, FEE, NUMBER, PERIOD, PLACE, PLEDGE, UNIT_CLASH, WINDOW
from zikao.stages.entries.states import CourseFacts
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Paper


@command(writes="entries.entered", clauses=("EA-12.3", "EA-13.2", "EA-26.1"), posts=policies.ENTERERS)
def enter_courses(
    *,
    candidate_id: int,
    sitting_code: str,
    paper_ids: Sequence[int],
    area_code: str,
    site_code: str = "",
    accepts_pledge: bool = False,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[list[Entry]]:
    """Enter a candidate for courses of a sitting, in an area and perhaps at a site of their wish: all or none.

    Each course takes a place, kept until the hold runs out or it is paid. The pledge of the sitting is signed with
    it, unless it was before. An order that was open is cancelled: it no longer says what is owed.

    Source:  EA-12.3, EA-13.2, EA-26.1
    Writes:  entries.entered
    Raises:  NotPermitted, NotFound, BadInput (area, site), WrongState (frozen), Refused (all findings), Conflict
    """
    candidate = access_candidate(by, candidate_id, lock=True)
    candidate_policies.check_in_register(candidate)
    window = window_shared(sitting_code)
    policies.check_window_open(window)
    _check_place(candidate, area_code, site_code, local_day(at))
    wanted = _papers(sitting_code, paper_ids)
    pledge = candidates.pledge_of(candidate.pk, window.sitting_id)
    all_of(
        examine(candidate, window, list(wanted), by, at),
        PLEDGE(on=local_day(at), pledged=pledge is not None, accepts=accepts_pledge),
    ).require()
    entries = _unsaved(candidate, list(wanted.values()), (area_code, site_code), _terms(window, by, at), at)
    end_open_order(candidate.pk, window.sitting_id)
    if pledge is None:
        _pledge(candidate, window, at)
    _saved(entries, at)
    finish_ticket(candidate.pk, window, at)
    facts = {"sitting": sitting_code, "entries": [each.pk for each in entries], "area": area_code}
    return Outcome(entries, on=candidate, facts={**facts, "fee_fen": sum(each.fee_fen for each in entries)})


def _terms(window: EntryWindow, by: Actor, at: datetime) -> tuple[int, datetime]:
    """The fee of a course, and until when its place is kept."""
    fee = FEE(on=local_day(at), province=settings.ZIKAO_NODE_CODE)
    return fee, held_until(window, at, is_online=by.post == Post.CANDIDATE)


def _pledge(candidate: Candidate, window: EntryWindow, at: datetime) -> None:
    digest = pledge_digest(at)
    Pledge.objects.create(candidate=candidate, sitting_id=window.sitting_id, text_digest=digest, accepted_at=at)


def _saved(entries: Sequence[Entry], at: datetime) -> None:
    try:
        with taking_places(entries, at):
            Entry.objects.bulk_create(entries)
    except IntegrityError as error:
        raise Conflict("entered-meanwhile", message="这些课程刚刚已经报过。", clause="EA-13.2") from error


def _unsaved(
    candidate: Candidate, papers: Sequence[Paper], place: tuple[str, str], terms: tuple[int, datetime], at: datetime
) -> list[Entry]:
    return [
        Entry(
            candidate=candidate,
            sitting_id=paper.sitting_id,
            paper=paper,
            unit_id=paper.unit_id,
            area_code=place[0],
            site_code=place[1],
            agency_code=candidate.agency_code,
            fee_fen=terms[0],
            held_until=terms[1],
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
        may_enter(candidate, window, by, at),
        COURSES(on=day, courses=_known(candidate, window, wanted, before), province=province),
        UNIT_CLASH(on=day, courses=_with_entered(wanted, queries.course_facts(candidate, before, day))),
        NUMBER(on=day, wanted=len(wanted), entered=len(before), province=province),
    )


def may_enter(candidate: Candidate, window: EntryWindow, by: Actor, at: datetime) -> Decision:
    """What the law says to this candidate entering now, whatever the courses: time, way, category, suspension."""
    day, way = local_day(at), policies.way_of(by)
    period = {"opens_at": window.opens_at, "closes_at": window.closes_at}
    return all_of(
        WINDOW(on=day, at=at, way=way, ways=policies.ways_of(window), **period),
        *in_period(candidate, window, by, at),
        SUSPENSION(on=day, suspended_until=suspended_until(candidate, day)),
    )


def examine_place(candidate: Candidate, units: Collection[int], area: str, site: str, at: datetime) -> Decision:
    """What the law says to sitting these units in an area or at a site now: moves within the province, places left."""
    full = queries.full_places(units, area, site)
    return all_of(_moved(candidate, area, local_day(at)), PLACE(on=local_day(at), full=full))


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


def _check_place(candidate: Candidate, area_code: str, site_code: str, on: date) -> None:
    _check_area(area_code)
    _moved(candidate, area_code, on).require()
    _check_site(site_code, area_code, on)


def in_period(candidate: Candidate, window: EntryWindow, by: Actor, at: datetime) -> list[Decision]:
    """What the periods of the window say to this candidate now; nothing where it has none."""
    periods = queries.periods_of(window)
    if not periods:
        return []
    mine = queries.categories_of(candidate, window, at)
    return [PERIOD(on=local_day(at), periods=periods, categories=mine, way=policies.way_of(by), at=at)]


def _check_site(site_code: str, area_code: str, on: date) -> None:
    if not site_code:
        return
    allowed = parameter("entry-site-wishes").on(on, province=settings.ZIKAO_NODE_CODE)
    if not allowed or not queries.is_usable_site(site_code, area_code, on):
        text = "这一考点现在不能选择。请从列表中选择，或不选考点。"
        raise BadInput("site-unknown", field_errors={"site_code": text}, message=text)


def _check_area(area_code: str) -> None:
    if not Agency.objects.filter(code=area_code, kind=AgencyKind.PREFECTURE).exists():
        text = f"没有代码为 {area_code} 的考区。请从列表中选择。"
        raise BadInput("area-unknown", field_errors={"area_code": text}, message=text)


def _moved(candidate: Candidate, area_code: str, on: date) -> Decision:
    return AREA(
        on=on,
        own_area=candidate.agency_code[:4],
        area=area_code,
        moved_to=moved_by_candidate((candidate.pk,)).get(candidate.pk, frozenset()),
        asked_for=bool(parameter("transfer-within-province").on(on, province=settings.ZIKAO_NODE_CODE)),
    )


def _papers(sitting_code: str, paper_ids: Sequence[int]) -> dict[int, Paper]:
    papers = programmes.papers_of(programmes.sitting(sitting_code)).filter(pk__in=set(paper_ids))
    found = {paper.pk: paper for paper in papers.order_by("unit__number", "pk")}
    if missing := set(paper_ids) - found.keys():
        raise NotFound(
            "paper-not-found",
            facts={"papers": sorted(missing)},
            message="所选课程不在本次考试的安排之内。",
            remedy="请从本次考试的开考课程中选择。",
        )
    return found
