"""Reading the provinces' requests for national courses."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.errors import NotFound
from zikao.national.models import PermissionRequest
from zikao.stages.programmes.states import PermissionKind, PermissionState


def requests() -> QuerySet[PermissionRequest]:
    """All requests, the newest first."""
    return PermissionRequest.objects.all()


def waiting() -> QuerySet[PermissionRequest]:
    """The requests without an answer, the oldest first."""
    return PermissionRequest.objects.filter(state=PermissionState.REQUESTED).order_by("received_at")


def request(request_id: int) -> PermissionRequest:
    """One request; NotFound where there is none."""
    found = PermissionRequest.objects.filter(pk=request_id).first()
    if found is None:
        raise NotFound("permission-not-found", facts={"request": request_id})
    return found


def approved(province: str, sitting_code: str, kind: PermissionKind) -> dict[str, int | None]:
    """What a province may do with national courses of a sitting, by course code: the approved unit, if any."""
    rows = PermissionRequest.objects.filter(
        province=province, sitting_code=sitting_code, kind=kind, state=PermissionState.APPROVED
    )
    return dict(rows.values_list("course_code", "unit_number"))
