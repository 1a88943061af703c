"""Identity corrections: the list, one in four parts with what it changes, the way to propose one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.approvals import subject_page
from zikao.foundation.commands import access, scoped
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
)
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.forms.changes import CorrectionForm, correction_arguments
from zikao.stages.candidates.models import VALUES, IdentityCorrection
from zikao.stages.candidates.states import DocumentKind, IdentityState, Sex
from zikao.stages.candidates.views.staff import whom

TONES: Mapping[str, Any] = {"proposed": "due", "done": "done", "refused": "danger"}
LABELS = {"name": "姓名", "sex": "性别", "born_on": "出生日期", "document_kind": "证件种类", "id_number": "证件号码"}
subject_page("candidates.identitycorrection", lambda pk: reverse("candidates:correction", args=[pk]))


@staff_page(posts=policies.CORRECTION_READERS)
def correction_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The corrections of the actor's subtree."""
    table = Table(
        scoped(IdentityCorrection.objects.select_related("candidate"), actor),
        (
            Column("candidate", "考生", value=lambda row: str(row.candidate), personal=True),
            Column("fields", "更正的项目", value=lambda row: _what(row)),
            Column("agency_code", "报名县（区）", "code"),
            Column("proposed_at", "提出时间", "datetime", sortable=True),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, IdentityState, TONES)),
        ),
        filters=(
            Filter("number", "准考证号", lookup="candidate__admission_number__startswith"),
            Filter("state", "状态", "choice", IdentityState.choices),
        ),
        link=lambda row: reverse("candidates:correction", args=[row.pk]),
        order="-proposed_at",
        empty="还没有身份信息更正。在考生页面可以提出。",
    )
    back = Link("考生名册", reverse("candidates:list"))
    return table_page(request, title="身份信息更正", table=table, back=back)


def _what(row: IdentityCorrection) -> str:
    return "、".join({**LABELS, "portrait": "照片"}[name] for name in row.fields)


@staff_page(posts=policies.CORRECTION_READERS)
def correction(request: HttpRequest, actor: Actor, correction_id: int) -> HttpResponse:
    """One correction: before, after, evidence, signatures."""
    found = access(IdentityCorrection.objects.select_related("candidate"), actor, pk=correction_id)
    approval = reverse("approvals:approval", args=[found.approval_id])
    last = "refused" if found.state == IdentityState.REFUSED else "done"
    return object_page(
        request,
        kicker="身份信息更正",
        title=str(found.candidate),
        pill=Pill.of(found.state, IdentityState, TONES),
        back=Link("身份信息更正", reverse("candidates:corrections")),
        facts={"更正内容": _changes(found), "依据": _basis(found, approval)},
        steps=steps_of(IdentityState, found.state, path=["proposed", last], reached={"proposed": found.proposed_at}),
        actions=[Action("查看和签批", "approvals:approval", {"approval_id": found.approval_id}, "逐级审批的进度。",
                        clause="SR-10.3")],
        history=f"candidates.identitycorrection:{found.pk}",
    )  # fmt: skip


def _changes(found: IdentityCorrection) -> list[Fact]:
    values = json.loads(VALUES.text(found))
    facts = []
    for name in found.fields:
        if name == "portrait":
            facts.append(Fact("照片", "换为新照片", note="原照片密存"))
        else:
            old, new = (_shown(name, values[side][name]) for side in ("before", "after"))
            facts.append(Fact(LABELS[name], f"{old} → {new}", clause="SR-10.3"))
    return facts


def _shown(name: str, value: str) -> str:
    if name == "id_number":
        return queries.masked_number(value)
    if name == "sex":
        return str(Sex(value).label)
    return str(DocumentKind(value).label) if name == "document_kind" else value


def _basis(found: IdentityCorrection, approval: str) -> list[Fact]:
    person = reverse("candidates:candidate", args=[found.candidate_id])
    return [
        Fact("考生", str(found.candidate), "link", href=person),
        Fact("理由", found.reason),
        Fact("证明材料与签批", "查看", "link", href=approval),
        *([Fact("办结时间", found.closed_at, "datetime")] if found.closed_at else []),
    ]


propose = action(
    commands.propose_identity_correction, CorrectionForm, title="更正身份信息", clause="SR-10.3", button="提出",
    what="只填要更正的项目。县（区）另一人复核、地市审核、省级批准之后更正；原信息密存，准考证重新制发。",
    done="已提出，等待逐级审批。", extra_template="candidates/_correcting.html", about=whom,
    arguments=correction_arguments,
    back=lambda receipt, **url: reverse("candidates:correction", args=[receipt.value.pk]),
)  # fmt: skip
