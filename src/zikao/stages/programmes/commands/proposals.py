"""Units proposed by the solver: asked for, worked out by the queue, accepted into the draft or put away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import Conflict, NotFound, WrongState
from zikao.foundation.jobs import working
from zikao.foundation.jobs.models import Work
from zikao.stages.programmes import policies, queries
from zikao.stages.programmes.commands.sittings import locked_sitting
from zikao.stages.programmes.models import Paper, Sitting, Timetable, TimetableProposal
from zikao.stages.programmes.states import PROPOSAL_TRANSITIONS, ProposalState, TimetableState

KIND = "programmes.propose"


@command(writes="programmes.proposal-ordered", clauses=("EA-22.1",), posts=policies.TIMETABLE_DRAFTERS)
def order_proposal(*, sitting_code: str, seed: int, key: str | None = None, by: Actor, at: datetime) -> Outcome[Work]:
    """Have units worked out in which the fewest candidates meet a clash; the same seed gives the same units.

    Source:  EA-22.1
    Writes:  programmes.proposal-ordered
    Raises:  NotPermitted, NotFound, WrongState
    """
    sitting = locked_sitting(sitting_code)
    _check_draft(sitting)
    given = {"sitting": sitting_code, "seed": seed}
    title, code = f"{sitting} 考试安排建议", by.agency_code
    work = working.order(kind=KIND, title=title, total=1, given=given, agency_code=code, by=by, at=at)
    return Outcome(work, on=sitting, facts={"sitting": sitting_code, "seed": seed, "work": work.pk})


@command(writes="programmes.proposal-made", clauses=("EA-22.1",), posts=policies.INBOX)
def keep_proposal(
    *,
    sitting_code: str,
    seed: int,
    problem: str,
    solution: queries.Solution,
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[TimetableProposal]:
    """Keep what the solver found.

    Source:  EA-22.1
    Writes:  programmes.proposal-made
    Raises:  NotPermitted, NotFound
    """
    sitting = queries.sitting(sitting_code)
    stood = dict(sitting.papers.values_list("course__code", "unit__number"))
    made = TimetableProposal.objects.create(
        sitting=sitting,
        seed=seed,
        problem=problem,
        units=dict(solution.units),
        moved=sum(stood.get(code) != unit for code, unit in solution.units.items()),
        before=solution.before,
        after=solution.after,
        least=solution.least,
        stopped=solution.stopped,
        made_at=at,
    )
    facts = {"sitting": sitting_code, "seed": seed, "before": made.before, "after": made.after, "problem": problem}
    return Outcome(made, facts=facts)


@command(writes="programmes.proposal-accepted", clauses=("EA-22.1",), posts=policies.TIMETABLE_DRAFTERS)
def accept_proposal(*, proposal_id: int, by: Actor, at: datetime) -> Outcome[TimetableProposal]:
    """Put the provincial courses of the draft where a proposal has them; refused when the draft changed since.

    Source:  EA-22.1
    Writes:  programmes.proposal-accepted
    Raises:  NotPermitted, NotFound, WrongState, Conflict
    """
    proposal, before = _locked(proposal_id), None
    before = snapshot(proposal)
    sitting = locked_sitting(proposal.sitting.code)
    _check_draft(sitting)
    check_transition(PROPOSAL_TRANSITIONS, ProposalState(proposal.state), ProposalState.ACCEPTED)
    if queries.problem_digest(sitting) != proposal.problem:
        raise Conflict(
            "draft-changed-meanwhile",
            message="建议生成之后，考试安排草稿又有变动。",
            remedy="请重新生成建议。",
        )
    _put(sitting, proposal.units)
    proposal.state, proposal.ended_at = ProposalState.ACCEPTED, at
    proposal.save(update_fields=["state", "ended_at"])
    return Outcome(proposal, before=before, facts={"sitting": sitting.code, "moved": proposal.moved})


@command(writes="programmes.proposal-dropped", clauses=("EA-22.1",), posts=policies.TIMETABLE_DRAFTERS)
def drop_proposal(*, proposal_id: int, by: Actor, at: datetime) -> Outcome[TimetableProposal]:
    """Put a proposal away.

    Source:  EA-22.1
    Writes:  programmes.proposal-dropped
    Raises:  NotPermitted, NotFound, WrongState
    """
    proposal = _locked(proposal_id)
    before = snapshot(proposal)
    check_transition(PROPOSAL_TRANSITIONS, ProposalState(proposal.state), ProposalState.DROPPED)
    proposal.state, proposal.ended_at = ProposalState.DROPPED, at
    proposal.save(update_fields=["state", "ended_at"])
    return Outcome(proposal, before=before)


def _locked(proposal_id: int) -> TimetableProposal:
    rows = TimetableProposal.objects.select_for_update(of=("self",)).select_related("sitting")
    found = rows.filter(pk=proposal_id).first()
    if found is None:
        raise NotFound("proposal-not-found", facts={"proposal": proposal_id})
    return found


def _check_draft(sitting: Sitting) -> None:
    timetable = Timetable.objects.filter(sitting=sitting).first()
    if timetable is None or timetable.state != TimetableState.DRAFTED:
        raise WrongState(
            "timetable-not-draft",
            message="没有可以改动的考试安排草稿。",
            remedy="请先拟定考试安排；已报备案的不能再改。",
            clause="EA-22.5",
        )


def _put(sitting: Sitting, wanted: Mapping[str, int]) -> None:
    units = {unit.number: unit for unit in sitting.units.all()}
    papers = list(sitting.papers.filter(national=False).select_related("course"))
    for paper in papers:
        paper.unit = units[wanted.get(paper.course.code, paper.unit.number)]
    Paper.objects.bulk_update(papers, ["unit"])
