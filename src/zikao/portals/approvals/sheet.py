"""What the approval sheet says: the matter, its digest, every signature with its place in the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation import ledger
from zikao.foundation.actors import Post
from zikao.foundation.approvals import rules
from zikao.foundation.approvals.models import Approval, Signature
from zikao.foundation.approvals.progress import StepProgress, progress_of
from zikao.foundation.approvals.states import ApprovalState, Verdict
from zikao.foundation.clock import LOCAL, local_day
from zikao.foundation.regulation import clause
from zikao.foundation.witness.papers import Told, receipt_qr
from zikao.portals.accounts.queries import agency_names

SIGNED = frozenset({"approvals.signed", "approvals.refused"})
ENDS = ("approvals.refused", "approvals.withdrawn", "approvals.expired", "approvals.signed")


def sheet_of(approval: Approval, at: datetime) -> dict[str, Any]:
    """The data of approvals/sheet.typ."""
    progress = progress_of(approval)
    lines = _lines(approval)
    proposer = approval.proposed_by.name if approval.proposed_by else "系统自动"
    names = agency_names([approval.agency_code[:2], approval.agency_code])
    last = max(lines.values(), default=0)
    return {
        "number": f"审批 {approval.pk}",
        "agency": names.get(approval.agency_code[:2], "省级教育考试机构"),
        "matter": approval.law.title,
        "title": approval.title,
        "unit": f"{approval.agency_code} {names.get(approval.agency_code, '')}".strip(),
        "reason": approval.reason,
        "shown": approval.shown,
        "proposer": f"{proposer}（{Post(approval.proposed_as).label}）",
        "proposed_at": _moment(approval.proposed_at),
        "evidence": [each[:32] for each in approval.evidence],
        "digest": [approval.digest_hex[:32], approval.digest_hex[32:]],
        "state": ApprovalState(approval.state).label,
        "closing": approval.closing_reason,
        "closed_at": _moment(approval.closed_at) if approval.closed_at else "—",
        "rows": _rows(approval, progress, lines),
        "seals": [each.seal for each in approval.signatures.all() if each.seal],
        "kept": _kept(approval),
        "receipt": str(last or "—"),
        "qr": receipt_qr(
            *(Told(f"approvals.approval:{approval.pk}", event) for event in ENDS),
            kind="审批登记表",
            printed={"审批编号": str(approval.pk), "内容摘要前十六位": approval.digest_hex[:16]},
            otherwise=f"zikao:approval:{approval.pk}:{approval.digest_hex}",
        ),
        "printed": _moment(at),
        "clauses": [clause(each).chip for each in _clauses(approval, progress)],
    }


def _clauses(approval: Approval, progress: tuple[StepProgress, ...]) -> list[str]:
    return list(dict.fromkeys([approval.law.clause, *(each.step.clause for each in progress), "SR-A1.8"]))


def _lines(approval: Approval) -> dict[int, int]:
    """The ledger line of each signature, by the signer's account."""
    lines = ledger.lines_about(f"approvals.approval:{approval.pk}", 100)
    return {line.account_id: line.id for line in lines if line.command in SIGNED and line.account_id is not None}


def _rows(approval: Approval, progress: tuple[StepProgress, ...], lines: dict[int, int]) -> list[dict[str, str]]:
    rows = []
    for each in progress:
        signatures = [one for one in approval.signatures.all() if one.step_id == each.step.pk]
        rows += [_row(each.step.name, one, lines.get(one.account_id, 0)) for one in signatures]
        rows += [_empty(each)] * max(0, each.step.how_many - len(signatures))
    return rows


def _row(step: str, signature: Signature, line: int) -> dict[str, str]:
    post = Post(signature.post).label
    principal = signature.on_behalf_of
    comment = signature.comment or Verdict(signature.verdict).label
    return {
        "step": step,
        "post": post,
        "name": f"{signature.name}（代 {principal.name}）" if principal is not None else signature.name,
        "said": f"{comment}（不同意）" if signature.verdict == Verdict.REFUSED else comment,
        "at": f"{signature.signed_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
        "line": str(line or "—"),
        "seal": signature.seal,
    }


def _empty(progress: StepProgress) -> dict[str, str]:
    posts = "、".join(progress.posts)
    return {"step": progress.step.name, "post": posts, "name": "", "said": "", "at": "", "line": "", "seal": ""}


def _kept(approval: Approval) -> str:
    if approval.closed_at is None:
        return f"办结后 {approval.version.kept_years} 年"
    closed_on = local_day(approval.closed_at)
    until = rules.KEPT(on=closed_on, closed_on=closed_on, years=approval.version.kept_years)
    return f"至少至 {until.year}年{until.month}月{until.day}日（{approval.version.kept_years} 年）"


def _moment(at: datetime) -> str:
    local = at.astimezone(LOCAL)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
