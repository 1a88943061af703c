"""Who may open agencies, propose, inspect, accept and suspend sites."""

from __future__ import annotations

from zikao.foundation.actors import EXAM_AFFAIRS, Actor, Post
from zikao.foundation.errors import NotFound

AREA_POSTS = frozenset({Post.AREA_DIRECTOR, Post.PREFECTURE_CLERK})
AGENCY_OPENERS = EXAM_AFFAIRS | {Post.PROVINCE_HEAD, Post.SYSTEM_ADMIN, Post.NODE}
COMMITTEE_SETTERS = EXAM_AFFAIRS | AREA_POSTS
SITE_PROPOSERS = AREA_POSTS
SITE_INSPECTORS = EXAM_AFFAIRS | {Post.PREFECTURE_CLERK}
SITE_ACCEPTORS = EXAM_AFFAIRS
EXCEPTION_APPROVERS = frozenset({Post.PROVINCE_HEAD, Post.EXAM_AFFAIRS_HEAD})
ROOM_ADDERS = EXAM_AFFAIRS | AREA_POSTS
INSTITUTION_REGISTRARS = EXAM_AFFAIRS | {Post.PROVINCE_HEAD, Post.NODE}
SECURE_ROOM_REGISTRARS = EXAM_AFFAIRS | {Post.PAPERS_OFFICER}
VIEWERS = (
    EXAM_AFFAIRS
    | AREA_POSTS
    | {
        Post.PROVINCE_HEAD,
        Post.PAPERS_OFFICER,
        Post.COUNTY_CLERK,
        Post.SITE_CHIEF,
        Post.SECURITY_ADMIN,
        Post.AUDITOR,
    }
)


def check_covers(by: Actor, agency_code: str) -> None:
    """The agency must lie in the actor's subtree; outside it, it does not exist."""
    if not by.covers(agency_code):
        raise NotFound("agency-not-found", facts={"agency": agency_code})
