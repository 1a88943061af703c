"""Who may open what is secret, and when a reason is good enough to see personal data in full."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

ACCESS = Rule("secrecy.access", title="涉密事项只有受聘经手的人可以接触，有利害关系的回避")
DISTANCE = Rule("secrecy.distance", title="有利害关系的不审核、不处理这次考试的成绩和答卷")
LOWERING = Rule("secrecy.lowering", title="评分细则、答卷的密级只因成绩公布而解除")
REASON = Rule("secrecy.reason", title="查看完整个人信息须写明事由")


@ACCESS.version(("EA-4.1", "EA-4.2", "EA-11.1"), since=IN_FORCE)
def _(*, clause: str, matter: str, secret: bool, appointed: bool, interest: bool) -> Decision:
    return all_of(
        decide("EA-11.1", not interest, "secret-interest", matter=matter),
        decide(clause, appointed or not secret, "secret-not-appointed", matter=matter),
    )


@DISTANCE.version("EA-11.1", since=IN_FORCE)
def _(*, matter: str, interest: bool) -> Decision:
    return decide("EA-11.1", not interest, "secret-interest", matter=matter)


@LOWERING.version("EA-4.2", since=IN_FORCE)
def _(*, matter: str, published: bool) -> Decision:
    return decide("EA-4.2", published, "secret-unpublished", matter=matter)


@REASON.version("EA-47", since=IN_FORCE)
def _(*, reason_known: bool, letters: int, on: date) -> Decision:
    shortest = int(parameter("reveal-reason-shortest").on(on))
    return all_of(
        decide("EA-47", reason_known, "reveal-reason-unknown"),
        decide("EA-47", letters >= shortest, "reveal-reason-missing", shortest=shortest),
    )
