"""Consultations of a record: asked for, approved and received, through their commands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories.approvals import sign_all
from tests.factories.exports import an_officer
from tests.factories.records import a_record
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals.models import Approval
from zikao.stages.records import commands
from zikao.stages.records.models import Consultation, Record

LETTER = b"%PDF-1.7 letter of introduction"


def wanted(at: datetime, record: Record, **changes: Any) -> commands.Wanted:
    """The basics and the scores of a record, for the asker, in an hour."""
    usual: dict[str, Any] = {
        "admission_number": record.candidate.admission_number,
        "purpose": "办理学历核查，需核对考试成绩",
        "parts": ("basics", "scores"),
        "place": "省考试院考籍档案室",
        "opens_at": at + timedelta(hours=1),
        "closes_at": at + timedelta(hours=3),
    }
    return commands.Wanted(**{**usual, **changes})


def asked(at: datetime, by: Actor | None = None, record: Record | None = None, **changes: Any) -> Consultation:
    """A consultation that waits for the head; a clerk of the prefecture asks for themselves."""
    reader = by or an_officer(at, Post.PREFECTURE_CLERK)
    found = wanted(at, record or a_record(at), **changes)
    return commands.request_consultation(wanted=found, by=reader, at=at).value


def approved(at: datetime, by: Actor | None = None, **changes: Any) -> Consultation:
    """A consultation that the head agreed to."""
    consultation = asked(at, by, **changes)
    sign_all(Approval.objects.get(pk=consultation.approval_id), at)
    consultation.refresh_from_db()
    return consultation


def received(at: datetime, by: Actor | None = None, **changes: Any) -> Consultation:
    """The reader is at the place, received by the record clerk."""
    consultation = approved(at, by, **changes)
    commands.begin_consultation(
        consultation_id=consultation.pk,
        identity_checked=True,
        at_the_place=True,
        by=an_officer(at, Post.RECORDS_CLERK),
        at=consultation.opens_at,
    )
    consultation.refresh_from_db()
    return consultation
