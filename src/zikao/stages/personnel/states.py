"""Kinds of exam staff, the posts they hold on exam days, and what they declare."""

from __future__ import annotations

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
