"""Certificates of passed courses: issued, shown, printed, answered when lost."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.pages import Action, Fact, Link, action, object_page, staff_page
from zikao.stages.records import commands, forms, policies, queries


@staff_page(posts=policies.READERS)
def certificate(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponse:
    """One certificate."""
    found = queries.certificate(actor, certificate_id)
    candidate = found.record.candidate
    return object_page(
        request,
        kicker="课程合格证",
        title=found.number,
        back=Link(f"{candidate.name} 的考籍档案", reverse("records:record", args=[found.record_id])),
        facts=[
            Fact("姓名", candidate.name),
            Fact("准考证号", candidate.admission_number, "code"),
            Fact("课程", str(found.score.course), clause="SR-13.2"),
            Fact("成绩", found.score.shown),
            Fact("取得时间", found.score.sitting_label, "code"),
            Fact("签发时间", found.issued_at, "datetime"),
        ],
        actions=_actions(found.pk, queries.statement_line(found) is not None),
        history=f"records.passcertificate:{found.pk}",
    )


def _actions(pk: int, has_statement: bool) -> list[Action]:
    here = {"certificate_id": pk}
    return [
        Action("打印课程合格证", "records:certificate-pdf", here, "带照片、编号和二维码。", clause="SR-13.2"),
        Action("签发课程合格证明", "records:issue-statement", here, "合格证遗失的，开具证明。", clause="SR-13.3"),
        Action("打印课程合格证明", "records:statement-pdf", here, "打印最近一次签发的证明。", clause="SR-13.3")
        .open_if(has_statement, "还没有签发过证明。", "SR-13.3"),
    ]  # fmt: skip


@staff_page(posts=policies.CERTIFIERS)
def certificate_pdf(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponse:
    """课程合格证 as PDF."""
    found = queries.certificate(actor, certificate_id)
    return pdf_response(render_document("records/certificate.typ", *queries.certificate_of(found)), found.number)


@staff_page(posts=policies.CERTIFIERS)
def statement_pdf(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponse:
    """课程合格证明 as PDF."""
    found = queries.certificate(actor, certificate_id)
    return pdf_response(render_document("records/replacement.typ", *queries.replacement_of(found)), found.number)


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser."""
    return HttpResponse(pdf, content_type=pdf_type, headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})


certify = action(
    commands.issue_pass_certificate, title="签发课程合格证", what="为这门合格课程编号并签发一次；遗失不补发。",
    clause="SR-13.2", button="签发", done=lambda receipt: f"已签发，编号 {receipt.value.number}。",
    back=lambda receipt, **kwargs: reverse("records:certificate", args=[receipt.value.pk]),
)  # fmt: skip
issue_statement = action(
    commands.issue_pass_statement, forms.LostForm, title="签发课程合格证明",
    what="核对申请人身份和考籍档案后开具证明；原证不再补发。", clause="SR-13.3", button="签发证明",
    done="证明已签发，可以打印。", back="records:certificate",
)  # fmt: skip
