"""Who holds a segment: first taken, changed by its holder, issued anew when lost or when the holder changes."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.approvals import propose, when_approved, when_refused
from zikao.foundation.approvals.models import Approval
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import WrongState
from zikao.stages.results import archive, policies
from zikao.stages.results.archive import NewSegment, windows
from zikao.stages.results.commands.filing import window_of, window_terms
from zikao.stages.results.models import SegmentRequest
from zikao.stages.results.states import RequestState

CHAIN = "segment-reissue"


@command(writes="results.segment-set", clauses=("SR-A1.10a",), posts=policies.CUSTODIANS | policies.WITNESSES)
def set_segment(*, new: NewSegment, by: Actor, at: datetime) -> Outcome[int]:
    """Take a post's segment for the first time; the database lets nobody replace it this way later.

    Source:  SR-A1.10a
    Writes:  results.segment-set
    Raises:  NotPermitted, WrongState
    """
    number = windows.first_segment(by.post.value, by.account_id, new.salt, new.cost, new.stored_key)
    return Outcome(number, on=f"results.segment:{number}", facts={"post": by.post, "cost": new.cost})


@command(writes="results.segment-changed", clauses=("SR-A1.10a",), posts=policies.CUSTODIANS | policies.WITNESSES)
def change_segment(*, new: NewSegment, proof: bytes, by: Actor, at: datetime) -> Outcome[int]:
    """Change one's own segment: `proof` is the old one's word for the new one.

    Source:  SR-A1.10a
    Writes:  results.segment-changed
    Raises:  NotPermitted, WrongState, BadInput
    """
    archive.segment_of(by)
    number = windows.change_segment(by.post.value, new.salt, new.cost, new.stored_key, proof)
    return Outcome(number, on=f"results.segment:{number}", facts={"post": by.post, "cost": new.cost})


@command(writes="results.segment-asked", clauses=("SR-A1.10a",), posts=policies.CUSTODIANS)
def ask_segment(*, new: NewSegment, reason: str, by: Actor, at: datetime) -> Outcome[SegmentRequest]:
    """Ask for one's post's segment anew: lost, or taken over from another person. The two others must agree.

    The new segment counts for nothing until they and the auditor have come and presented theirs.

    Source:  SR-A1.10a
    Writes:  results.segment-asked
    Raises:  NotPermitted, BadInput, Refused, Conflict
    """
    number, digest = windows.stage_segment(by.post.value, by.account_id, new.salt, new.cost, new.stored_key)
    asked = SegmentRequest.objects.create(
        staged_id=number, post=by.post.value, account_id=by.account_id or 0, reason=reason.strip()[:200],
        state=RequestState.ASKED, asked_at=at,
    )  # fmt: skip
    approval = propose(
        chain=CHAIN, subject=f"results.segmentrequest:{asked.pk}", digest=digest,
        title=f"补发{by.post.label}的密码段", reason=reason, agency_code=by.agency_code, by=by, at=at,
        shown={"岗位": by.post.label, "领取人": by.name},
    )  # fmt: skip
    asked.approval_id = approval.pk
    asked.save(update_fields=["approval_id"])
    return Outcome(asked, facts={"post": by.post, "staged": number, **approval.facts})


@command(writes="results.segment-installed", clauses=("SR-A1.10a",), posts=policies.CUSTODIANS | policies.WITNESSES)
def install_segment(*, window_id: int, by: Actor, at: datetime) -> Outcome[SegmentRequest]:
    """Put the segment in force for which the two other custodians and the auditor have opened a window.

    Source:  SR-A1.10a
    Writes:  results.segment-installed
    Raises:  NotPermitted, NotFound, WrongState
    """
    window = window_of(window_id)
    asked = SegmentRequest.objects.select_for_update().filter(staged_id=window.list_id, state=RequestState.APPROVED)
    found = asked.first()
    if window.kind != "segment" or found is None:
        raise WrongState("nothing-to-install", message="这个窗口没有待启用的密码段。", remedy="请先申请补发。")
    number = archive.install_segment(window_id)
    found.state = RequestState.INSTALLED
    found.save(update_fields=["state"])
    return Outcome(found, facts={"segment": number, "post": found.post, "window": window_id})


@when_approved(CHAIN)
def segment_agreed(approval: Approval, by: Actor, at: datetime) -> None:
    """The two others have signed: the window for the new segment is asked for."""
    asked = _asked(approval)
    if asked is None:
        return
    asked.state = RequestState.APPROVED
    asked.save(update_fields=["state"])
    minutes, hours = window_terms(at)
    archive.request_window(
        kind="segment", list_id=asked.staged_id, post=asked.post, digest=bytes(approval.digest),
        root=bytes(approval.digest), minutes=minutes, hours=hours, account_id=by.account_id,
    )  # fmt: skip


@when_refused(CHAIN)
def segment_refused(approval: Approval, by: Actor, at: datetime) -> None:
    """Not agreed: the staged segment is never used."""
    asked = _asked(approval)
    if asked is not None:
        asked.state = RequestState.REFUSED
        asked.save(update_fields=["state"])


def _asked(approval: Approval) -> SegmentRequest | None:
    kind, _, number = approval.subject.partition(":")
    if kind != "results.segmentrequest":
        return None
    return SegmentRequest.objects.select_for_update().filter(pk=int(number), approval_id=approval.pk).first()
