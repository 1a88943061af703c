"""What the law asks of a sign-off: everyone distinct, in order, whole, of the same content, in time."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from zikao.foundation.regulation import Decision, Rule, all_of, decide

FIRST_DAY = date(2020, 9, 27)

PROPOSER = Rule("approvals.proposer", title="由规定的岗位提出，附依据材料")
SIGNER = Rule("approvals.signer", title="提出人和签字人各不相同，一人只签一次")
TURN = Rule("approvals.turn", title="逐级签字，依次进行")
OPEN = Rule("approvals.open", title="已经办结或者逾期的审批不再签字")
WHOLE = Rule("approvals.whole", title="签齐、内容一致、在有效期内才可以办理")
DELEGATION = Rule("approvals.delegation", title="只有允许委托的步骤可以代签")
REVIEW = Rule("approvals.joint-review", title="会同教育纪检监察部门审查，各期相接")
REVIEW_DUE = Rule[date]("approvals.joint-review-due", title="下一次会同审查的期限")
KEPT = Rule[date]("approvals.kept-until", title="审批登记材料的保存期")


@PROPOSER.version("SR-A1.8", since=FIRST_DAY)
def _(
    *,
    clause: str,
    chain: str,
    post: str,
    may_propose: bool,
    proposers: tuple[str, ...],
    needs_evidence: bool,
    papers: int,
) -> Decision:
    return all_of(
        decide(clause, may_propose, "approval-proposer-may-not", post=post, chain=chain, proposers=proposers),
        decide(clause, papers > 0 or not needs_evidence, "approval-evidence-missing", chain=chain),
    )


@SIGNER.version("SR-A1.8", since=FIRST_DAY)
def _(*, clause: str, account: int | None, proposer: int | None, signed: frozenset[int]) -> Decision:
    return all_of(
        decide(clause, account is not None, "signer-without-account"),
        decide(clause, account is None or account != proposer, "signer-is-proposer"),
        decide(clause, account not in signed, "signer-signed-already"),
    )


@TURN.version("SR-A1.8", since=FIRST_DAY)
def _(*, clause: str, post: str, fits: bool, waiting: str, post_signed: bool) -> Decision:
    return all_of(
        decide(clause, fits, "approval-not-your-turn", waiting=waiting),
        decide(clause, not post_signed, "approval-step-another-post", post=post),
    )


@OPEN.version("SR-A1.8", since=FIRST_DAY)
def _(*, clause: str, state: str, is_open: bool, expires_at: datetime, at: datetime) -> Decision:
    return all_of(
        decide(clause, is_open, "approval-closed", state=state),
        decide(clause, not is_open or at < expires_at, "approval-expired", until=expires_at),
    )


@WHOLE.version("SR-A1.8", since=FIRST_DAY)
def _(
    *,
    clause: str,
    chain: str,
    is_whole: bool,
    waiting: str,
    same_digest: bool,
    valid_until: datetime | None,
    at: datetime,
) -> Decision:
    return all_of(
        decide(clause, is_whole, "approval-not-whole", chain=chain, waiting=waiting),
        decide(clause, same_digest, "approval-digest-differs"),
        decide(clause, valid_until is None or at < valid_until, "approval-lapsed", until=valid_until),
    )


@DELEGATION.version("SR-A1.8", since=FIRST_DAY)
def _(*, clause: str, step: str, allowed: bool, in_effect: bool) -> Decision:
    return all_of(
        decide(clause, allowed, "delegation-not-allowed", step=step),
        decide(clause, in_effect, "delegation-not-in-effect"),
    )


@KEPT.version("SR-A1.8", since=FIRST_DAY)
def _(*, closed_on: date, years: int) -> date:
    year = closed_on.year + years
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (closed_on.month, closed_on.day) == (2, 29) and not is_leap:
        return date(year, 3, 1)
    return closed_on.replace(year=year)


@REVIEW_DUE.version("SR-A1.8", since=FIRST_DAY)
def _(*, last_until: date, months: int) -> date:
    month = last_until.month - 1 + months
    year, month = last_until.year + month // 12, month % 12 + 1
    return date(year, month, min(last_until.day, monthrange(year, month)[1]))


@REVIEW.version("SR-A1.8", since=FIRST_DAY)
def _(*, since_on: date, until_on: date, today: date, last_until: date | None, inspectors: str) -> Decision:
    return all_of(
        decide("SR-A1.8", since_on < until_on <= today, "review-of-the-future", today=today),
        decide("SR-A1.8", last_until is None or since_on <= last_until, "review-leaves-a-gap", last_until=last_until),
        decide("SR-A1.8", bool(inspectors.strip()), "review-alone"),
    )
