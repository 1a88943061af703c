"""Accounts of one person merged, and numbers that are another's taken out: by review, never by one pair of eyes."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import propose, when_approved, when_refused
from zikao.foundation.approvals.models import Approval
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, NotFound
from zikao.national import policies
from zikao.national.commands.accounts import open_accounts, tell_elsewhere
from zikao.national.models import AccountReview, LearningAccount, LinkedNumber
from zikao.national.models.accounts import PERSON
from zikao.national.rules import ACCOUNT_REVIEW
from zikao.national.states import AccountState, ReviewKind, ReviewState

CHAIN = "account-review"


@command(writes="national.merging-proposed", clauses=("EA-15",), posts=policies.REGISTRARS)
def propose_merging(
    *, number: str, other: str, reason: str, evidence: bytes, evidence_type: str, by: Actor, at: datetime
) -> Outcome[AccountReview]:
    """Propose that the account `other` goes into this one: both are one person's, under two documents.

    Source:  EA-15
    Writes:  national.merging-proposed
    Raises:  NotPermitted, NotFound, BadInput, Refused, Conflict
    """
    into, gone = _account(number), _account(other)
    merged = next((each.number for each in (into, gone) if each.state != AccountState.ACTIVE), "")
    ACCOUNT_REVIEW(on=local_day(at), is_same=into.pk == gone.pk, merged=merged).require()
    review = _proposed(ReviewKind.MERGE, into, reason, evidence, evidence_type, at, other=gone)
    title = f"学习账户 {gone.number} 并入 {into.number}"
    return _put_before(review, title, {"并入": into.number, "原账户": gone.number}, by, at)


@command(writes="national.unlinking-proposed", clauses=("EA-15",), posts=policies.REGISTRARS)
def propose_unlinking(
    *, number: str, link_id: int, reason: str, evidence: bytes, evidence_type: str, by: Actor, at: datetime
) -> Outcome[AccountReview]:
    """Propose that an admission number leaves the account: it is another person's.

    Source:  EA-15
    Writes:  national.unlinking-proposed
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    account = _account(number)
    link = account.numbers.filter(pk=link_id).first()
    if link is None:
        raise NotFound("link-not-found", message="这个账户里没有这个准考证号。")
    review = _proposed(ReviewKind.UNLINK, account, reason, evidence, evidence_type, at, link=link)
    title = f"从学习账户 {account.number} 拆出一个准考证号"
    return _put_before(review, title, {"账户": account.number, "准考证号": str(link)}, by, at)


def _account(number: str) -> LearningAccount:
    found = LearningAccount.objects.select_for_update().filter(number=number.strip()).first()
    if found is None:
        raise NotFound("account-not-found", message=f"没有学习账号 {number.strip()[:24]}。", remedy="请核对学习账号。")
    return found


def _proposed(
    kind: ReviewKind, account: LearningAccount, reason: str, evidence: bytes, media_type: str, at: datetime,
    **of: LearningAccount | LinkedNumber,
) -> AccountReview:  # fmt: skip
    if not reason.strip() or not evidence:
        text = "请说明理由，并附材料。"
        raise BadInput("reason-missing", field_errors={"reason": text}, message=text, clause="EA-15")
    paper = storage.put(evidence, media_type=media_type, at=at)
    facts = {"kind": kind, "account": account, "reason": reason.strip(), "evidence": paper, "proposed_at": at}
    return AccountReview.objects.create(**facts, **of)


def digest_of(review: AccountReview) -> bytes:
    """What the reviewer signs."""
    told = {"kind": review.kind, "account": review.account_id, "other": review.other_id, "link": review.link_id}
    return sm3(canonical({**told, "evidence": review.evidence}))


def _put_before(
    review: AccountReview, title: str, shown: dict[str, str], by: Actor, at: datetime
) -> Outcome[AccountReview]:
    approval = propose(
        chain=CHAIN, subject=f"national.accountreview:{review.pk}", digest=digest_of(review), title=title,
        reason=review.reason, evidence=[review.evidence], agency_code="", by=by, at=at, shown=shown,
    )  # fmt: skip
    review.approval_id = approval.pk
    review.save(update_fields=["approval_id"])
    return Outcome(review, facts={"account": review.account_id, "other": review.other_id, **approval.facts})


@when_approved(CHAIN)
def review_approved(approval: Approval, by: Actor, at: datetime) -> None:
    """The reviewer has signed: it is done, and the provinces concerned are told."""
    review = _of(approval)
    if review.kind == ReviewKind.MERGE:
        _merge(review, at)
    else:
        _unlink(review, at)
    review.state, review.closed_at = ReviewState.DONE, at
    review.save(update_fields=["state", "closed_at"])


@when_refused(CHAIN)
def review_refused(approval: Approval, by: Actor, at: datetime) -> None:
    """It came to nothing."""
    review = _of(approval)
    review.state, review.closed_at = ReviewState.REFUSED, at
    review.save(update_fields=["state", "closed_at"])


def _of(approval: Approval) -> AccountReview:
    pk = int(approval.subject.rpartition(":")[2])
    return AccountReview.objects.select_related("account", "other", "link").get(pk=pk)


def _merge(review: AccountReview, at: datetime) -> None:
    gone, into = review.other, review.account
    assert gone is not None
    LinkedNumber.objects.filter(account=gone).update(account=into, note="账户合并")
    LearningAccount.objects.filter(merged_into=gone).update(merged_into=into)
    gone.state, gone.merged_into = AccountState.MERGED, into
    gone.save(update_fields=["state", "merged_into"])
    tell_elsewhere([into.pk], at)


def _unlink(review: AccountReview, at: datetime) -> None:
    link, account = review.link, review.account
    assert link is not None
    person = {
        "name": account.name,
        "sex": account.sex,
        "born": account.born_on.isoformat(),
        "id_number": PERSON.text(account),
    }
    own = open_accounts([person], at, by_number=False)[0]
    link.account, link.note = own, "经审核拆出，待省级更正身份信息"
    link.save(update_fields=["account", "note"])
    tell_elsewhere([account.pk, own.pk], at)
