"""Everybody who acts in the rehearsed cycle: one account a post, each opened and appointed by the administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zikao.foundation.access import totp
from zikao.foundation.access.commands import appoint, change_password, open_account, set_up_totp
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import actor_of
from zikao.foundation.access.second_factor import factors_of, is_required
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import Actor, Post, node_actor
from zikao.world.password import INITIAL_PASSWORD, PASSWORD

SINCE = date(2026, 6, 1)


@dataclass(frozen=True)
class Role:
    """An account of the cast: user name, name shown, post, agency."""

    username: str
    name: str
    post: Post
    agency_code: str


CENTRE = (
    Role("officer", "全国考务 林远", Post.NATIONAL_OFFICER, ""),
    Role("registrar", "全国考籍 周敏", Post.NATIONAL_REGISTRAR, ""),
)

PROVINCIAL = (
    ("head", "院长 沈立", Post.PROVINCE_HEAD),
    ("exam-affairs", "考务处长 韩松", Post.EXAM_AFFAIRS_HEAD),
    ("records-head", "考籍处长 罗宁", Post.RECORDS_HEAD),
    ("score-officer", "成绩管理 董洁", Post.SCORE_OFFICER),
    ("clerk", "省级考务 程浩", Post.PROVINCE_CLERK),
    ("records-clerk", "考籍管理 许慧", Post.RECORDS_CLERK),
    ("papers", "试卷保密 邓刚", Post.PAPERS_OFFICER),
    ("reader", "识读员 蒋宇", Post.READER_OPERATOR),
    ("key-clerk", "答案录入 叶丹", Post.KEY_CLERK),
    ("leader", "评卷组长 萧然", Post.GROUP_LEADER),
    ("totals", "积分复核 魏平", Post.TOTALS_REVIEWER),
    ("school", "主考学校 石磊", Post.SCHOOL_CLERK),
    *((f"marker-{n}", f"评卷员 {n}号", Post.MARKER) for n in range(1, 7)),
)


def provincial_roles(province: str, areas: tuple[str, ...], counties: tuple[str, ...]) -> list[Role]:
    """The cast of a province: its own people, two clerks and a director an area, one clerk a county."""
    roles = [Role(username, name, post, province) for username, name, post in PROVINCIAL]
    for area in areas:
        roles += [
            Role(f"director-{area}", f"考区主任 {area}", Post.AREA_DIRECTOR, area),
            Role(f"clerk-{area}", f"地市考务 {area}", Post.PREFECTURE_CLERK, area),
            Role(f"reviewer-{area}", f"地市审核 {area}", Post.PREFECTURE_CLERK, area),
        ]
    return roles + [Role(f"county-{code}", f"县区报名 {code}", Post.COUNTY_CLERK, code) for code in counties]


class Cast:
    """The people of one node: opens their accounts once, and gives the actor of an account at an instant."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._accounts: dict[str, Account] = {}

    def engage(self, roles: list[Role], at: datetime) -> None:
        """Open and appoint those who have no account yet; the two administrators first."""
        self._engage_administrators(at)
        opener, appointer = self("system-admin", at), self("security-admin", at)
        for role in roles:
            self._engage(role, opener, appointer, at)

    def _engage_administrators(self, at: datetime) -> None:
        node = node_actor(self._root)
        for username, post in (
            ("system-admin", Post.SYSTEM_ADMIN),
            ("security-admin", Post.SECURITY_ADMIN),
            ("auditor", Post.AUDITOR),
        ):
            self._engage(Role(username, post.label, post, self._root), node, node, at)

    def _engage(self, role: Role, opener: Actor, appointer: Actor, at: datetime) -> None:
        if Account.objects.filter(username=role.username).exists():
            return
        account = open_account(
            username=role.username,
            name=role.name,
            password=INITIAL_PASSWORD,
            agency_code=role.agency_code,
            by=opener,
            at=at,
        ).value
        appoint(
            account_id=account.pk,
            post=role.post,
            agency_code=role.agency_code,
            since_on=SINCE,
            by=appointer,
            at=at,
        )
        self._first_day(role, at)

    def _first_day(self, role: Role, at: datetime) -> None:
        """What everybody does first: a password of their own."""
        change_password(old_password=INITIAL_PASSWORD, new_password=PASSWORD, by=self(role.username, at), at=at)

    def set_up_factors(self, at: datetime) -> int:
        """Everybody whose post asks for it gets dynamic codes, before the doors open to visitors; returns how many."""
        accounts = [each for each in Account.objects.filter(kind=AccountKind.STAFF) if is_required(each, at)]
        waiting = [each for each in accounts if not factors_of(each)]
        for account in waiting:
            secret = totp.new_secret()
            set_up_totp(secret=secret, code=totp.code_at(secret, at), by=self(account.username, at), at=at)
        return len(waiting)

    def __call__(self, username: str, at: datetime) -> Actor:
        """The actor of an account at an instant."""
        account = self._accounts.get(username)
        if account is None:
            account = self._accounts[username] = Account.objects.get(username=username)
        actor = actor_of(account, at)
        if actor is None:
            raise LookupError(f"{username} holds no post at {at}")
        return actor
