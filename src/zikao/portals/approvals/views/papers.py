"""Papers of an approval: the pieces of evidence, and the approval sheet with all signatures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import policies, queries
from zikao.foundation.documents import render
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import staff_page
from zikao.foundation.storage.models import StoredFile
from zikao.portals.approvals.sheet import sheet_of

SHOWN = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
"""What a browser may show by itself; anything else is downloaded."""


@staff_page(posts=policies.READERS)
def evidence(request: HttpRequest, actor: Actor, approval_id: int, number: int) -> HttpResponse:
    """One piece of evidence, as it was attached."""
    approval = queries.one_approval(actor, approval_id, clock.now())
    if not 1 <= number <= len(approval.evidence):
        raise NotFound("no-such-evidence", message="没有这份材料。")
    digest = approval.evidence[number - 1]
    media_type = StoredFile.objects.get(digest=digest).media_type
    ending = SHOWN.get(media_type)
    where = "inline" if ending else "attachment"
    name = f"approval-{approval.pk}-{number}.{ending or 'bin'}"
    headers = {"Content-Disposition": f'{where}; filename="{name}"'}
    shown = media_type if ending else "application/octet-stream"
    return HttpResponse(storage.get(digest), content_type=shown, headers=headers)


@staff_page(posts=policies.READERS)
def sheet(request: HttpRequest, actor: Actor, approval_id: int) -> HttpResponse:
    """The approval sheet as PDF."""
    approval = queries.one_approval(actor, approval_id, clock.now())
    pdf = render("approvals/sheet.typ", sheet_of(approval, clock.now()))
    headers = {"Content-Disposition": f'inline; filename="approval-{approval.pk}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
