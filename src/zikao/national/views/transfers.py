"""The transfer platform: the files, and the journey of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Table,
    Waiting,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    waits_for,
)
from zikao.foundation.pages.parts import Tone
from zikao.foundation.provinces import PROVINCES, province_name
from zikao.foundation.regulation import clauses
from zikao.national import policies
from zikao.national.models import TransferFile
from zikao.national.queries import transfers as queries
from zikao.national.states import FileState

TONES: dict[str, Tone] = {"uploaded": "due", "completed": "done", "refused": "danger"}
CHOICES = tuple(PROVINCES.items())

tell(
    **{
        "national.transfer-file-received": "收到转出档案，送往转入地",
        "national.transfer-outcome": "收到办理结果，送回转出地",
    }
)


def _pill(row: TransferFile) -> Pill:
    return Pill.of(row.state, FileState, TONES)


@staff_page(posts=policies.READERS)
def file_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The files of the platform."""
    table = Table(
        queries.files(),
        (
            Column("number", "转考编号", "code"),
            Column("origin", "转出地", value=lambda row: province_name(row.origin)),
            Column("destination", "转入地", value=lambda row: province_name(row.destination)),
            Column("courses", "合格课程", "number"),
            Column("uploaded_at", "上传时间", "datetime", sortable=True),
            Column("outcome_at", "结果时间", "datetime"),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("number", "转考编号", lookup="number__startswith"),
            Filter("origin", "转出地", "choice", CHOICES),
            Filter("destination", "转入地", "choice", CHOICES),
            Filter("state", "状态", "choice", FileState.choices),
        ),
        link=lambda row: reverse("national:transfer", args=[row.number]),
        order="-uploaded_at",
        empty="转考平台上还没有电子档案。",
    )
    return table_page(request, title="转考平台", table=table)


@staff_page(posts=policies.READERS)
def file_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One file and its journey; what is sealed in it is nobody's to read here."""
    found = queries.file(number)
    last = FileState.REFUSED if found.state == FileState.REFUSED else FileState.COMPLETED
    reached = {FileState.UPLOADED.value: found.uploaded_at}
    if found.outcome_at is not None:
        reached[found.state] = found.outcome_at
    return object_page(
        request,
        kicker="转考平台",
        title=found.number,
        pill=_pill(found),
        back=Link("转考平台", reverse("national:transfers")),
        facts={"档案": _facts(found), "结果": _outcome(found)},
        steps=steps_of(FileState, found.state, path=[FileState.UPLOADED, last], reached=reached),
        history=f"national.transferfile:{found.pk}",
        extra_template="national/_journey.html",
        context={
            "file": found,
            "origin": province_name(found.origin),
            "destination": province_name(found.destination),
        },
    )


def _facts(found: TransferFile) -> list[Fact]:
    return [
        Fact("转出地", province_name(found.origin)),
        Fact("转入地", province_name(found.destination)),
        Fact("合格课程", found.courses, "number"),
        Fact("上传时间", found.uploaded_at, "datetime", clause="SR-A2.6"),
        Fact("电子档案摘要（SM3）", found.digest, "code"),
        Fact("内容", "密存，只由转入地审核", clause="SR-A2.6"),
    ]


def _outcome(found: TransferFile) -> list[Fact]:
    if found.outcome_at is None:
        return [Fact("办理结果", "转入地还没有上传结果", clause="SR-A2.2")]
    facts = [Fact("结果时间", found.outcome_at, "datetime", clause="SR-A2.2")]
    if found.state == FileState.REFUSED:
        known = any(row.id == found.outcome_code for row in clauses())
        facts.append(Fact("退回依据", found.outcome_code, "code", clause=found.outcome_code if known else None))
        facts.append(Fact("理由", found.outcome_reason))
    return facts


@waits_for(policies.OFFICERS | policies.REGISTRARS, "等待转入地结果的转考档案", "SR-A2.2")
def under_way(actor: Actor) -> Asked:
    """Files without an outcome."""
    rows = queries.files_under_way()
    yield rows
    count, first = few(rows)
    items = tuple(
        Item(
            f"{province_name(row.origin)}→{province_name(row.destination)} {row.number}",
            reverse("national:transfer", args=[row.number]),
            row.uploaded_at,
        )
        for row in first
    )
    url = f"{reverse('national:transfers')}?state={FileState.UPLOADED.value}"
    return Waiting(count, url, first[0].uploaded_at if first else None, items=items)
