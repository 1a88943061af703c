"""The kinds of agency, the life of an exam site, and the shapes in which rooms and inspections are handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class AgencyKind(TextChoices):
    PROVINCE = "province", "省级教育考试机构"
    MILITARY = "military", "军队考委办公室"
    PREFECTURE = "prefecture", "考区（地市）"
    COUNTY = "county", "县区"


class SiteState(TextChoices):
    PROPOSED = "proposed", "已申报"
    INSPECTED = "inspected", "已检查"
    ACCEPTED = "accepted", "已验收备案"
    SUSPENDED = "suspended", "已停用"


SITE_TRANSITIONS: Mapping[SiteState, frozenset[SiteState]] = {
    SiteState.PROPOSED: frozenset({SiteState.INSPECTED}),
    SiteState.INSPECTED: frozenset({SiteState.INSPECTED, SiteState.ACCEPTED}),
    SiteState.ACCEPTED: frozenset({SiteState.INSPECTED, SiteState.ACCEPTED, SiteState.SUSPENDED}),
    SiteState.SUSPENDED: frozenset({SiteState.INSPECTED}),
}


class CommitteeRole(TextChoices):
    DIRECTOR = "director", "主任"
    DEPUTY = "deputy", "副主任"
    MEMBER = "member", "委员"


class ApprovalKind(TextChoices):
    ELSEWHERE = "elsewhere", "地级人民政府所在地以外设点"
    TUTORING = "tutoring", "使用助学机构场地"


@dataclass(frozen=True)
class RoomRow:
    """One room as it is handed in: its number on the site, its seats, the spacing of the seats in centimetres."""

    number: int
    seats: int
    spacing_cm: int
    place: str = ""


@dataclass(frozen=True)
class CheckedItem:
    """One item of the inspection checklist: whether it holds, and the evidence (words or a file's digest)."""

    code: str
    ok: bool
    evidence: str


@dataclass(frozen=True)
class MemberRow:
    """A seat of an area's committee: role, department and the person who holds it."""

    role: CommitteeRole
    department: str
    name: str
