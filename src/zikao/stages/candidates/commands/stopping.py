"""What ends a pre-registration that comes to nothing; called inside commands."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.commands import all_rows
from zikao.foundation.crypto import indexes_of
from zikao.stages.candidates.models import ANSWERS, PreRegistration
from zikao.stages.candidates.states import QueueState


def end(asked: PreRegistration, to: QueueState, at: datetime, *, why: str = "") -> None:
    """Inside a command: end a pre-registration that came to nothing; the answers go, the ID number stays sealed."""
    asked.state, asked.ended_at, asked.why = to, at, why
    asked.answers_sealed = ANSWERS.seal("{}", asked.pk)
    asked.portrait = ""
    asked.save()


def stop_pending(id_number: str, why: str, at: datetime) -> int:
    """Stop what a person has in any queue; returns how many were stopped (EA-12.3)."""
    with all_rows("EA-12.3：停考及于其人，不论在何县（区）预报名"):
        rows = list(
            PreRegistration.objects.select_for_update().filter(
                id_number_index__in=indexes_of(id_number),
                state__in=[QueueState.DRAFT, QueueState.QUEUED, QueueState.CALLED, QueueState.RETURNED],
            )
        )
        for row in rows:
            end(row, QueueState.STOPPED, at, why=why)
    return len(rows)
