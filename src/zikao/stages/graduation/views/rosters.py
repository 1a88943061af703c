"""Rosters of batches and their certificates: made, listed, printed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.documents import render_batch
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    few,
    object_page,
    page_of,
    staff_page,
    table_page,
    waits_for,
)
from zikao.foundation.pages.formats import day_text
from zikao.stages.graduation import commands, forms, policies, queries
from zikao.stages.graduation.models import GraduationCertificate, Roster
from zikao.stages.graduation.queries import papers
from zikao.stages.graduation.states import ApplicationState

CERTIFICATES_A_PART = 50


@staff_page(posts=policies.ROSTER_READERS)
def roster_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every batch's roster."""
    table = Table(
        queries.rosters(),
        (
            Column("batch_on", "发证批次", "date", sortable=True),
            Column("count", "人数", "number"),
            Column("made_at", "生成时间", "datetime"),
            Column("digest", "名册摘要", "code", value=lambda row: row.digest[:16]),
        ),
        link=lambda row: reverse("graduation:roster", args=[row.pk]),
        order="-batch_on",
        empty="还没有生成过毕业生名册。",
    )
    return table_page(request, title="毕业生名册", table=table, actions=[Action("生成名册并制证", "graduation:make")])


@staff_page(posts=policies.ROSTER_READERS)
def roster(request: HttpRequest, actor: Actor, roster_id: int) -> HttpResponse:
    """One roster and its certificates."""
    found = queries.roster(roster_id)
    return object_page(
        request,
        kicker="毕业生名册",
        title=f"{day_text(found.batch_on)} 批次",
        back=Link("毕业生名册", reverse("graduation:rosters")),
        facts=[
            Fact("发证日期", found.batch_on, "date", clause="SR-17"),
            Fact("人数", found.count, "number"),
            Fact("生成时间", found.made_at, "datetime"),
            Fact("名册摘要（SM3）", found.digest, "code"),
        ],
        actions=[
            Action("打印名册（一式三份）", "graduation:roster-pdf", {"roster_id": found.pk},
                   "省级、地级教育考试机构和主考学校各存一份。", clause="SR-18.3"),
        ],
        history=f"graduation.roster:{found.pk}",
        extra_template="graduation/_roster.html",
        context={
            "table": page_of(_certificates(actor, found), request.GET.dict(), actor),
            "roster": found,
            "shares": queries.shares_of(actor, found),
            "parts": range(1, -(-found.count // CERTIFICATES_A_PART) + 1) if actor.post in policies.CERTIFIERS else (),
            "part_size": CERTIFICATES_A_PART,
        },
    )  # fmt: skip


def _certificates(actor: Actor, found: Roster) -> Table:
    return Table(
        queries.certificates(actor).filter(roster=found),
        (
            Column("number", "证书编号", "code", sortable=True),
            Column("name", "姓名", value=lambda row: row.application.candidate.name),
            Column("major", "专业", value=lambda row: str(row.application.plan.major)),
            Column("application.school.name", "主考学校"),
            Column("state", "状态", "pill", value=_standing),
        ),
        filters=(Filter("number", "证书编号", lookup="number__startswith"),),
        link=lambda row: reverse("graduation:application", args=[row.application_id]),
        order="number",
        empty="本机构在这份名册上没有毕业生。",
    )


def _standing(row: GraduationCertificate) -> Pill:
    if row.handed_out_at:
        return Pill("已发证", "done")
    return Pill("已注册，待发证", "info") if row.registered_at else Pill("待注册", "due")


@staff_page(posts=policies.ROSTER_READERS)
def roster_pdf(request: HttpRequest, actor: Actor, roster_id: int) -> HttpResponse:
    """毕业生名册 in its three copies."""
    found = queries.roster(roster_id)
    data = papers.roster_of(found, queries.certificates(actor).filter(roster=found), actor.agency_code[:2])
    return _pdf("graduation/roster.typ", data, {}, f"roster-{found.batch_on}")


@staff_page(posts=policies.ROSTER_READERS)
def share_pdf(request: HttpRequest, actor: Actor, roster_id: int, share: str) -> HttpResponse:
    """The copy of 毕业生名册 that one body keeps, with its own graduates only."""
    found = queries.roster(roster_id)
    kept_by, rows = queries.share(actor, found, share)
    data = papers.roster_of(found, rows, actor.agency_code[:2], kept_by)
    return _pdf("graduation/roster.typ", data, {}, f"roster-{found.batch_on}-{share}")


@staff_page(posts=policies.CERTIFIERS)
def certificates_pdf(request: HttpRequest, actor: Actor, roster_id: int, part: int) -> HttpResponse:
    """Some of a roster's certificates in one file, in order of number; parts count from 1."""
    found = queries.roster(roster_id)
    start = (part - 1) * CERTIFICATES_A_PART
    rows = queries.certificates(actor).filter(roster=found)[start : start + CERTIFICATES_A_PART]
    made = [papers.certificate_of(row) for row in rows]
    if not made:
        raise NotFound("no-such-part", message="名册没有这一部分。")
    items = ({**data, "images": images} for data, images in made)
    pdf = next(render_batch("graduation/certificate.typ", items, chunk=CERTIFICATES_A_PART))
    return _answer(pdf, f"certificates-{found.batch_on}-{part}")


@staff_page(posts=policies.CERTIFIERS)
def certificate_pdf(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponse:
    """The inner page of 毕业证书."""
    found = queries.certificate(actor, certificate_id)
    return _pdf("graduation/certificate.typ", *papers.certificate_of(found), found.number)


@staff_page(posts=policies.FORM_PRINTERS)
def form_pdf(request: HttpRequest, actor: Actor, application_id: int) -> HttpResponse:
    """毕业生登记表."""
    found = queries.application(actor, application_id)
    number = getattr(getattr(found, "certificate", None), "number", "")
    return _pdf("graduation/form.typ", *papers.form_of(found, number), f"form-{found.candidate.admission_number}")


def _pdf(template: str, data: dict[str, object], images: dict[str, bytes], name: str) -> HttpResponse:
    return _answer(render_document(template, data, images), name)


def _answer(pdf: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


def _batches(actor: Actor) -> dict[str, Any]:
    return {"batches": [day for day in queries.batches() if not queries.roster_made(day)]}


make = action(
    commands.make_certificates, forms.BatchForm, title="生成名册并制作毕业证书", clause="SR-18.3", button="生成并制证",
    what="把这一批审定完毕的申请定为名册，每人编一个证书编号。名册生成后不再增减；没有赶上的参加下一批。",
    form_options=_batches, done=lambda receipt: f"名册已生成，共 {receipt.value.count:,} 人。",
    back=lambda receipt, **kwargs: reverse("graduation:roster", args=[receipt.value.pk]),
)  # fmt: skip


@waits_for(policies.CERTIFIERS, "审定完毕、待制证的毕业申请", "SR-18.3", stage="graduation")
def to_certify(actor: Actor) -> Asked:
    """Confirmed applications without a certificate."""
    rows = queries.in_state(actor, ApplicationState.CONFIRMED)
    yield rows
    return Waiting(rows.count(), reverse("graduation:make"))


@waits_for(policies.RECEIVERS, "已注册、待发给本人的毕业证书", "SR-A3.2", stage="graduation")
def to_hand_out(actor: Actor) -> Asked:
    """Registered certificates that their graduates have not got."""
    rows = queries.certificates(actor).filter(registered_at__isnull=False, handed_out_at__isnull=True)
    yield rows
    count, first = few(rows)
    items = tuple(
        Item(row.application.candidate.name, reverse("graduation:application", args=[row.application_id]))
        for row in first
    )
    return Waiting(count, f"{reverse('graduation:applications')}?state=certified", items=items)
