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


class PublicationState(TextChoices):
    COLLECTED = "collected", "已采集"
    APPROVED = "approved", "已审核签字"
    PUBLISHED = "published", "已公布"


TRANSITIONS: dict[PublicationState, frozenset[PublicationState]] = {
    PublicationState.COLLECTED: frozenset({PublicationState.APPROVED}),
    PublicationState.APPROVED: frozenset({PublicationState.PUBLISHED}),
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
