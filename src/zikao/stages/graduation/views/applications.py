"""Applications: the list by batch and state, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Bulk,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    action,
    exportable,
    object_page,
    staff_page,
    steps_of,
    table_page,
)
from zikao.foundation.pages.formats import day_text
from zikao.stages.graduation import commands, forms, policies, queries, rules
from zikao.stages.graduation.models import Application, GraduationCertificate
from zikao.stages.graduation.states import OPEN, ApplicationState
from zikao.stages.graduation.views.deciding import STEPS

TONES: Mapping[str, Any] = {
    "submitted": "due", "reviewed": "info", "approved": "info", "confirmed": "info", "certified": "done",
    "handed-out": "done", "returned": "danger",
}  # fmt: skip
PATH = [state for state in ApplicationState if state != ApplicationState.RETURNED]


def pill_of(application: Application) -> Pill:
    """The state as a word."""
    return Pill.of(application.state, ApplicationState, TONES)


@exportable("graduation.applications", "毕业申请", posts=policies.READERS)
def application_table(actor: Actor) -> Table:
    """The applications of the subtree."""
    return Table(
        queries.applications(actor),
        (
            Column("candidate.admission_number", "准考证号", "code", sortable=True, personal=True),
            Column("candidate.name", "姓名", personal=True),
            Column("plan.major", "专业", value=lambda row: str(row.plan.major)),
            Column("school.name", "主考学校"),
            Column("batch_on", "发证批次", "date"),
            Column("credits", "学分", "number"),
            Column("submitted_at", "受理时间", "datetime", sortable=True),
            Column("state", "状态", "pill", value=pill_of),
        ),
        filters=(
            Filter("batch", "批次", "choice", [(d.isoformat(), day_text(d)) for d in queries.batches()], "batch_on"),
            Filter("state", "状态", "choice", ApplicationState.choices),
            Filter("number", "准考证号", lookup="candidate__admission_number__startswith"),
            Filter("name", "姓名", lookup="candidate__name__startswith"),
        ),
        link=lambda row: reverse("graduation:application", args=[row.pk]),
        order="-submitted_at",
        empty="还没有毕业申请。",
        empty_action=Action("受理毕业申请", "graduation:start"),
        bulk=[Bulk("审核、审定选中的申请", "graduation:decide-chosen")],
        pickable=lambda row: actor.post in STEPS and row.state == STEPS[actor.post][0],
    )


@staff_page(posts=policies.READERS)
def application_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The applications of the subtree."""
    acts = [Action("受理毕业申请", "graduation:start"), Action("审核与审定", "graduation:decide")]
    return table_page(request, title="毕业申请", table=application_table(actor), actions=acts)


@staff_page(posts=policies.READERS)
def application(request: HttpRequest, actor: Actor, application_id: int) -> HttpResponse:
    """One application."""
    found = queries.application(actor, application_id)
    certificate = getattr(found, "certificate", None)
    return object_page(
        request,
        kicker="毕业申请",
        title=f"{found.candidate.name}　{found.plan.major.name}",
        pill=pill_of(found),
        back=Link("毕业申请", reverse("graduation:applications")),
        facts=_facts(found, certificate),
        steps=steps_for(found, certificate),
        actions=_actions(found, certificate, actor),
        history=queries.lines_about_application(found),
        extra_template="graduation/_checklist.html",
        context={"checklist": queries.checklist_of(found.candidate, clock.today())},
    )


def _facts(found: Application, certificate: GraduationCertificate | None) -> dict[str, list[Fact]]:
    prior = [Fact("前置学历证书", f"{found.prior_certificate}（{'已核验' if found.prior_verified else '未核验'}）",
                  clause="SR-18.1.6")] if found.prior_certificate else []  # fmt: skip
    refused = [Fact("不予办理的理由", found.returned_reason, clause="SR-18.2")] if found.returned_reason else []
    return {
        "申请": [
            Fact("准考证号", found.candidate.admission_number, "code"),
            Fact("专业", str(found.plan.major)),
            Fact("考试计划", found.plan.version),
            Fact("主考学校", found.school.name),
            Fact("发证批次", found.batch_on, "date", clause="SR-17"),
            Fact("受理时学分", f"{found.credits}（要求 {found.plan.min_credits}）", clause="SR-18.1.3"),
            Fact("受理时合格门数", found.courses, "number"),
            Fact("思想品德鉴定", "合格" if found.appraisal_passed else "没有", clause="SR-18.1.4"),
            *prior,
            *refused,
        ],
        "毕业证书": _certificate_facts(certificate) if certificate else [],
    }


def _certificate_facts(certificate: GraduationCertificate) -> list[Fact]:
    return [
        Fact("证书编号", certificate.number, "code", clause="SR-A3.1"),
        Fact("发证日期", certificate.issued_on, "date", clause="SR-17"),
        Fact("名册", str(certificate.roster), "link", reverse("graduation:roster", args=[certificate.roster_id])),
        Fact("电子注册", certificate.registered_at or "还没有完成", "datetime", clause="SR-21"),
        Fact("发给本人", certificate.handed_out_at or "还没有", "datetime"),
    ]


def steps_for(found: Application, certificate: GraduationCertificate | None) -> tuple[Step, ...]:
    """The row of steps with when each was reached."""
    reached: dict[str, datetime | None] = {
        "submitted": found.submitted_at,
        "reviewed": found.reviewed_at,
        "approved": found.approved_at,
        "confirmed": found.confirmed_at,
        "certified": certificate.made_at if certificate else None,
        "handed-out": certificate.handed_out_at if certificate else None,
    }
    known = {state: at for state, at in reached.items() if at is not None}
    return steps_of(ApplicationState, found.state, path=PATH, reached=known)


def _actions(found: Application, certificate: GraduationCertificate | None, actor: Actor) -> list[Action]:
    here, state = {"application_id": found.pk}, ApplicationState(found.state)
    is_open = state in OPEN
    gone = f"申请的状态是“{state.label}”。"
    paper = {"certificate_id": certificate.pk if certificate else 0}
    return [
        Action("审核与审定", "graduation:decide-one", here, "重新核对全部条件，报下一机构。", clause="SR-18.2")
        .open_if(is_open and state != ApplicationState.CONFIRMED, gone, "SR-18.2"),
        Action("转入下一批", "graduation:postpone", here, "没有赶上本批的，参加以后的批次。", clause="SR-18.5")
        .open_if(is_open, gone, "SR-18.5"),
        Action("不予办理", "graduation:return", here, "材料不全或不实，写明理由退回。", clause="SR-18.2", danger=True)
        .open_if(is_open and state != ApplicationState.CONFIRMED, gone, "SR-18.2"),
        Action("颁发毕业证书", "graduation:hand-out", paper, "确认本人领取。", clause="SR-A3.2")
        .open_if(certificate is not None, "还没有制作毕业证书。", "SR-17")
        .given(rules.HANDING_OUT(on=clock.today(), registered=bool(certificate and certificate.registered_at)))
        .open_if(state == ApplicationState.CERTIFIED, gone, "SR-A3.2"),
        Action("打印毕业证书", "graduation:certificate-pdf", paper, "内芯，带照片、编号和二维码。", clause="SR-18.4")
        .open_if(certificate is not None, "还没有制作毕业证书。", "SR-18.4"),
        Action("打印毕业生登记表", "graduation:form-pdf", here, "本人情况、全部成绩和三级意见。", clause="SR-9"),
    ]  # fmt: skip


def _batches(actor: Actor, application_id: int) -> dict[str, Any]:
    return {"batches": queries.batches_ahead(clock.today())}


postpone = action(
    commands.postpone_application, forms.BatchForm, title="转入下一批", what="已作出的审核、审定仍然有效。",
    clause="SR-18.5", button="转入", done="已转入所选批次。", back="graduation:application", form_options=_batches,
)  # fmt: skip
return_ = action(
    commands.return_application, forms.ReasonForm, title="不予办理毕业手续", clause="SR-18.2", button="不予办理",
    what="申请到此结束，申请人会看到理由；补齐材料后可以重新申请。", danger=True, done="已退回。",
    back="graduation:application",
)  # fmt: skip
hand_out = action(
    commands.hand_out_certificate, title="颁发毕业证书", what="核对本人身份证，当面发给毕业证书；考籍状态改为已毕业。",
    clause="SR-A3.2", button="已发给本人", done="已登记发证。",
    back=lambda receipt, **kwargs: reverse("graduation:applications"),
)  # fmt: skip
