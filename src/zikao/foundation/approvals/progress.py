"""How far an approval is: which steps are full, whose turn it is, who may sign next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from zikao.foundation.actors import Post

if TYPE_CHECKING:
    from zikao.foundation.approvals.models import Approval, Signature, Step


@dataclass(frozen=True)
class StepProgress:
    """A step with the signatures that agree to it; `is_turn` says that it waits now."""

    step: Step
    signatures: tuple[Signature, ...]
    is_turn: bool

    @property
    def is_full(self) -> bool:
        """Whether as many have agreed as must."""
        return len(self.signatures) >= self.step.how_many

    @property
    def posts(self) -> tuple[str, ...]:
        """The Chinese names of the posts that may sign."""
        return tuple(dict.fromkeys(Post(each.partition("@")[0]).label for each in self.step.signers))


def progress_of(approval: Approval) -> tuple[StepProgress, ...]:
    """The steps of an approval in their order, with what is signed."""
    from zikao.foundation.approvals.states import ApprovalState, Verdict

    agreed: dict[int, list[Signature]] = {}
    for signature in approval.signatures.all():
        if signature.verdict == Verdict.AGREED:
            agreed.setdefault(signature.step_id, []).append(signature)
    steps = sorted(approval.steps.all(), key=lambda step: step.number)
    waiting = [step.order for step in steps if len(agreed.get(step.pk, ())) < step.how_many]
    turn = min(waiting, default=None) if approval.state == ApprovalState.OPEN else None
    return tuple(
        StepProgress(
            step,
            tuple(agreed.get(step.pk, ())),
            step.order == turn and len(agreed.get(step.pk, ())) < step.how_many,
        )
        for step in steps
    )


def is_whole(progress: tuple[StepProgress, ...]) -> bool:
    """Whether every step is full."""
    return all(each.is_full for each in progress)


def waiting_for(progress: tuple[StepProgress, ...]) -> str:
    """The names of the steps whose turn it is, for people: "考籍管理负责人审核"."""
    return "、".join(each.step.name for each in progress if each.is_turn) or "—"


def waiting_since(approval: Approval) -> datetime:
    """Since when the present step waits: the last signature, else the proposal."""
    return max([approval.proposed_at, *(each.signed_at for each in approval.signatures.all())])
