"""Who may register people, keep their file, and see their identifiers in full."""

from __future__ import annotations

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound, WrongState
from zikao.stages.candidates.models import Candidate, PreRegistration
from zikao.stages.candidates.states import IN_REGISTER, OPEN_TO_ANSWERS, CandidateState, QueueState

REGISTRARS = frozenset({Post.COUNTY_CLERK, Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK})
PERIOD_SETTERS = frozenset({Post.PROVINCE_CLERK, Post.EXAM_AFFAIRS_HEAD})
BULK_REGISTRARS = REGISTRARS | {Post.NODE}
READERS = REGISTRARS | {Post.EXAM_AFFAIRS_HEAD, Post.RECORDS_CLERK, Post.RECORDS_HEAD, Post.PROVINCE_HEAD}
SUSPENDERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD, Post.NODE})
SUSPENSION_READERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD, Post.PROVINCE_CLERK, Post.RECORDS_HEAD})
FILE_KEEPERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK, Post.NODE})
REVEALERS = REGISTRARS | {Post.RECORDS_CLERK, Post.EXAM_AFFAIRS_HEAD}
ONLINE = frozenset({Post.NODE})
"""Who is not registered yet has no account: the node writes for them what they answer."""
APPLICANTS = frozenset({Post.CANDIDATE}) | REGISTRARS
"""Who hands in what a candidate asks for: the candidate, or the clerk to whom they came."""
CORRECTORS = REGISTRARS | {Post.RECORDS_CLERK}
CORRECTION_READERS = READERS | {Post.AREA_DIRECTOR}
NEEDS_DECIDERS = frozenset({Post.AREA_DIRECTOR, Post.EXAM_AFFAIRS_HEAD})
NEEDS_READERS = REGISTRARS | NEEDS_DECIDERS
PLEDGERS = frozenset({Post.CANDIDATE}) | BULK_REGISTRARS


def check_may_register_in(by: Actor, county_code: str) -> None:
    """The county must lie in the actor's subtree; outside it, it does not exist."""
    if not by.covers(county_code):
        raise NotFound(
            "county-not-found", facts={"county": county_code}, message=f"没有代码为 {county_code} 的县（区）。"
        )


def check_in_register(candidate: Candidate) -> None:
    """Raise WrongState for a candidate who has been transferred or struck off."""
    if candidate.state not in IN_REGISTER:
        label = CandidateState(candidate.state).label
        raise WrongState(
            "candidate-not-in-register",
            facts={"state": candidate.state},
            message=f"考生的状态是“{label}”，不能办理这一事项。",
            remedy="请核对准考证号；已转出的考生请到转入地办理。",
        )


def check_open_to_answers(asked: PreRegistration) -> None:
    """Raise WrongState once the answers have been handed in."""
    if asked.state not in OPEN_TO_ANSWERS:
        label = QueueState(asked.state).label
        raise WrongState(
            "preregistration-handed-in",
            facts={"state": asked.state},
            message=f"预报名的状态是“{label}”，不能再修改。",
            remedy="需要修改的，请先撤回，或在现场请工作人员退回。",
            clause="EA-13.1",
        )
