"""Who may sign, refuse, withdraw, delegate; who reads."""

from __future__ import annotations

from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.foundation.approvals.models import Approval
from zikao.foundation.errors import NotPermitted

SIGNERS = STAFF_POSTS - {Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR}
PROPOSERS = STAFF_POSTS
READERS = STAFF_POSTS - {Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN}
REVIEWERS = frozenset({Post.RECORDS_HEAD, Post.PROVINCE_HEAD})
"""Who registers the joint review with the discipline inspection."""
WATCHERS = frozenset(
    {Post.AUDITOR, Post.PROVINCE_HEAD, Post.RECORDS_HEAD, Post.EXAM_AFFAIRS_HEAD, Post.NATIONAL_OFFICER}
)
"""Who reads every approval of their subtree, not only those that concern them."""


def check_in_person(by: Actor) -> tuple[int, int]:
    """The account and appointment of who acts: approvals are a matter of persons, not of posts alone."""
    if by.account_id is None or by.appointment_id is None:
        raise NotPermitted(
            "not-in-person",
            message="这一事项必须由登录本人账号、在任的工作人员办理。",
            remedy="请用本人的账号登录后办理。",
        )
    return by.account_id, by.appointment_id


def check_proposed_it(by: Actor, approval: Approval) -> None:
    """Only who proposed withdraws."""
    if by.account_id is None or by.account_id != approval.proposed_by_id:
        raise NotPermitted(
            "not-the-proposer",
            message="只有提出人本人可以撤回。",
            remedy="不同意这一事项的签字人，请在轮到自己时签“不同意”。",
        )
