"""Who asks for an export, who sees the register of exports, who reads a mark back.

Whoever has a list may ask for it; the register and the reading of marks are for those who answer for what leaves.
"""

from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.foundation.exports.models import Export

REQUESTERS = STAFF_POSTS
REGISTER_READERS = frozenset(
    {
        Post.PROVINCE_HEAD,
        Post.EXAM_AFFAIRS_HEAD,
        Post.RECORDS_HEAD,
        Post.AUDITOR,
        Post.NATIONAL_OFFICER,
        Post.NATIONAL_REGISTRAR,
    }
)
MARK_READERS = frozenset({Post.PROVINCE_HEAD, Post.AUDITOR, Post.SECURITY_ADMIN, Post.NATIONAL_OFFICER})
MAKERS = frozenset({Post.NODE})


def may_collect(actor: Actor, export: Export) -> bool:
    """Only who asked for it, in the agency for which it was asked."""
    return (
        actor.account_id is not None
        and actor.account_id == export.requested_by
        and actor.agency_code == export.agency_code
    )
