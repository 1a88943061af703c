"""Pre-registrations: a person's own draft, and the queue of those who come to the counter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, all_rows, scoped
from zikao.foundation.crypto import indexes_of
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.models import ANSWERS, Candidate, PreRegistration
from zikao.stages.candidates.states import IN_QUEUE, QueueState

SECTIONS: Mapping[str, str] = {
    "person": "您是谁",
    "place": "在哪里报名",
    "major": "报考什么专业",
    "contact": "怎样联系您",
    "portrait": "照片",
    "rules": "考场规则和违规处理",
    "pledge": "诚信承诺",
}
"""What is asked, one page each, in this order."""


def draft(draft_id: int, *, lock: bool = False) -> PreRegistration:
    """A person's own pre-registration, whose id their session holds. Raises NotFound."""
    rows = PreRegistration.objects.select_for_update(of=("self",)) if lock else PreRegistration.objects.all()
    with all_rows("EA-13.1：本人填报中的预报名，凭会话或预约号取得"):
        found = rows.select_related("major", "sitting", "candidate").filter(pk=draft_id).first()
    if found is None:
        raise NotFound("draft-not-found", message="没有找到您的预报名。", remedy="请重新开始，或凭预约号续填。")
    return found


def by_code(code: str) -> PreRegistration | None:
    """The pre-registration of a code, locked; whose it is must be checked by the ID number."""
    with all_rows("EA-13.1：凭预约号和证件号码取回本人的预报名"):
        return PreRegistration.objects.select_for_update().filter(code=code).first()


def answers_of(asked: PreRegistration) -> dict[str, Any]:
    """What has been answered so far."""
    text = ANSWERS.text(asked)
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def missing_of(asked: PreRegistration) -> list[str]:
    """The names of the parts without an answer."""
    return [title for name, title in SECTIONS.items() if name not in asked.answered]


def next_section(asked: PreRegistration, after: str = "") -> str:
    """The first part without an answer, looking on from `after`; empty where nothing is missing."""
    names = list(SECTIONS)
    start = names.index(after) + 1 if after in names else 0
    return next((name for name in names[start:] + names[:start] if name not in asked.answered), "")


def come_until(asked: PreRegistration) -> date | None:
    """The last day on which to come to the counter."""
    if asked.submitted_at is None:
        return None
    handed_in = local_day(asked.submitted_at)
    return handed_in + timedelta(days=parameter("preregistration-queue-days").on(handed_in, settings.ZIKAO_NODE_CODE))


def queue(actor: Actor) -> QuerySet[PreRegistration]:
    """Everything handed in in the actor's subtree."""
    rows = PreRegistration.objects.exclude(state=QueueState.DRAFT).exclude(agency_code="")
    return scoped(rows.select_related("major", "sitting", "candidate"), actor)


def waiting(actor: Actor) -> QuerySet[PreRegistration]:
    """Who waits to be called, the first first."""
    return queue(actor).filter(state=QueueState.QUEUED).order_by("submitted_at", "id")


def in_hand(actor: Actor) -> PreRegistration | None:
    """Whom this clerk has called and not finished with."""
    mine = queue(actor).filter(state=QueueState.CALLED, called_by=actor.account_id or 0)
    return mine.order_by("called_at").first()


def queued(actor: Actor, queued_id: int, *, lock: bool = False) -> PreRegistration:
    """One of the queue with authority. Raises NotFound."""
    rows = PreRegistration.objects.select_for_update(of=("self",)) if lock else PreRegistration.objects.all()
    rows = rows.exclude(state=QueueState.DRAFT).exclude(agency_code="")
    return access(rows.select_related("major", "sitting", "candidate"), actor, pk=queued_id)


def waiting_of_person(id_number: str) -> QuerySet[PreRegistration]:
    """What of a person stands in any queue; to be read inside all_rows."""
    return PreRegistration.objects.filter(id_number_index__in=indexes_of(id_number), state__in=IN_QUEUE)


def registered_meanwhile() -> QuerySet[PreRegistration]:
    """Who waits in a queue and was registered at a counter without being called; to be read inside all_rows."""
    there = Candidate.objects.filter(id_number_index=OuterRef("id_number_index"))
    return PreRegistration.objects.filter(Exists(there), state=QueueState.QUEUED)


def lapsing() -> QuerySet[PreRegistration]:
    """Drafts and queued ones whose time is over."""
    on, code = clock.today(), settings.ZIKAO_NODE_CODE
    drafts = clock.now() - timedelta(days=parameter("preregistration-draft-days").on(on, code))
    waits = clock.now() - timedelta(days=parameter("preregistration-queue-days").on(on, code))
    unsent = Q(state__in=[QueueState.DRAFT, QueueState.RETURNED], changed_at__lt=drafts)
    return PreRegistration.objects.filter(unsent | Q(state=QueueState.QUEUED, changed_at__lt=waits))
