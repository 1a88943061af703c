"""The kinds of agency, the lives of sites, exceptions and letters, and the shapes in which things are handed in."""

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
    CLOSED = "closed", "已撤销"


SITE_TRANSITIONS: Mapping[SiteState, frozenset[SiteState]] = {
    SiteState.PROPOSED: frozenset({SiteState.INSPECTED, SiteState.CLOSED}),
    SiteState.INSPECTED: frozenset({SiteState.INSPECTED, SiteState.ACCEPTED, SiteState.CLOSED}),
    SiteState.ACCEPTED: frozenset({SiteState.INSPECTED, SiteState.ACCEPTED, SiteState.SUSPENDED, SiteState.CLOSED}),
    SiteState.SUSPENDED: frozenset({SiteState.INSPECTED, SiteState.CLOSED}),
    SiteState.CLOSED: frozenset(),
}


class CommitteeRole(TextChoices):
    DIRECTOR = "director", "主任"
    DEPUTY = "deputy", "副主任"
    MEMBER = "member", "委员"


class SuccessionKind(TextChoices):
    MERGED = "merged", "并入"
    SPLIT = "split", "分设"
    RECODED = "recoded", "改用代码"


class ExceptionState(TextChoices):
    APPLIED = "applied", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"


EXCEPTION_TRANSITIONS: Mapping[ExceptionState, frozenset[ExceptionState]] = {
    ExceptionState.APPLIED: frozenset({ExceptionState.APPROVED, ExceptionState.REFUSED}),
    ExceptionState.APPROVED: frozenset(),
    ExceptionState.REFUSED: frozenset(),
}


class ConsentMatter(TextChoices):
    SITE = "site", "省外组织考试"
    DELEGATED = "delegated", "省际委托组考"


class WorkingGroup(TextChoices):
    AFFAIRS = "affairs", "考务组"
    SECURITY = "security", "保卫组"
    MONITORING = "monitoring", "监控组"
    MEDICAL = "medical", "医疗组"
    LOGISTICS = "logistics", "后勤组"
    SECRECY = "secrecy", "保密组"


class GroupRole(TextChoices):
    LEADER = "leader", "组长"
    MEMBER = "member", "组员"


class FacilityKind(TextChoices):
    PRINTING = "printing", "试卷印制单位"
    VEHICLE = "vehicle", "试卷运送车辆"
    CAMERAS = "cameras", "考点视频监控"


class EmergencyLevel(TextChoices):
    MINISTRY = "ministry", "教育部"
    PROVINCE = "province", "省（区、市）"


class EmergencyRole(TextChoices):
    LEADER = "leader", "组长"
    DEPUTY = "deputy", "副组长"
    MEMBER = "member", "成员"
    CONTACT = "contact", "联络员"


class EndReason(TextChoices):
    MOVED = "moved", "调离"
    RETIRED = "retired", "退休"
    OTHER = "other", "其他"


class LetterState(TextChoices):
    SENT = "sent", "已报送"
    ACKNOWLEDGED = "acknowledged", "教育部考试中心已收"
    RETURNED = "returned", "退回"


LETTER_TRANSITIONS: Mapping[LetterState, frozenset[LetterState]] = {
    LetterState.SENT: frozenset({LetterState.ACKNOWLEDGED, LetterState.RETURNED}),
    LetterState.ACKNOWLEDGED: frozenset(),
    LetterState.RETURNED: frozenset(),
}


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
    file: bytes = b""
    file_type: str = ""


@dataclass(frozen=True)
class MemberRow:
    """A seat of an area's committee: role, department and the person who holds it."""

    role: CommitteeRole
    department: str
    name: str


SAME_PHONE = "不变"
"""Instead of a number: the one on record of the person of this name in the same group."""


@dataclass(frozen=True)
class ContactRow:
    """A member of an emergency leading group or of a site's working group, as handed in; `body` is the group."""

    body: str
    role: str
    name: str
    unit: str
    phone: str
    other_channel: str = ""


@dataclass(frozen=True)
class NewAgency:
    """An agency that a split opens."""

    code: str
    name: str


@dataclass(frozen=True)
class StaffLine:
    """Somebody on duty at a site, as the letter of annex 3 names them: duty, name, unit, the post held there."""

    duty: str
    name: str
    unit: str
    title: str


@dataclass(frozen=True)
class Supply:
    """What a supporting school can give: rooms, invigilators, markers, question setters, each a number."""

    rooms: int = 0
    invigilators: int = 0
    markers: int = 0
    question_setters: int = 0
