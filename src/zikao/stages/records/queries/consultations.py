"""Consultations: those of the subtree for record staff, one's own for everybody else; the slip's data."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import Approval
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import clause
from zikao.stages.agencies.models import Agency
from zikao.stages.records.models import Consultation, Record
from zikao.stages.records.states import ConsultationState, Part

KEEPERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD, Post.PROVINCE_HEAD, Post.AREA_DIRECTOR, Post.AUDITOR})
"""Who sees every consultation of the subtree: who keeps records, who approves, who audits."""


def consultations(actor: Actor) -> QuerySet[Consultation]:
    """The consultations that the actor may know of."""
    rows = scoped(Consultation.objects.select_related("record__candidate"), actor)
    if actor.post in KEEPERS:
        return rows
    mine = actor.account_id or 0
    return rows.filter(Q(requested_by=mine) | Q(reader_account_id=mine))


def consultation(actor: Actor, consultation_id: int) -> Consultation:
    """One of them; NotFound else."""
    rows = consultations(actor).select_related("record__candidate__major")
    return access(rows, actor, pk=consultation_id)


def consultations_of(record: Record) -> QuerySet[Consultation]:
    """Who consulted one record."""
    return record.consultations.order_by("-id")


def to_attend(actor: Actor, at: datetime) -> QuerySet[Consultation]:
    """Approved ones whose time has not passed, and those that nobody ended."""
    rows = consultations(actor).filter(
        Q(state=ConsultationState.APPROVED, closes_at__gt=at) | Q(state=ConsultationState.READING)
    )
    return rows.order_by("opens_at")


def to_read(actor: Actor, at: datetime) -> QuerySet[Consultation]:
    """The actor's own, approved and not over."""
    rows = consultations(actor).filter(reader_account_id=actor.account_id or 0, closes_at__gt=at)
    return rows.filter(state__in=[ConsultationState.APPROVED, ConsultationState.READING]).order_by("opens_at")


def slip_of(found: Consultation) -> dict[str, object]:
    """The data of 考籍档案查阅单."""
    approval = Approval.objects.filter(pk=found.approval_id or 0).first()
    province = found.agency_code[:2]
    signed = approval.signatures.order_by("id") if approval is not None else ()
    return {
        "agency": Agency.objects.filter(code=province).values_list("name", flat=True).first() or "",
        "number": f"查阅第 {found.pk} 号",
        "reader": found.reader_name,
        "unit": found.reader_unit,
        "letter": "有，已存档" if found.letter else "无（本系统工作人员）",
        "purpose": found.purpose,
        "record": found.record.candidate.admission_number,
        "parts": "、".join(Part(part).label for part in found.parts),
        "place": found.place,
        "opens_at": found.opens_at,
        "closes_at": found.closes_at,
        "approval": found.approval_id or 0,
        "signatures": [
            [each.name, Post(each.post).label, each.get_verdict_display(), each.signed_at] for each in signed
        ],
        "attendant": found.attendant_name or "—",
        "began_at": found.began_at or "—",
        "ended_at": found.ended_at or "—",
        "looks": [[Part(each.part).label, each.viewed_at] for each in found.views.all()],
        "clauses": [clause("SR-10.4").chip, clause("SR-A1.12").chip],
    }
