"""Kinds of exam staff, the posts they hold on exam days, and what they declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices


class PersonKind(TextChoices):
    FULL = "full", "专职"
    PART = "part", "兼职"


class Sex(TextChoices):
    MALE = "1", "男"
    FEMALE = "2", "女"


class PostKind(TextChoices):
    CHIEF = "chief", "主考"
    DEPUTY = "deputy", "副主考"
    INVIGILATOR = "invigilator", "监考员"
    ROVER = "rover", "流动监考员"
    AFFAIRS = "affairs", "考务员"
    PAPERS = "papers", "试卷保管员"
    INSPECTOR = "inspector", "巡考员"
    MARKER = "marker", "评卷员"


LEADERS = frozenset({PostKind.CHIEF, PostKind.DEPUTY})
SITTING_POSTS = frozenset({PostKind.AFFAIRS, PostKind.PAPERS, PostKind.INSPECTOR})
"""Posts at a site for a whole sitting, outside rooms."""


class InterestKind(TextChoices):
    RELATIVE = "relative", "直系亲属参加当次考试"
    OTHER = "other", "其他利害关系"


class Relation(TextChoices):
    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    GRANDPARENT = "grandparent", "祖父母、外祖父母"
    GRANDCHILD = "grandchild", "孙子女、外孙子女"
    SIBLING = "sibling", "兄弟姐妹"
    PUPIL = "pupil", "师生"
    OTHER = "other", "其他利害关系"


DIRECT = frozenset(
    {Relation.SPOUSE, Relation.PARENT, Relation.CHILD, Relation.GRANDPARENT, Relation.GRANDCHILD, Relation.SIBLING}
)
"""Relations that are looked at as 直系亲属 or as an interest; pupils only keep their teacher out of their room."""


class FlagKind(TextChoices):
    BY_STAFF = "by-staff", "工作人员申报的亲属参加本次考试"
    BY_CANDIDATE = "by-candidate", "考生申报的亲属是工作人员"
    SAME_PERSON = "same-person", "本人参加本次考试"
    SAME_PHONE = "same-phone", "联系电话相同"
    SAME_ADDRESS = "same-address", "通信地址相同"


class FlagState(TextChoices):
    OPEN = "open", "待认定"
    RECUSED = "recused", "应当回避"
    DISMISSED = "dismissed", "不需回避"


FLAG_TRANSITIONS: Mapping[FlagState, frozenset[FlagState]] = {
    FlagState.OPEN: frozenset({FlagState.RECUSED, FlagState.DISMISSED}),
    FlagState.RECUSED: frozenset(),
    FlagState.DISMISSED: frozenset(),
}


class CourseState(TextChoices):
    PLANNED = "planned", "已计划"
    HELD = "held", "已培训"
    ASSESSED = "assessed", "已考核"
    CERTIFIED = "certified", "已发证"


COURSE_TRANSITIONS: Mapping[CourseState, frozenset[CourseState]] = {
    CourseState.PLANNED: frozenset({CourseState.HELD}),
    CourseState.HELD: frozenset({CourseState.HELD, CourseState.ASSESSED}),
    CourseState.ASSESSED: frozenset({CourseState.ASSESSED, CourseState.CERTIFIED}),
    CourseState.CERTIFIED: frozenset(),
}


class PayBasis(TextChoices):
    UNIT = "unit", "每场"
    DAY = "day", "每天"
    SCRIPT = "script", "每题次"


class PayState(TextChoices):
    DRAWN = "drawn", "待审批"
    APPROVED = "approved", "已审批"
    PAID = "paid", "已发放"


PAY_TRANSITIONS: Mapping[PayState, frozenset[PayState]] = {
    PayState.DRAWN: frozenset({PayState.DRAWN, PayState.APPROVED}),
    PayState.APPROVED: frozenset({PayState.DRAWN, PayState.PAID}),
    PayState.PAID: frozenset({PayState.DRAWN}),
}


class ConductKind(TextChoices):
    BREACH = "breach", "违反纪律"
    COMMENDATION = "commendation", "表扬"


@dataclass(frozen=True)
class PersonRow:
    """A person as handed in; `conditions` are the basic conditions that the agency has confirmed (EA-9)."""

    name: str
    unit: str
    sex: Sex
    id_number: str
    kind: PersonKind
    agency_code: str
    conditions: tuple[str, ...]
    title: str = ""
    tutoring_institution_code: str | None = None
    account_id: int | None = None
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class PersonChange:
    """How a person's entry should read; empty phone or address: as before."""

    name: str
    unit: str
    sex: Sex
    kind: PersonKind
    agency_code: str
    title: str = ""
    tutoring_institution_code: str | None = None
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Training:
    """Training and assessment that a certificate rests on."""

    hours: int
    trained_on: date
    assessed_on: date
    assessment_passed: bool


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row of a file: line (heads are line 1), column, reason in Chinese."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class UnitDay:
    """A unit of a sitting and its day."""

    number: int
    on: date


@dataclass(frozen=True)
class RoomUse:
    """A room in which candidates sit in a unit."""

    unit: int
    room_id: int


@dataclass(frozen=True)
class Sitter:
    """A candidate with a standing entry in a sitting: keyed indexes of ID number, phone and address (empty: none)."""

    candidate_id: int
    agency_code: str
    id_index: bytes
    phone_index: bytes = b""
    address_index: bytes = b""


@dataclass(frozen=True)
class SeatUse:
    """Where a candidate sits in a unit; `id_index` is the keyed index of the ID number."""

    candidate_id: int
    id_index: bytes
    unit: int
    room_id: int


@dataclass(frozen=True)
class Done:
    """Work that was done: how many of what a post is paid by."""

    person_id: int
    post_kind: str
    quantity: int


@dataclass(frozen=True)
class CoursePlan:
    """A training course as it is planned."""

    title: str
    topics: tuple[str, ...]
    hours: int
    held_on: date
    place: str
    post_kinds: tuple[PostKind, ...]


@dataclass(frozen=True)
class PupilRow:
    """A row of a list of pupils as it was handed in."""

    line: int
    name: str
    id_number: str
