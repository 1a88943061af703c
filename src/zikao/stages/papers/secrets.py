"""The questions on their way: who handles the boxes, and who keeps away because a relative sits (EA-4.1, EA-11.1)."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.secrecy.registers import holds
from zikao.foundation.secrecy.states import Matter, SecretKind
from zikao.stages.papers import policies
from zikao.stages.programmes.models import Paper

QUESTIONS, BACKUP = SecretKind.QUESTIONS, SecretKind.BACKUP


def questions_of(paper: Paper) -> Matter:
    """The questions of one paper."""
    return Matter(QUESTIONS, f"programmes.paper:{paper.pk}", paper.sitting.code)


def boxes_of(sitting_code: str) -> Matter:
    """The printed questions of a sitting in their boxes."""
    return Matter(QUESTIONS, f"papers.sitting:{sitting_code}", sitting_code)


@holds(QUESTIONS, BACKUP)
def handles_boxes(actor: Actor, subject: str, at: datetime) -> bool:
    """Who packs, keeps, issues, receives and takes back."""
    return actor.post in policies.HANDLERS
