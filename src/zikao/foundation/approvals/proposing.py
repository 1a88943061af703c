"""Putting a matter before its chain, and asking whether it came through: called inside a stage's command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import rules
from zikao.foundation.approvals.progress import is_whole, progress_of, waiting_for
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.foundation.regulation.chains import Chain, ChainVersion
from zikao.foundation.regulation.chains import chain as chain_of

if TYPE_CHECKING:
    from zikao.foundation.approvals.models import Approval


def propose(
    *,
    chain: str,
    subject: str,
    digest: bytes,
    title: str,
    reason: str,
    agency_code: str,
    by: Actor,
    at: datetime,
    evidence: Sequence[str] = (),
    case: Mapping[str, Any] | None = None,
    shown: Mapping[str, str] | None = None,
) -> Approval:
    """Put a matter before its chain, inside a stage's command; returns the open approval.

    `digest` is sm3(canonical(what is approved)), 32 bytes; `evidence` digests of stored files; `case` the facts that
    decide which steps are needed; `shown` a few labelled facts for the signers. No names or ID numbers of candidates.
    The stage's ledger line should carry `approval.facts`.
    Raises:  Refused (post may not propose, no evidence, no account), BadInput, Conflict (open already), WrongState
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an approval is proposed inside a command")
    law, on = chain_of(chain), local_day(at)
    version = law.on(on)
    _check_shape(digest, reason, evidence)
    _check_proposer(law, version, by, papers=len(evidence), at=at)
    _check_none_open(chain, subject)
    return _opened(
        law,
        version,
        case=dict(case or {}),
        subject=subject,
        digest=digest,
        title=title,
        reason=reason.strip(),
        shown=[[label, str(value)] for label, value in (shown or {}).items()],
        evidence=list(evidence),
        agency_code=agency_code,
        proposed_by_id=by.account_id,
        proposed_as=by.post,
        proposed_at=at,
        expires_at=at + timedelta(days=version.expires_days),
    )


def approved(*, chain: str, subject: str, digest: bytes, at: datetime) -> Approval | None:
    """The whole approval of this content, or None: see `require_approved`."""
    latest = _latest(chain, subject)
    return latest if latest is not None and _whole(latest, digest, at).granted else None


def require_approved(*, chain: str, subject: str, digest: bytes, at: datetime) -> Approval:
    """The whole approval of exactly this content.

    Raises:  WrongState (never proposed), Refused (not whole, refused, withdrawn, expired, lapsed, content differs)
    """
    latest = _latest(chain, subject)
    if latest is None:
        law = chain_of(chain)
        raise WrongState(
            "not-proposed",
            message=f"还没有提出“{law.title}”审批。",
            remedy="请先提出审批，签齐之后再办理。",
            clause=law.clause,
        )
    if latest.state in (ApprovalState.REFUSED, ApprovalState.WITHDRAWN, ApprovalState.EXPIRED):
        state = ApprovalState(latest.state).label
        rules.OPEN(
            on=local_day(at), clause=latest.law.clause, state=state, is_open=False, expires_at=latest.expires_at, at=at
        ).require()
    _whole(latest, digest, at).require()
    return latest


def _latest(chain: str, subject: str) -> Approval | None:
    from zikao.foundation.approvals.models import Approval

    return Approval.objects.filter(chain=chain, subject=subject).order_by("-id").first()


def _whole(approval: Approval, digest: bytes, at: datetime) -> Any:
    progress = progress_of(approval)
    days = approval.version.valid_days
    closed_at = approval.closed_at
    return rules.WHOLE(
        on=local_day(at),
        clause=approval.law.clause,
        chain=approval.law.title,
        is_whole=approval.state == ApprovalState.APPROVED and is_whole(progress),
        waiting=waiting_for(progress),
        same_digest=bytes(approval.digest) == bytes(digest),
        valid_until=closed_at + timedelta(days=days) if days is not None and closed_at is not None else None,
        at=at,
    )


def _check_shape(digest: bytes, reason: str, evidence: Sequence[str]) -> None:
    from zikao.foundation.storage.models import StoredFile

    if len(digest) != 32:
        raise BadInput("bad-digest", message="内容摘要应当是 32 字节。")
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请说明理由。"}, message="没有说明理由。")
    stored = set(StoredFile.objects.filter(digest__in=evidence).values_list("digest", flat=True))
    if missing := [each for each in evidence if each not in stored]:
        raise BadInput("evidence-not-stored", facts={"missing": len(missing)}, message="所附依据材料没有存入。")


def _check_proposer(law: Chain, version: ChainVersion, by: Actor, *, papers: int, at: datetime) -> None:
    on = local_day(at)
    is_node = by.post == Post.NODE
    rules.PROPOSER(
        on=on,
        clause=law.clause,
        chain=law.title,
        post=by.post.label,
        may_propose=is_node or by.post in version.proposers,
        proposers=tuple(sorted(post.label for post in version.proposers)),
        needs_evidence=version.evidence,
        papers=papers,
    ).require()
    if not is_node:
        rules.SIGNER(on=on, clause=law.clause, account=by.account_id, proposer=None, signed=frozenset()).require()


def _check_none_open(chain: str, subject: str) -> None:
    from zikao.foundation.approvals.models import Approval

    found = Approval.objects.filter(chain=chain, subject=subject, state=ApprovalState.OPEN).first()
    if found is not None:
        raise Conflict(
            "approval-open",
            facts={"approval": found.pk},
            message="同一事项的审批正在签批，不能重复提出。",
            remedy="请等待签批结果，或先撤回原审批。",
        )


def _opened(law: Chain, version: ChainVersion, *, case: dict[str, Any], **fields: Any) -> Approval:
    from zikao.foundation.approvals.models import Approval, Step

    steps = version.steps_for(case)
    agency_code = fields["agency_code"]
    if any(not step.signers(agency_code) for step in steps):
        raise WrongState(
            "no-such-level",
            facts={"agency": agency_code},
            message=f"“{law.title}”在本机构这一级没有签字岗位。",
            remedy="请由下级机构提出，或核对机构代码。",
            clause=law.clause,
        )
    approval = Approval.objects.create(chain=law.name, chain_since_on=version.since, case=case, **fields)
    Step.objects.bulk_create(
        Step(
            approval=approval,
            order=step.order,
            number=number,
            name=step.name,
            clause=step.clause,
            signers=list(step.signers(agency_code)),
            how_many=step.how_many,
            another_post=step.another_post,
            seal=step.seal,
            delegable=step.delegable,
        )
        for number, step in enumerate(steps, 1)
    )
    return approval
