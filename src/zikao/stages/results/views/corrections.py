"""Corrections of filed scores: proposed, signed level by level, filed as a new version; with what follows from them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import subject_page
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
)
from zikao.stages.results import commands, forms, policies, queries
from zikao.stages.results.models import Correction
from zikao.stages.results.states import CorrectionState

TONES: dict[str, Any] = {"proposed": "due", "approved": "info", "filed": "done", "refused": "danger"}
SIGNED = (CorrectionState.APPROVED, CorrectionState.FILED)
PATH = (CorrectionState.PROPOSED, CorrectionState.APPROVED, CorrectionState.FILED)
subject_page("results.correction", lambda pk: reverse("results:correction", args=[pk]))
subject_page("results.segmentrequest", lambda pk: reverse("results:segment"))


@staff_page(posts=policies.READERS | policies.CORRECTORS)
def corrections(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every correction of the actor's subtree."""
    table = Table(
        queries.corrections(actor),
        (
            Column("id", "编号", "number"),
            Column("number", "准考证号", "code", value=lambda row: row.score.candidate.admission_number),
            Column("course", "课程", value=lambda row: str(row.score.course)),
            Column("before", "原成绩", value=lambda row: row.score.shown),
            Column("after", "更正为", value=queries.corrected_as),
            Column("crosses_pass", "跨及格线", value=lambda row: "是" if row.crosses_pass else "否"),
            Column("proposed_at", "提出时间", "datetime", sortable=True),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, CorrectionState, TONES)),
        ),
        link=lambda row: reverse("results:correction", args=[row.pk]),
        order="-proposed_at",
        empty="没有成绩更正。从考生的“全部成绩”提出。",
    )
    return table_page(
        request, title="成绩更正", table=table, back=Link("成绩归档", reverse("results:archive")),
        intro="已入档的成绩不能直接修改；逐级审批同意后，以新版本归档，原成绩保留。",
    )  # fmt: skip


@staff_page(posts=policies.READERS | policies.CORRECTORS)
def correction(request: HttpRequest, actor: Actor, correction_id: int) -> HttpResponse:
    """One correction: what changes, why, who signs, and what follows."""
    found = queries.correction(actor, correction_id)
    here = {"correction_id": found.pk}
    return object_page(
        request,
        kicker=f"准考证号 {found.score.candidate.admission_number}",
        title=f"成绩更正：{found.score.course}",
        pill=Pill.of(found.state, CorrectionState, TONES),
        back=Link("成绩更正", reverse("results:corrections")),
        facts={"更正": _facts(found), "后续影响": _consequences(found)},
        steps=steps_of(CorrectionState, found.state, path=PATH, reached={"proposed": found.proposed_at}),
        actions=[
            Action("查看审批", "approvals:approval", {"approval_id": found.approval_id or 0}, "逐级签字的进度。",
                   clause="SR-A1.8", posts=policies.READERS | policies.CORRECTORS),
            Action("归档清单", "results:change-list", {"list_id": found.list_id}, "三人开启窗口，写入新版本。",
                   clause="SR-A1.10a", posts=policies.READERS)
            .open_if(found.state in SIGNED, "逐级审批还没有签齐。", "SR-A1.8"),
            Action("打印更正审批表", "results:correction-document", here, "载明各级签字和用印。", clause="EA-41.5",
                   posts=policies.READERS | policies.CORRECTORS),
        ],
        history=f"results.correction:{found.pk}",
    )  # fmt: skip


def _facts(found: Correction) -> list[Fact]:
    crossing = "须由复查教师、评卷组长签字，并加盖分数复核变更章" if found.crosses_pass else ""
    return [
        Fact("取得考次", found.score.sitting_label, "code"),
        Fact("原成绩", found.score.shown, note=f"第 {found.score.version} 版，保留在档"),
        Fact("更正为", queries.corrected_as(found), note=f"第 {found.score.version + 1} 版"),
        Fact("跨及格线", "是" if found.crosses_pass else "否", clause="EA-41.5", note=crossing),
        Fact("更正理由", found.reason),
        Fact("依据材料摘要", found.evidence, "code", clause="SR-A1.8"),
    ]


def _consequences(found: Correction) -> list[Fact]:
    if not found.crosses_pass:
        return []
    findings = queries.consequences_of(found.score)
    return [Fact(each.what, each.sentence, clause=each.clause) for each in findings] or [
        Fact("核查", "没有以这条成绩签发的合格证、建立的档案或者审定的毕业")
    ]


@staff_page(posts=policies.READERS | policies.CORRECTORS)
def document(request: HttpRequest, actor: Actor, correction_id: int) -> HttpResponse:
    """The correction's form with its signatures, as PDF."""
    pdf = render_document("results/correction.typ", queries.document_of(actor, correction_id, clock.today()))
    headers = {"Content-Disposition": f'inline; filename="score-correction-{correction_id}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


propose = action(
    commands.propose_correction, forms.CorrectionForm, title="提出成绩更正",
    what="逐级审批同意后，以新版本归档，原成绩保留。跨及格线的，另须复查教师、评卷组长签字并加盖分数复核变更章。",
    clause="SR-A1.8", button="提出", done="已提出，等待逐级签字。",
    back=lambda receipt, **url: reverse("results:correction", args=[receipt.value.pk]),
    arguments=forms.correction_arguments,
)  # fmt: skip
