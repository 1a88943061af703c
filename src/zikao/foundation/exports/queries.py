"""Exports: one's own, the register of a subtree, and what a mark or a file says."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import access, scoped
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.exports import policies
from zikao.foundation.exports.models import Export, ExportCopy
from zikao.foundation.exports.states import ExportState


def own_exports(actor: Actor) -> QuerySet[Export]:
    """What the actor asked for."""
    return Export.objects.filter(requested_by=actor.account_id or 0)


def registered_exports(actor: Actor) -> QuerySet[Export]:
    """Every export of the subtree."""
    return scoped(Export.objects.all(), actor)


def export(actor: Actor, export_id: int) -> Export:
    """One export: one's own, or of the subtree for those who keep the register; NotFound else."""
    rows = Export.objects.prefetch_related("copies")
    if actor.post in policies.REGISTER_READERS:
        return access(rows, actor, pk=export_id)
    return access(rows.filter(requested_by=actor.account_id or 0), actor, pk=export_id)


def copy_of_mark(actor: Actor, mark: int) -> ExportCopy | None:
    """The copy that carries a mark, in the subtree."""
    return _copies(actor).filter(mark=mark).first()


def copy_of_digest(actor: Actor, digest: str) -> ExportCopy | None:
    """The copy whose file has this SM3 digest (hex): the whole file, unchanged."""
    return _copies(actor).filter(digest=digest).first()


def _copies(actor: Actor) -> QuerySet[ExportCopy]:
    return scoped(ExportCopy.objects.select_related("export"), actor, "export__agency_code")


def overdue(at: datetime) -> QuerySet[Export]:
    """What nobody may collect any more."""
    return Export.objects.filter(state=ExportState.MADE, expires_at__lte=at)


def digest_of(export: Export) -> bytes:
    """SM3 over everything that was asked for: what an approval is for."""
    return sm3(
        canonical(
            {
                "number": export.number,
                "dataset": export.dataset,
                "params": dict(export.params),
                "columns": list(export.columns),
                "clear": list(export.clear),
                "rows": export.rows_count,
                "form": str(export.form),
                "copies": export.copies_count,
                "purpose": export.purpose,
                "recipient": str(export.recipient),
                "recipient_name": export.recipient_name,
                "consent": str(export.consent),
                "consent_number": export.consent_number,
                "letter": export.letter,
                "requested_by": export.requested_by,
                "agency_code": export.agency_code,
            }
        )
    )


def requester_of(export: Export) -> Actor:
    """Who asked, with the scope in which they asked: the file holds what they could see."""
    return Actor(
        name=export.requester_name,
        post=Post(export.requester_post),
        agency_code=export.agency_code,
        account_id=export.requested_by,
    )


def waiting_for_collection(actor: Actor) -> QuerySet[Export]:
    """What the actor asked for and may collect now."""
    return own_exports(actor).filter(state=ExportState.MADE).order_by("expires_at")
