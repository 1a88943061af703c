"""A filed score corrected: proposed with evidence, signed level by level, then version n+1 in a window of three."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import propose, when_approved, when_refused
from zikao.foundation.approvals.models import Approval
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.regulation import all_of
from zikao.stages.results import archive, policies, rules
from zikao.stages.results.archive import StagedRow
from zikao.stages.results.commands.filing import ask_for_window
from zikao.stages.results.models import ChangeList, Correction, Score
from zikao.stages.results.states import (
    CORRECTION_TRANSITIONS,
    LIST_TRANSITIONS,
    CorrectionState,
    HowObtained,
    ListKind,
    ListState,
    Standing,
)

CHAIN = "score-correction"


@command(writes="results.correction-proposed", clauses=("SR-A1.8", "EA-41.5", "SR-10.2"), posts=policies.CORRECTORS)
def propose_correction(
    *,
    score_id: int,
    standing: Standing,
    value: int | None,
    grade: str,
    reason: str,
    evidence: bytes,
    evidence_type: str,
    by: Actor,
    at: datetime,
) -> Outcome[Correction]:
    """Propose that a filed score be changed or cancelled, with reason and evidence; the chain decides.

    Where the change crosses pass and fail, the re-checker and the group leader sign too, and the seal is applied.

    Source:  SR-A1.8, EA-41.5, SR-10.2
    Writes:  results.correction-proposed
    Raises:  NotPermitted, NotFound, Refused, BadInput, Conflict
    """
    score = access(Score.objects.select_related("course"), by, pk=score_id)
    on = local_day(at)
    passed = standing == Standing.VALID and rules.PASSING(on=on, value=value, grade=grade)
    all_of(
        rules.CORRECTION(
            on=on,
            in_force=not Score.objects.filter(supersedes=score).exists(),
            changes=(standing, value, grade) != (score.standing, score.value, score.grade),
            reason_given=bool(reason.strip()),
            evidence_given=bool(evidence),
        ),
        rules.CORRECTED_SHAPE(on=on, standing=standing, value=value, grade=grade),
    ).require()
    paper = storage.put(evidence, media_type=evidence_type, at=at)
    row = _row(score, standing, value, grade, passed, reason, paper)
    title = f"成绩更正：{score.course}（{score.sitting_label}）第 {score.version + 1} 版"
    staged = archive.stage(
        ListKind.CORRECTION, f"score:{score.pk}", title, [row], agency_code=by.agency_code, by=by, at=at
    )
    correction = Correction.objects.create(
        score=score, list=staged, standing=standing, value=value, grade=grade, crosses_pass=passed != score.passed,
        reason=reason.strip(), evidence=paper, state=CorrectionState.PROPOSED, proposed_by=by.account_id or 0,
        proposed_at=at, agency_code=score.agency_code,
    )  # fmt: skip
    approval = _put_before(correction, title, by, at)
    correction.approval_id = approval.pk
    correction.save(update_fields=["approval_id"])
    facts = {"score": score.pk, "version": score.version + 1, "crosses_pass": correction.crosses_pass}
    return Outcome(correction, facts={**facts, "list": staged.pk, **approval.facts})


def digest_of(staged: ChangeList) -> bytes:
    """What the signers of a correction sign: the list by both its digests."""
    told = {"list": staged.pk, "sha256": bytes(staged.digest).hex(), "sm3": bytes(staged.root).hex()}
    return sm3(canonical(told))


def _put_before(correction: Correction, title: str, by: Actor, at: datetime) -> Approval:
    shown = {
        "课程": str(correction.score.course),
        "原成绩": correction.score.shown,
        "更正为": shown_of(correction),
        "跨及格线": "是" if correction.crosses_pass else "否",
    }
    return propose(
        chain=CHAIN,
        subject=f"results.correction:{correction.pk}",
        digest=digest_of(correction.list),
        title=title,
        reason=correction.reason,
        evidence=[correction.evidence],
        agency_code=by.agency_code,
        by=by,
        at=at,
        case={"crosses_pass": correction.crosses_pass},
        shown=shown,
    )


def shown_of(correction: Correction) -> str:
    """The corrected score as people read it."""
    if correction.standing == Standing.VOID:
        return "成绩取消"
    if correction.standing == Standing.ABSENT:
        return "缺考"
    return str(correction.value) if correction.value is not None else correction.grade


def _row(
    score: Score, standing: Standing, value: int | None, grade: str, passed: bool, reason: str, evidence: str
) -> StagedRow:
    return StagedRow(
        score.candidate_id,
        score.course_id,
        score.sitting_label,
        HowObtained(score.how),
        value,
        grade,
        passed,
        f"成绩更正：{reason.strip()}"[:120],
        score.agency_code,
        standing=standing,
        sitting_id=score.sitting_id,
        evidence=evidence,
        version=score.version + 1,
        supersedes_id=score.pk,
        previous=bytes(score.leaf),
    )


@when_approved(CHAIN)
def correction_approved(approval: Approval, by: Actor, at: datetime) -> None:
    """The last has signed: the list is approved, and its window asked for."""
    correction = _of(approval)
    if correction is None:
        return
    check_transition(CORRECTION_TRANSITIONS, CorrectionState(correction.state), CorrectionState.APPROVED)
    staged = correction.list
    check_transition(LIST_TRANSITIONS, ListState(staged.state), ListState.APPROVED)
    staged.state, staged.approved_at, staged.approved_by = ListState.APPROVED, at, by.account_id
    staged.save(update_fields=["state", "approved_at", "approved_by"])
    correction.state = CorrectionState.APPROVED
    correction.save(update_fields=["state"])
    ask_for_window(staged, by, at)


@when_refused(CHAIN)
def correction_refused(approval: Approval, by: Actor, at: datetime) -> None:
    """Refused, withdrawn or expired: the score stays as it is, and may be proposed again."""
    correction = _of(approval)
    if correction is None:
        return
    correction.state, correction.list.state = CorrectionState.REFUSED, ListState.WITHDRAWN
    correction.save(update_fields=["state"])
    correction.list.save(update_fields=["state"])


@archive.when_filed(ListKind.CORRECTION)
def correction_filed(filed: ChangeList, at: datetime) -> None:
    """Version n+1 stands in the archive: approved by exactly the digest that was filed."""
    correction = Correction.objects.select_for_update().get(list=filed)
    check_transition(CORRECTION_TRANSITIONS, CorrectionState(correction.state), CorrectionState.FILED)
    correction.state = CorrectionState.FILED
    correction.save(update_fields=["state"])


def _of(approval: Approval) -> Correction | None:
    kind, _, number = approval.subject.partition(":")
    if kind != "results.correction":
        return None
    rows = Correction.objects.select_for_update(of=("self",)).select_related("list")
    return rows.filter(pk=int(number), approval_id=approval.pk).first()
