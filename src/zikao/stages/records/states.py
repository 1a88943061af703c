"""Whether this province holds the record; how far a consultation of it is, and which parts it may see."""

from django.db.models import TextChoices


class RecordState(TextChoices):
    HELD = "held", "在籍"
    TRANSFERRED = "transferred", "已转出"
    GRADUATED = "graduated", "已毕业"


TRANSITIONS: dict[RecordState, frozenset[RecordState]] = {
    RecordState.HELD: frozenset({RecordState.TRANSFERRED, RecordState.GRADUATED}),
    RecordState.TRANSFERRED: frozenset(),
    RecordState.GRADUATED: frozenset({RecordState.HELD}),
}


class ConsultationState(TextChoices):
    REQUESTED = "requested", "待批准"
    APPROVED = "approved", "已批准"
    READING = "reading", "查阅中"
    ENDED = "ended", "已结束"
    REFUSED = "refused", "不予查阅"


CONSULTATION_TRANSITIONS: dict[ConsultationState, frozenset[ConsultationState]] = {
    ConsultationState.REQUESTED: frozenset({ConsultationState.APPROVED, ConsultationState.REFUSED}),
    ConsultationState.APPROVED: frozenset({ConsultationState.READING, ConsultationState.REFUSED}),
    ConsultationState.READING: frozenset({ConsultationState.ENDED}),
    ConsultationState.ENDED: frozenset(),
    ConsultationState.REFUSED: frozenset(),
}


class Part(TextChoices):
    BASICS = "basics", "考生基本情况"
    EXAMS = "exams", "考试信息"
    CONDUCT = "conduct", "奖惩记录"
    SCORES = "scores", "考试成绩"
    LATER = "later", "转考与毕业"
