"""Filed scores corrected: one signed and filed to the end, one across the pass mark that waits for its third signer."""

from __future__ import annotations

from datetime import datetime, timedelta

from zikao.foundation.access.reauthentication import reauthenticate
from zikao.foundation.approvals.commands import sign_approval
from zikao.foundation.documents import render
from zikao.stages.results import commands
from zikao.stages.results.models import Correction, Score
from zikao.stages.results.states import Standing
from zikao.world.calendar import SCORES_CORRECTED, SITTING
from zikao.world.life.archiving import file_scores
from zikao.world.life.context import Life
from zikao.world.password import PASSWORD

PASS_MARK = 60


def correct_scores(life: Life) -> None:
    """An earlier score that was filed wrongly is put right; a failed one of this sitting is proposed as a pass."""
    at = SCORES_CORRECTED
    life.tell("成绩更正", 0, 2)
    filed = Score.objects.filter(sitting__isnull=True, how="written", standing=Standing.VALID, value__range=(62, 97))
    earlier = filed.filter(superseded_by__isnull=True).order_by("id").first()
    if earlier is not None:
        correction = _proposed(life, earlier, (earlier.value or 0) + 2, "原系统移交时录入有误，见原始成绩册。", at)
        _signed(life, correction, ("records-head", "head"), at)
        file_scores(life, correction.list, at + timedelta(hours=1))
    life.tell("成绩更正", 1, 2)
    failed = Score.objects.filter(sitting__code=SITTING, standing=Standing.VALID, value__range=(50, PASS_MARK - 1))
    near = failed.order_by("-value", "id").first()
    if near is not None:
        correction = _proposed(life, near, PASS_MARK + 1, "考生申请复核，复查发现主观题漏计，见复查登记表。", at)
        _signed(life, correction, ("totals", "leader"), at)
    life.tell("成绩更正", 2, 2)


def _proposed(life: Life, score: Score, value: int, reason: str, at: datetime) -> Correction:
    return commands.propose_correction(
        score_id=score.pk,
        standing=Standing.VALID,
        value=value,
        grade="",
        reason=reason,
        evidence=_paper(score, value, reason, at),
        evidence_type="application/pdf",
        by=life.who("records-clerk", at),
        at=at,
    ).value


def _paper(score: Score, value: int, reason: str, at: datetime) -> bytes:
    """The recheck's record, as it would be scanned."""
    facts = [
        ["课程", str(score.course)],
        ["取得考次", score.sitting_label],
        ["原成绩", score.shown],
        ["应为", str(value)],
    ]
    day = f"{at.year}年{at.month}月{at.day}日"
    letter = {"agency": "省级教育考试机构", "title": "成绩复查登记表", "paragraphs": [reason], "facts": facts}
    return render("foundation/letter.typ", {**letter, "issued_on": day})


def _signed(life: Life, correction: Correction, signers: tuple[str, ...], at: datetime) -> None:
    for minutes, username in enumerate(signers, 1):
        moment = at + timedelta(minutes=10 * minutes)
        by = life.who(username, moment)
        proof = reauthenticate(account_id=by.account_id or 0, secret=PASSWORD, at=moment)
        sign_approval(approval_id=correction.approval_id or 0, proof=proof, comment="同意。", by=by, at=moment)
    correction.refresh_from_db()
