"""Who may open windows, enter courses, take payments and freeze the list."""

from __future__ import annotations

from collections.abc import Collection

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import scoped
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.stages.candidates.kinship import check_no_relatives
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.states import ON_SITE, ONLINE, WindowState, ways

WINDOW_KEEPERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK})
COUNTER = frozenset({Post.COUNTY_CLERK, Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK})
ENTERERS = COUNTER | {Post.CANDIDATE}
BULK_ENTERERS = COUNTER | {Post.NODE}
PAYMENT_TAKERS = COUNTER | {Post.NODE}
ORDERERS = frozenset({Post.CANDIDATE})
GATEWAY_POSTS = frozenset({Post.NODE})
"""What the gateway tells is heard by the node itself, never by somebody who is signed in."""
MONEY_KEEPERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK})
RECONCILERS = MONEY_KEEPERS | {Post.NODE}
READERS = COUNTER | {Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD, Post.AREA_DIRECTOR}


def way_of(by: Actor) -> str:
    """How the actor enters: candidates online, staff at the counter."""
    return ONLINE if by.post == Post.CANDIDATE else ON_SITE


def ways_of(window: EntryWindow) -> frozenset[str]:
    """The ways that the province opened for the sitting."""
    return ways(online=window.online, on_site=window.on_site)


def check_window_open(window: EntryWindow) -> None:
    """Raise WrongState once the list is frozen: nothing changes after that."""
    if window.state == WindowState.CLOSED:
        raise WrongState(
            "entry-list-frozen",
            facts={"sitting": window.sitting_id},
            message="本次考试的报考名册已经封存，不能再改。",
            remedy="请关注下一次考试的报考时间。",
            clause="EA-13.2",
        )


def check_all_covered(by: Actor, candidate_ids: Collection[int]) -> None:
    """Every candidate must lie in the actor's subtree (outside it, they do not exist), none may be a relative."""
    seen = scoped(Candidate.objects.filter(pk__in=candidate_ids), by).count()
    if seen != len(candidate_ids):
        raise NotFound("candidate-not-found", facts={"missing": len(candidate_ids) - seen})
    check_no_relatives(by, candidate_ids)


def check_share(percent: int) -> None:
    """Raise BadInput where a share of the seats is not between 1 and 100 per cent."""
    if not 1 <= percent <= 100:
        text = "比例应在 1 到 100 之间。"
        raise BadInput("share-out-of-range", field_errors={"percent": text}, message=text)
