"""What a score is, how it was obtained, and the way of a sitting's results to publication."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class HowObtained(TextChoices):
    WRITTEN = "written", "笔试"
    PRACTICE = "practice", "实践性环节考核"
    THESIS = "thesis", "毕业论文（设计）"
    EXEMPTION = "exemption", "免考"
    TRANSFER = "transfer", "转考转入"


class Standing(TextChoices):
    VALID = "valid", "有效"
    ABSENT = "absent", "缺考"
    VOID = "void", "违规取消"


class ListKind(TextChoices):
    COLLECTION = "collection", "考次成绩采集"
    TAKE_OVER = "take-over", "原系统成绩移交"
    ASSESSMENT = "assessment", "实践考核与论文"
    TRANSFER = "transfer", "转考转入"
    CORRECTION = "correction", "成绩更正"


class ListState(TextChoices):
    STAGED = "staged", "待审核签字"
    APPROVED = "approved", "已签字，待归档"
    FILED = "filed", "已归档"
    WITHDRAWN = "withdrawn", "已撤回"


LIST_TRANSITIONS: dict[ListState, frozenset[ListState]] = {
    ListState.STAGED: frozenset({ListState.APPROVED, ListState.WITHDRAWN}),
    ListState.APPROVED: frozenset({ListState.FILED}),
    ListState.FILED: frozenset(),
    ListState.WITHDRAWN: frozenset(),
}


class CorrectionState(TextChoices):
    PROPOSED = "proposed", "逐级审批中"
    APPROVED = "approved", "已批准，待归档"
    FILED = "filed", "已更正"
    REFUSED = "refused", "未获批准"


CORRECTION_TRANSITIONS: dict[CorrectionState, frozenset[CorrectionState]] = {
    CorrectionState.PROPOSED: frozenset({CorrectionState.APPROVED, CorrectionState.REFUSED}),
    CorrectionState.APPROVED: frozenset({CorrectionState.FILED}),
    CorrectionState.FILED: frozenset(),
    CorrectionState.REFUSED: frozenset(),
}


class RequestState(TextChoices):
    ASKED = "asked", "待两名掌管人同意"
    APPROVED = "approved", "已同意，待三人到场启用"
    INSTALLED = "installed", "已启用"
    REFUSED = "refused", "未获同意"


class PublicationState(TextChoices):
    COLLECTED = "collected", "已采集"
    APPROVED = "approved", "已审核签字"
    FILED = "filed", "已归档"
    PUBLISHED = "published", "已公布"


TRANSITIONS: dict[PublicationState, frozenset[PublicationState]] = {
    PublicationState.COLLECTED: frozenset({PublicationState.APPROVED}),
    PublicationState.APPROVED: frozenset({PublicationState.FILED}),
    PublicationState.FILED: frozenset({PublicationState.PUBLISHED}),
    PublicationState.PUBLISHED: frozenset(),
}


@dataclass(frozen=True)
class ScoreRow:
    """A score handed in from outside marking: an earlier system's, a practical part, a thesis.

    `value` is a mark of 0 to 100, `grade` a word such as 良好; exactly one of the two is given. `sitting_label` is the
    year and month in which it was obtained ("2024-10"); `line` is the row's line in the file that was handed in.
    """

    admission_number: str
    course_code: str
    sitting_label: str
    how: HowObtained
    value: int | None = None
    grade: str = ""
    line: int = 0
