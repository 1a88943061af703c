"""Who reports, who acknowledges, who follows up and closes, who reads."""

from __future__ import annotations

from zikao.foundation.actors import EXAM_AFFAIRS, Post
from zikao.stages.incidents.states import Receiver

AREA = frozenset({Post.AREA_DIRECTOR, Post.PREFECTURE_CLERK})
PROVINCE = EXAM_AFFAIRS | {Post.PROVINCE_HEAD}
ON_DUTY = frozenset({Post.SITE_CHIEF, Post.INVIGILATOR, Post.COUNTY_CLERK, Post.PAPERS_OFFICER})
REPORTERS = ON_DUTY | AREA | PROVINCE
ACKNOWLEDGERS = AREA | PROVINCE
CLOSERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD})
CALLERS = PROVINCE
INBOX = frozenset({Post.NODE})
READERS = REPORTERS | {Post.AUDITOR}


def receiver_of(post: Post) -> Receiver | None:
    """In whose name a post acknowledges."""
    if post in PROVINCE:
        return Receiver.PROVINCE
    return Receiver.AREA if post in AREA else None
