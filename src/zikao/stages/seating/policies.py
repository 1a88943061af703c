"""Who may commit to a secret, draw seats, issue notices, and see rooms."""

from __future__ import annotations

from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import NotFound, NotPermitted

COMMITTERS = frozenset(
    {Post.PROVINCE_HEAD, Post.EXAM_AFFAIRS_HEAD, Post.RECORDS_HEAD, Post.PROVINCE_CLERK, Post.AUDITOR}
)
DRAWERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK})
READERS = COMMITTERS | {Post.AREA_DIRECTOR, Post.PREFECTURE_CLERK, Post.COUNTY_CLERK, Post.SITE_CHIEF}
PRINTERS = DRAWERS | {Post.PREFECTURE_CLERK, Post.COUNTY_CLERK}
PROVINCE_CODE_LENGTH = 2


def check_whole_province(by: Actor) -> None:
    """The draw is the province's: for anybody of a part of it, it does not exist."""
    if len(by.agency_code) > PROVINCE_CODE_LENGTH:
        raise NotFound("draw-not-found", message="随机编排由省级教育考试机构组织。")


def official_account(by: Actor) -> int:
    """The account of the official: a commitment is a person's, never a machine's."""
    if by.account_id is None:
        raise NotPermitted(
            "official-without-account",
            message="密数承诺须由本人登录后提交。",
            remedy="请用自己的账户登录后再提交。",
        )
    return by.account_id
