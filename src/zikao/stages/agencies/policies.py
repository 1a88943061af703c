"""Who may open, rename, merge and close agencies, bring sites to acceptance, keep the registers, send letters."""

from __future__ import annotations

from zikao.foundation.actors import EXAM_AFFAIRS, NATIONAL_POSTS, Actor, Post
from zikao.foundation.errors import NotFound

AREA_POSTS = frozenset({Post.AREA_DIRECTOR, Post.PREFECTURE_CLERK})
HEADS = frozenset({Post.PROVINCE_HEAD, Post.EXAM_AFFAIRS_HEAD})
AGENCY_OPENERS = EXAM_AFFAIRS | {Post.PROVINCE_HEAD, Post.SYSTEM_ADMIN, Post.NODE}
AGENCY_CHANGERS = HEADS
COMMITTEE_SETTERS = EXAM_AFFAIRS | AREA_POSTS
EMERGENCY_SETTERS = EXAM_AFFAIRS | {Post.PROVINCE_HEAD, Post.NATIONAL_OFFICER}
SITE_PROPOSERS = AREA_POSTS
SITE_INSPECTORS = EXAM_AFFAIRS | {Post.PREFECTURE_CLERK}
SITE_ACCEPTORS = EXAM_AFFAIRS
SITE_CLOSERS = EXAM_AFFAIRS
SITE_CHANGERS = EXAM_AFFAIRS | AREA_POSTS
EXCEPTION_APPLICANTS = AREA_POSTS
CONSENT_RECORDERS = HEADS
ROOM_ADDERS = EXAM_AFFAIRS | AREA_POSTS
GROUP_SETTERS = AREA_POSTS | EXAM_AFFAIRS | {Post.SITE_CHIEF}
INSTITUTION_REGISTRARS = EXAM_AFFAIRS | {Post.PROVINCE_HEAD, Post.NODE}
SUPPORT_REGISTRARS = EXAM_AFFAIRS | AREA_POSTS
SECURE_ROOM_REGISTRARS = EXAM_AFFAIRS | {Post.PAPERS_OFFICER}
FACILITY_REGISTRARS = EXAM_AFFAIRS | AREA_POSTS | {Post.PAPERS_OFFICER}
RECORD_REGISTRARS = frozenset({Post.RECORDS_HEAD, Post.PROVINCE_HEAD})
DUTY_PHONE_KEEPERS = EXAM_AFFAIRS | AREA_POSTS | {Post.COUNTY_CLERK}
LETTER_SENDERS = EXAM_AFFAIRS
INBOX = frozenset({Post.NODE})
VIEWERS = (
    EXAM_AFFAIRS
    | AREA_POSTS
    | {
        Post.PROVINCE_HEAD,
        Post.PAPERS_OFFICER,
        Post.RECORDS_HEAD,
        Post.RECORDS_CLERK,
        Post.COUNTY_CLERK,
        Post.SITE_CHIEF,
        Post.SECURITY_ADMIN,
        Post.AUDITOR,
    }
)
TREE_VIEWERS = VIEWERS - {Post.SITE_CHIEF}
"""A site has no agencies below it."""
SITE_VIEWERS = VIEWERS - {Post.COUNTY_CLERK}
"""Sites belong to the exam area, not to the county in which they lie."""
AREA_VIEWERS = TREE_VIEWERS & SITE_VIEWERS
"""Registers that areas and the province keep: neither a county nor a site has lines of its own there."""
REACHERS = VIEWERS | NATIONAL_POSTS
"""Whoever may have to report an emergency sees whom to call."""
PHONE_REVEALERS = (
    EXAM_AFFAIRS | AREA_POSTS | {Post.PROVINCE_HEAD, Post.COUNTY_CLERK, Post.SITE_CHIEF, Post.NATIONAL_OFFICER}
)


def check_covers(by: Actor, agency_code: str) -> None:
    """The agency must lie in the actor's subtree; outside it, it does not exist."""
    if not by.covers(agency_code):
        raise NotFound("agency-not-found", facts={"agency": agency_code})
