"""Kinds of secret matter, their levels, and why somebody may look at personal data."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class SecretKind(TextChoices):
    QUESTIONS = "questions", "试题"
    BACKUP = "backup", "副题"
    KEY = "key", "参考答案"
    RUBRIC = "rubric", "评分细则"
    SCRIPTS = "scripts", "考生答卷"


CLAUSE_OF: dict[SecretKind, str] = {
    SecretKind.QUESTIONS: "EA-4.1",
    SecretKind.BACKUP: "EA-4.1",
    SecretKind.KEY: "EA-4.1",
    SecretKind.RUBRIC: "EA-4.2",
    SecretKind.SCRIPTS: "EA-4.2",
}


class Level(TextChoices):
    TOP_SECRET = "top-secret", "绝密"
    CONFIDENTIAL = "confidential", "机密"
    SECRET = "secret", "秘密"


class RevealReason(TextChoices):
    IDENTITY = "identity", "核对本人身份"
    CORRECTION = "correction", "更正登记信息"
    CONTACT = "contact", "联系本人"
    COMPLAINT = "complaint", "处理申诉、举报"
    INQUIRY = "inquiry", "有权机关依法查询"
    OTHER = "other", "其他（须写明）"


@dataclass(frozen=True)
class Matter:
    """One secret matter: what it is, of which subject ("programmes.paper:12"), in which sitting."""

    kind: SecretKind
    subject: str
    sitting_code: str


@dataclass(frozen=True)
class Shown:
    """What was revealed: a text, or a picture's bytes."""

    title: str
    text: str = ""
    picture: bytes | None = None
