"""Consultations: asked for, received at the desk, ended, printed as a slip. The looking itself is in `reading`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import subject_page
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    url_or_empty,
    waits_for,
)
from zikao.stages.records import commands, forms, policies, queries
from zikao.stages.records.models import Consultation
from zikao.stages.records.states import ConsultationState, Part

TONES: dict[str, Any] = {
    "requested": "due",
    "approved": "info",
    "reading": "info",
    "ended": "done",
    "refused": "danger",
}
PATH = (ConsultationState.REQUESTED, ConsultationState.APPROVED, ConsultationState.READING, ConsultationState.ENDED)
INTRO = "考籍管理人员以外的人查阅档案，经分管负责人批准，在指定地点、由考籍管理人员陪同查阅；每看一次都有记录。"


def _pill(found: Consultation) -> Pill:
    return Pill.of(found.state, ConsultationState, TONES)


@staff_page(posts=policies.CONSULTERS)
def consultation_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The consultations of the subtree for who keeps records; one's own for everybody else."""
    table = Table(
        queries.consultations(actor),
        (
            Column("pk", "编号", "code"),
            Column("reader_name", "查阅人"),
            Column("reader_unit", "单位"),
            Column("purpose", "事由"),
            Column("place", "指定地点"),
            Column("opens_at", "起", "datetime"),
            Column("closes_at", "止", "datetime"),
            Column("state", "状态", "pill", value=_pill),
        ),
        filters=(
            Filter("reader", "查阅人", lookup="reader_name__startswith"),
            Filter("unit", "单位", lookup="reader_unit__contains"),
            Filter("state", "状态", "choice", ConsultationState.choices),
        ),
        link=lambda row: reverse("records:consultation", args=[row.pk]),
        order="-id",
        empty="还没有查阅申请。",
        empty_action=Action("申请查阅", "records:consult"),
    )
    return table_page(
        request, title="查阅考籍档案", intro=INTRO, table=table, actions=[Action("申请查阅", "records:consult")]
    )


@staff_page(posts=policies.CONSULTERS)
def consultation(request: HttpRequest, actor: Actor, consultation_id: int) -> HttpResponse:
    """One consultation in four parts."""
    found = queries.consultation(actor, consultation_id)
    reached = {"requested": found.requested_at, "reading": found.began_at, "ended": found.ended_at}
    return object_page(
        request,
        kicker="查阅考籍档案",
        title=f"查阅第 {found.pk} 号　{found.reader_name}",
        pill=_pill(found),
        back=Link("查阅考籍档案", reverse("records:consultations")),
        facts={"申请": _facts(found), "查阅记录": _looks(found)},
        steps=steps_of(ConsultationState, found.state, path=PATH, reached={k: v for k, v in reached.items() if v}),
        actions=_actions(actor, found),
        history=f"records.consultation:{found.pk}",
    )


def _facts(found: Consultation) -> list[Fact]:
    url = url_or_empty("approvals:approval", {"approval_id": found.approval_id})
    letter = reverse("records:consultation-letter", args=[found.pk])
    return [
        Fact("查阅人", found.reader_name),
        Fact("单位", found.reader_unit),
        Fact("介绍信", "查看", "link", href=letter) if found.letter else Fact("介绍信", "本系统工作人员，不需要"),
        Fact("档案", found.record.candidate.admission_number, "code"),
        Fact("查阅内容", "、".join(Part(part).label for part in found.parts), clause="SR-A1.12"),
        Fact("事由", found.purpose),
        Fact("指定地点", found.place, clause="SR-10.4"),
        Fact("查阅时间起", found.opens_at, "datetime"),
        Fact("查阅时间止", found.closes_at, "datetime"),
        Fact("批准", f"签批第 {found.approval_id} 号", "link" if url else "text", href=url, clause="SR-10.4"),
        Fact("接待人", found.attendant_name or "尚未到场"),
    ]


def _looks(found: Consultation) -> list[Fact]:
    return [Fact(Part(each.part).label, each.viewed_at, "datetime") for each in found.views.all()] or [
        Fact("查阅", "还没有看过档案")
    ]


def _actions(actor: Actor, found: Consultation) -> list[Action]:
    here = {"consultation_id": found.pk}
    state, now = found.state, clock.now()
    in_time = found.opens_at <= now < found.closes_at
    mine = policies.may_read(actor, found)
    begun = state == ConsultationState.READING
    read = Action("查阅档案", "records:read-consultation", here, "按批准的内容逐项查阅，每看一项登记一次。")
    begin = Action(
        "登记到场", "records:begin-consultation", here, "当面核对身份后，查阅人可以开始查阅。", clause="SR-10.4"
    )
    slip = Action("打印查阅单", "records:consultation-slip", here, "归入档案的查阅登记。", posts=policies.ATTENDANTS)
    reader_is_me = found.reader_account_id == actor.account_id
    offered = [
        begin.open_if(state == ConsultationState.APPROVED, f"现在的状态是“{found.get_state_display()}”。", "SR-10.4")
        .open_if(not reader_is_me, "接待人不能是查阅人本人。", "SR-10.4")
        .open_if(in_time, "不在批准的查阅时间内。", "SR-10.4"),
        Action("结束查阅", "records:end-consultation", here, "查阅人离场，登记结束。")
        .open_if(begun, "没有在查阅。", "SR-10.4"),
        slip,
    ]  # fmt: skip
    reading = read.open_if(begun, "还没有登记到场，或者已经结束。", "SR-10.4")
    return [*([reading.open_if(in_time, "不在批准的查阅时间内。", "SR-10.4")] if mine else []), *offered]


def _for_visitor(actor: Actor, **kwargs: Any) -> dict[str, Any]:
    return {"for_visitor": actor.post in policies.ATTENDANTS}


def _arguments(data: dict[str, Any]) -> dict[str, Any]:
    return {"wanted": commands.Wanted(**forms.times_of(data))}


request_consultation = action(
    commands.request_consultation, forms.ConsultationForm, title="申请查阅考籍档案", clause="SR-10.4", button="申请",
    what="提出后由地级或省级分管负责人批准。批准之前，什么也看不到；批准之后，在指定地点、批准的时间内查阅。",
    form_options=_for_visitor, arguments=_arguments, done="已提出，等待分管负责人批准。",
    back=lambda receipt, **kwargs: reverse("records:consultation", args=[int(receipt.subject.rpartition(":")[2])]),
)  # fmt: skip
begin = action(
    commands.begin_consultation, forms.ReceptionForm, title="登记查阅人到场", clause="SR-10.4", button="登记到场",
    what="查阅人在指定地点出示身份证件，由您当面核对并全程陪同。登记之后才能打开档案。",
    done="已登记到场，可以开始查阅。", back="records:consultation",
)  # fmt: skip
end = action(
    commands.end_consultation, title="结束查阅", clause="SR-10.4", button="结束",
    what="登记查阅人离场。结束之后不能再看，需要再看的另行申请。", done="查阅已结束。", back="records:consultation",
)  # fmt: skip


@staff_page(posts=policies.CONSULTERS)
def letter(request: HttpRequest, actor: Actor, consultation_id: int) -> HttpResponse:
    """The letter of introduction, to those who know of the consultation."""
    found = queries.consultation(actor, consultation_id)
    if not found.letter:
        raise NotFound("no-letter", message="没有介绍信。")
    content = storage.get(found.letter)
    kind = next((kind for head, kind in commands.LETTERS.items() if content.startswith(head)), "image/png")
    return HttpResponse(content, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


@staff_page(posts=policies.ATTENDANTS)
def slip_pdf(request: HttpRequest, actor: Actor, consultation_id: int) -> HttpResponse:
    """考籍档案查阅单 as PDF."""
    found = queries.consultation(actor, consultation_id)
    where = f'inline; filename="consultation-{found.pk}.pdf"'
    content = render_document("records/consultation.typ", queries.slip_of(found))
    return HttpResponse(content, content_type=pdf_type, headers={"Content-Disposition": where})


subject_page("records.consultation", lambda pk: reverse("records:consultation", args=[pk]))


@waits_for(policies.ATTENDANTS, "查阅档案待接待、待结束", "SR-10.4", stage="records")
def to_attend(actor: Actor) -> Asked:
    """Approved consultations, and those that nobody ended."""
    rows = queries.to_attend(actor, clock.now())
    yield rows
    count, found = few(rows, 1)
    first = found[0] if found else None
    if first is None:
        return Waiting(0)
    return Waiting(count, reverse("records:consultations"), due=first.opens_at)


@waits_for(policies.CONSULTERS - policies.ATTENDANTS, "批准您查阅的档案", "SR-10.4", stage="records")
def to_read(actor: Actor) -> Asked:
    """One's own, approved and not over."""
    rows = queries.to_read(actor, clock.now())
    yield rows
    count, found = few(rows, 1)
    first = found[0] if found else None
    if first is None:
        return Waiting(0)
    return Waiting(count, reverse("records:consultation", args=[first.pk]), due=first.closes_at)
