"""The approvals of a period reviewed together with the discipline inspection."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import policies, queries, rules
from zikao.foundation.approvals.models import JointReview
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command


@command(writes="approvals.reviewed-jointly", clauses=("SR-A1.8",), posts=policies.REVIEWERS)
def record_joint_review(
    *,
    since_on: date,
    until_on: date,
    inspectors: str,
    findings: str,
    minutes: bytes = b"",
    by: Actor,
    at: datetime,
) -> Outcome[JointReview]:
    """Register that the approvals closed in a period (until exclusive) were reviewed with the discipline inspection.

    `minutes` is the signed record as PDF. Which approvals were laid before them is fixed by a digest.

    Source:  SR-A1.8
    Writes:  approvals.reviewed-jointly
    Raises:  NotPermitted, Refused (a gap since the last one, the future, nobody from the inspection)
    """
    on = local_day(at)
    last = queries.last_review(by)
    rules.REVIEW(
        on=on,
        since_on=since_on,
        until_on=until_on,
        today=on,
        last_until=last.until_on if last else None,
        inspectors=inspectors,
    ).require()
    listed = queries.closed_between(by, since_on, until_on)
    review = JointReview.objects.create(
        agency_code=by.agency_code,
        since_on=since_on,
        until_on=until_on,
        listed=len(listed),
        digest=queries.digest_of_list(listed),
        inspectors=inspectors.strip(),
        findings=findings.strip(),
        minutes=storage.put(minutes, media_type="application/pdf", at=at) if minutes else "",
        recorded_by_id=by.account_id,
        recorded_at=at,
    )
    return Outcome(review, facts={"listed": review.listed, "digest": bytes(review.digest), "until": until_on})
