"""How an incident goes, who receives its reports, what became of a call."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from zikao.foundation.actors import Post

SECRET_POSTS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD, Post.PAPERS_OFFICER, Post.AREA_DIRECTOR})
"""Whose duty is the secret content of a leak; besides them who wrote a report reads it."""


class IncidentState(TextChoices):
    OPEN = "open", "处置中"
    FINAL = "final", "已终报"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "误报撤销"


TRANSITIONS: dict[IncidentState, frozenset[IncidentState]] = {
    IncidentState.OPEN: frozenset({IncidentState.OPEN, IncidentState.FINAL, IncidentState.WITHDRAWN}),
    IncidentState.FINAL: frozenset({IncidentState.OPEN, IncidentState.CLOSED, IncidentState.WITHDRAWN}),
    IncidentState.CLOSED: frozenset(),
    IncidentState.WITHDRAWN: frozenset(),
}


class ReportKind(TextChoices):
    FIRST = "first", "初报"
    FOLLOW_UP = "follow-up", "续报"
    FINAL = "final", "终报"
    CLOSING = "closing", "办结"
    WITHDRAWAL = "withdrawal", "撤销"


STATE_AFTER: dict[ReportKind, IncidentState] = {
    ReportKind.FIRST: IncidentState.OPEN,
    ReportKind.FOLLOW_UP: IncidentState.OPEN,
    ReportKind.FINAL: IncidentState.FINAL,
    ReportKind.CLOSING: IncidentState.CLOSED,
    ReportKind.WITHDRAWAL: IncidentState.WITHDRAWN,
}


class Receiver(TextChoices):
    """Who a report goes to. The groups are told by telephone; the others acknowledge on their pages."""

    AREA = "area", "考区"
    PROVINCE = "province", "省级教育考试机构"
    GROUP = "group", "省应急领导小组"
    CENTRE = "centre", "教育部考试中心"
    MINISTRY = "ministry", "教育部应急领导小组"


class StepAct(TextChoices):
    SENT = "sent", "发出"
    ARRIVED = "arrived", "到达"
    ACKNOWLEDGED = "acknowledged", "签收"
    REFUSED = "refused", "未被接收"


class CallOutcome(TextChoices):
    REACHED = "reached", "已告知本人"
    DEPUTISED = "deputised", "已请其单位值班人员转告"
    NO_ANSWER = "no-answer", "无人接听"
    WRONG = "wrong", "号码有误"


@dataclass(frozen=True)
class Evidence:
    """A file that comes with a report."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Scope:
    """What an incident touches: the agency, or one site or room of it; the sitting, a unit, courses.

    `agency_code` is where no site is named. Empty means: all of them.
    """

    agency_code: str
    site_id: int | None = None
    room_number: int | None = None
    sitting_code: str = ""
    unit_number: int | None = None
    course_codes: tuple[str, ...] = ()
