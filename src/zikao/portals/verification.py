"""Certificates checked by anyone: at the centre in the national register, in a province among its own."""

from __future__ import annotations

from zikao.foundation.pages import Fact, number_of_token
from zikao.national.models import RegisteredCertificate
from zikao.stages.graduation.models import GraduationCertificate
from zikao.stages.programmes.states import Level


def by_number(number: str, name: str) -> list[Fact] | None:
    """What a registered certificate says, by its number and its holder's name; None where there is no such one."""
    return _registered(number, name) or _own(number, name)


def by_token(token: str) -> list[Fact] | None:
    """What a registered certificate says, by the token in its QR code; only the node that printed it knows it."""
    number = number_of_token(token)
    return _own(number, None) if number is not None else None


def _registered(number: str, name: str) -> list[Fact] | None:
    found = RegisteredCertificate.objects.filter(number=number, name=name, revoked_at__isnull=True).first()
    if found is None:
        return None
    return [
        Fact("姓名", found.name),
        Fact("证书编号", found.number, "code"),
        Fact("专业", f"{found.major}（{_level(found.level)}）"),
        Fact("主考学校", found.school),
        Fact("发证日期", found.issued_on, "date"),
        Fact("注册时间", found.registered_at, "date", clause="SR-21"),
    ]


def _own(number: str, name: str | None) -> list[Fact] | None:
    rows = GraduationCertificate.objects.filter(number=number, registered_at__isnull=False)
    if name is not None:
        rows = rows.filter(application__candidate__name=name)
    found = rows.select_related("application__candidate", "application__plan__major").first()
    if found is None:
        return None
    plan = found.application.plan
    return [
        Fact("姓名", found.application.candidate.name),
        Fact("证书编号", found.number, "code"),
        Fact("专业", f"{plan.major.name}（{_level(plan.major.level)}）"),
        Fact("主考学校", plan.examining_school.name),
        Fact("发证日期", found.issued_on, "date"),
        Fact("注册时间", found.registered_at, "date", clause="SR-21"),
    ]


def _level(value: str) -> str:
    return str(Level(value).label) if value in Level.values else value
