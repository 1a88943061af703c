"""Who may open accounts and make appointments, for whom, and which posts one person never holds together.

The three administrators watch each other: one keeps accounts, one appoints, one audits. So nobody holds two of these
posts at a time, nobody appoints themselves, and the account of a watching administrator is not closed under them.
"""

from __future__ import annotations

from collections.abc import Iterable

from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.foundation.errors import Conflict, NotFound, NotPermitted, WrongState

ACCOUNT_OPENERS = frozenset({Post.SYSTEM_ADMIN, Post.NODE})
APPOINTERS = frozenset({Post.SECURITY_ADMIN, Post.NODE})
READERS = frozenset({Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR})
OWNERS = STAFF_POSTS | {Post.CANDIDATE}
ADMINISTRATORS = frozenset({Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR})
JOURNAL_READERS = frozenset({Post.SECURITY_ADMIN, Post.AUDITOR})
RESET_ASKERS = frozenset({Post.SECURITY_ADMIN})
RESET_CONFIRMERS = ADMINISTRATORS
WATCHERS = frozenset({Post.SECURITY_ADMIN, Post.AUDITOR})


def check_covers(by: Actor, agency_code: str) -> None:
    """The agency must lie in the actor's subtree; outside it, it does not exist."""
    if not by.covers(agency_code):
        raise NotFound("agency-not-found", facts={"agency": agency_code})


def check_not_oneself(by: Actor, account_id: int) -> None:
    """Nobody appoints themselves, ends their own appointment, or closes their own account."""
    if by.account_id == account_id:
        raise NotPermitted(
            "own-account",
            facts={"account": account_id},
            message="不能办理自己的账号和聘任。",
            remedy="请由另一名管理员办理。",
        )


def check_administrators_apart(post: Post, held: Iterable[str]) -> None:
    """Of the three administrators' posts, one account holds one; `held` are its posts at that time."""
    others = sorted((ADMINISTRATORS - {post}) & {Post(each) for each in held})
    if post in ADMINISTRATORS and others:
        raise Conflict(
            "administrators-apart",
            facts={"post": post.label, "held": others[0].label},
            message=f"系统管理员、安全管理员、审计管理员不能由一人兼任：此人在这段时间内已是{others[0].label}。",
            remedy="请另选一人，或在原聘任终止之后再聘任。",
        )


def check_nobody_watching(held: Iterable[str]) -> None:
    """Who keeps accounts does not remove those who watch: their appointments are ended first, by their like."""
    watching = sorted(WATCHERS & {Post(each) for each in held})
    if watching:
        raise WrongState(
            "watcher-in-post",
            facts={"post": watching[0].label},
            message=f"此人现任{watching[0].label}，不能直接注销账号。",
            remedy="请先由（另一名）安全管理员终止其聘任。",
        )
