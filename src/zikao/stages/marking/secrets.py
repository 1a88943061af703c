"""The secret matters of marking: which paper's key, rubric or scripts, and who is appointed to handle them."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.secrecy.registers import holds
from zikao.foundation.secrecy.states import Matter, SecretKind
from zikao.stages.marking import policies
from zikao.stages.marking.models import Marker
from zikao.stages.programmes.models import Paper

QUESTIONS, KEY, RUBRIC, SCRIPTS = SecretKind.QUESTIONS, SecretKind.KEY, SecretKind.RUBRIC, SecretKind.SCRIPTS


def matter_of(kind: SecretKind, paper: Paper) -> Matter:
    """The key, rubric, scripts or questions of one paper."""
    return Matter(kind, f"programmes.paper:{paper.pk}", paper.sitting.code)


@holds(QUESTIONS)
def keeps_questions(actor: Actor, subject: str, at: datetime) -> bool:
    """Who registers the questions, and who reviews the key beside them."""
    return actor.post in policies.QUESTION_KEEPERS | policies.KEY_REVIEWERS


@holds(KEY)
def handles_the_key(actor: Actor, subject: str, at: datetime) -> bool:
    """Who enters the key, who reviews it, who has the machine score with it."""
    return actor.post in policies.KEY_CLERKS | policies.KEY_REVIEWERS | policies.READER_OPERATORS


@holds(RUBRIC)
def handles_the_rubric(actor: Actor, subject: str, at: datetime) -> bool:
    """The group that makes it, and the markers appointed to this paper."""
    return actor.post in policies.RUBRIC_MAKERS or _marks(actor, subject)


@holds(SCRIPTS)
def handles_scripts(actor: Actor, subject: str, at: datetime) -> bool:
    """Who scans and rules on cards, adds up, and the markers appointed to this paper."""
    handlers = policies.READER_OPERATORS | policies.RULERS | policies.TOTALLERS
    return actor.post in handlers or _marks(actor, subject)


def _marks(actor: Actor, subject: str) -> bool:
    if actor.post not in policies.MARKERS or actor.account_id is None:
        return False
    return Marker.objects.filter(account_id=actor.account_id, paper_id=int(subject.rpartition(":")[2])).exists()
