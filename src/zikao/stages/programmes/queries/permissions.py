"""Reading what the centre was asked of national courses and what it approved."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.errors import NotFound
from zikao.stages.programmes.models import Permission
from zikao.stages.programmes.states import PermissionKind, PermissionState


def permissions() -> QuerySet[Permission]:
    """All requests with their course, the newest first."""
    return Permission.objects.select_related("course")


def permission(permission_id: int) -> Permission:
    """One request; NotFound where there is none."""
    found = permissions().filter(pk=permission_id).first()
    if found is None:
        raise NotFound("permission-not-found", facts={"permission": permission_id})
    return found


def approved_units(sitting_code: str) -> dict[str, int]:
    """The units in which national courses may be held by approval, by course code."""
    rows = Permission.objects.filter(
        sitting_code=sitting_code, kind=PermissionKind.SCHEDULE, state=PermissionState.APPROVED
    )
    return {code: number for code, number in rows.values_list("course__code", "unit_number") if number is not None}


def courses_with_own_paper(sitting_code: str) -> frozenset[str]:
    """The national courses whose paper this province may set by approval."""
    rows = Permission.objects.filter(
        sitting_code=sitting_code, kind=PermissionKind.SET_PAPER, state=PermissionState.APPROVED
    )
    return frozenset(rows.values_list("course__code", flat=True))
