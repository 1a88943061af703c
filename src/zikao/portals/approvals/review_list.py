"""What the list for the joint review says: each approval of a period with its signers, digest and end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.approvals import queries
from zikao.foundation.approvals.models import Approval
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.clock import LOCAL
from zikao.foundation.regulation import clause
from zikao.portals.accounts.queries import agency_names


def list_of(actor: Actor, since: date, until: date, at: datetime) -> dict[str, Any]:
    """The data of approvals/review.typ."""
    rows = queries.closed_between(actor, since, until)
    counts = {state: sum(1 for row in rows if row.state == state) for state in ApprovalState}
    digest = queries.digest_of_list(rows).hex()
    return {
        "agency": agency_names([actor.agency_code]).get(actor.agency_code, "省级教育考试机构"),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "rows": [_row(each) for each in rows],
        "total": len(rows),
        "counts": [[state.label, count] for state, count in counts.items() if count],
        "digest": [digest[:32], digest[32:]],
        "printed": _moment(at),
        "clauses": [clause("SR-A1.8").chip],
    }


def _row(approval: Approval) -> dict[str, str]:
    signers = [f"{each.name}（{each.get_post_display()}）" for each in approval.signatures.all()]
    return {
        "number": str(approval.pk),
        "matter": approval.law.title,
        "title": approval.title,
        "proposer": approval.proposed_by.name if approval.proposed_by else "系统自动",
        "signers": "、".join(signers) or "—",
        "state": ApprovalState(approval.state).label,
        "closed": _moment(approval.closed_at) if approval.closed_at else "",
        "digest": approval.digest_hex[:16],
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
