"""What of graduation rests on a score that is corrected."""

from __future__ import annotations

from collections.abc import Iterator

from zikao.stages.graduation.models import Application
from zikao.stages.graduation.states import ApplicationState
from zikao.stages.results.models import Score
from zikao.stages.results.queries import Consequence


def resting_on(score: Score) -> Iterator[Consequence]:
    """The applications and certificates of a candidate who counted this pass towards a plan."""
    if not score.passed:
        return
    rows = Application.objects.filter(candidate_id=score.candidate_id, plan__courses__course_id=score.course_id)
    for row in rows.exclude(state=ApplicationState.RETURNED).select_related("certificate").distinct():
        certificate = getattr(row, "certificate", None)
        granted = f"毕业证书 {certificate.number} 已经制发" if certificate else f"毕业申请{row.get_state_display()}"
        yield Consequence("毕业审定", f"{granted}，这门课程计入毕业条件；更正为不合格后，请重新审定。", "SR-18.1.1")
