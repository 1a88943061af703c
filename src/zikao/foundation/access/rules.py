"""What protects unpublished information at the door: passwords, second factors, patience, the length of a session.

Both regulations ask for protection and leave the measure open; the measures are dated parameters that name their basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, granted, parameter

IN_FORCE = date(2020, 9, 27)
SENSITIVE, EXAM_DAY, CANDIDATE, STAFF = "sensitive", "exam-day", "candidate", "staff"

PASSWORD = Rule("access.password", title="密码的强度")
PASSWORD_AGE = Rule("access.password-age", title="密码的更换")
SECOND_FACTOR = Rule("access.second-factor", title="接触成绩、试卷、密钥的岗位登录须有第二重验证")
SESSION = Rule("access.session", title="登录的时限")
PATIENCE = Rule[int]("access.patience", title="连续输错之后须等待的秒数")


@PASSWORD.version("EA-47", since=IN_FORCE)
def _(
    *, profile: str, length: int, kinds: int, common: bool, holds_name: bool, used_before: bool, on: date
) -> Decision:
    least, most = _of("password-length", profile, on), parameter("password-longest").on(on)
    kinds_least = _of("password-kinds", profile, on)
    return all_of(
        decide("EA-47", length >= least, "password-too-short", least=least),
        decide("EA-47", length <= most, "password-too-long", most=most),
        decide("EA-47", kinds >= kinds_least, "password-too-plain", least=kinds_least),
        decide("EA-47", not common, "password-common"),
        decide("EA-47", not holds_name, "password-holds-name"),
        decide("EA-47", not used_before, "password-used-before", count=_of("password-history", profile, on)),
    )


@PASSWORD_AGE.version("EA-47", since=IN_FORCE)
def _(*, profile: str, age_days: int, initial: bool, on: date) -> Decision:
    most = _of("password-age", profile, on)
    return all_of(
        decide("EA-47", not initial, "password-initial"),
        decide("EA-47", most == 0 or age_days < most, "password-expired", days=most),
    )


@SECOND_FACTOR.version(("EA-47", "SR-A1.10a"), since=IN_FORCE)
def _(*, posts: Sequence[str], factors: int, on: date) -> Decision:
    needed = set(posts) & set(parameter("second-factor-posts").on(on))
    return decide("EA-47", factors > 0, "second-factor-missing") if needed else granted()


@SESSION.version("EA-47", since=IN_FORCE)
def _(*, group: str, idle_minutes: int, age_minutes: int, on: date) -> Decision:
    idle, longest = _of("session-idle", group, on), _of("session-longest", group, on)
    return all_of(
        decide("EA-47", idle_minutes < idle, "session-idle", minutes=idle),
        decide("EA-47", age_minutes < longest, "session-too-long", hours=longest // 60),
    )


@PATIENCE.version("EA-47", since=IN_FORCE)
def _(*, failures: int, free: int, on: date) -> int:
    if failures < free:
        return 0
    first, longest = parameter("sign-in-first-wait").on(on), parameter("sign-in-longest-wait").on(on)
    doublings = min(failures - free, 32)
    return int(min(longest, first * 2**doublings))


def session_group(post: str, on: date) -> str:
    """Which limits of a session hold for a post."""
    if post == "candidate":
        return CANDIDATE
    if post in parameter("second-factor-posts").on(on):
        return SENSITIVE
    return EXAM_DAY if post in parameter("exam-day-posts").on(on) else STAFF


def _of(name: str, group: str, on: date) -> int:
    return int(parameter(name).on(on)[group])
