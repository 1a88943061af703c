"""Where a piece of long work is."""

from django.db.models import TextChoices


class WorkState(TextChoices):
    WAITING = "waiting", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


TRANSITIONS: dict[WorkState, frozenset[WorkState]] = {
    WorkState.WAITING: frozenset({WorkState.RUNNING}),
    WorkState.RUNNING: frozenset({WorkState.DONE, WorkState.FAILED}),
    WorkState.DONE: frozenset(),
    WorkState.FAILED: frozenset(),
}
ENDED = frozenset({WorkState.DONE, WorkState.FAILED})
