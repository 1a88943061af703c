"""Certificates verified by other programs: the same answers as the page, no more (SR-22)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from zikao.foundation.api import Problem
from zikao.foundation.errors import Conflict
from zikao.foundation.pages.limits import asks_too_often
from zikao.stages.registry import queries
from zikao.stages.registry.states import Answer, Entry, Verdict

router = Router(tags=["证书查验"])
Number = Annotated[str, Path(pattern=r"^[0-9][0-9A-Za-z]{0,31}$", description="证书编号，毕业证书为 17 位")]
Name = Annotated[str, Query(min_length=1, max_length=60, pattern=r"^[^\u0000]*$", description="证书上的姓名")]
MAY_SAY = {429: Problem, 422: Problem}


class EntryOut(Schema):
    """What the register says of a certificate: no ID number, no picture."""

    number: str
    name: str
    major: str
    level: str
    school: str
    issued_on: date
    registered_on: date | None
    revoked_on: date | None


class AnswerOut(Schema):
    """The verdict, the entry where there is one, and the changed fields of a token whose signature does not hold."""

    verdict: Verdict
    meaning: str
    entry: EntryOut | None = None
    changed: list[str] = []


class TokenIn(Schema):
    """What the QR code of a certificate holds."""

    token: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\u0000]*$")]


class TooOften(Conflict):
    """This address asks too often."""

    http_status = 429
    default_message = "这个网络地址查得太多。"
    default_remedy = "请过一分钟再查。"


@router.post("/tokens", response={200: AnswerOut, **MAY_SAY}, summary="凭二维码内容查验")
def by_token(request: HttpRequest, body: TokenIn) -> AnswerOut:
    """Whether the signature of a certificate's QR code holds, and whether the certificate is registered."""
    _count(request)
    return _out(queries.look_up_token(body.token))


@router.get("/{number}", response={200: AnswerOut, **MAY_SAY}, summary="凭编号和姓名查验")
def by_number(request: HttpRequest, number: Number, name: Name) -> AnswerOut:
    """Whether a certificate with this number, whose holder has this name, is registered."""
    _count(request)
    return _out(queries.look_up(number, name))


def _count(request: HttpRequest) -> None:
    if asks_too_often(request, "certificates"):
        raise TooOften("asks-too-often")


def _out(answer: Answer) -> AnswerOut:
    return AnswerOut(
        verdict=answer.verdict,
        meaning=str(answer.verdict.label),
        entry=_entry(answer.entry) if answer.entry else None,
        changed=list(answer.changed),
    )


def _entry(entry: Entry) -> EntryOut:
    return EntryOut(
        number=entry.number,
        name=entry.name,
        major=entry.major,
        level=entry.level,
        school=entry.school,
        issued_on=entry.issued_on,
        registered_on=entry.registered_on,
        revoked_on=entry.revoked_on,
    )
