"""Kinds of exam staff, the posts they hold on exam days, and what they declare."""

from __future__ import annotations

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


class InterestKind(TextChoices):
    RELATIVE = "relative", "直系亲属参加当次考试"
    OTHER = "other", "其他利害关系"


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


@dataclass(frozen=True)
class Training:
    """Training and assessment that a certificate rests on."""

    hours: int
    trained_on: date
    assessed_on: date
    assessment_passed: bool
