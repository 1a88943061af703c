"""Whether this province holds the record."""

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
