"""Who may open accounts and make appointments, and for whom."""

from __future__ import annotations

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound

ACCOUNT_OPENERS = frozenset({Post.SYSTEM_ADMIN, Post.NODE})
APPOINTERS = frozenset({Post.SECURITY_ADMIN, Post.NODE})
CANDIDATE_ACCOUNT_OPENERS = frozenset({Post.COUNTY_CLERK, Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK, Post.NODE})


def check_covers(by: Actor, agency_code: str) -> None:
    """The agency must lie in the actor's subtree; outside it, it does not exist."""
    if not by.covers(agency_code):
        raise NotFound("agency-not-found", facts={"agency": agency_code})
