"""The centre corrects its timetable: the difference looked at, issued to all, and who has taken it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.pages import Action, Fact, Link, Pill, action, object_page, staff_page, steps_of, tell
from zikao.foundation.provinces import node_title
from zikao.national import policies
from zikao.national.commands import timetables as commands
from zikao.national.forms.timetables import ApplyForm, CorrectionForm
from zikao.national.models import IssuedCorrection
from zikao.national.queries import timetables as queries
from zikao.national.states import IssuedCorrectionState
from zikao.national.views.timetables import DELIVERY
from zikao.stages.programmes.forms.timetable_file import write_timetable_sheet
from zikao.stages.programmes.views.workbooks import workbook_of

TONES = {"staged": "due", "issued": "done", "dropped": "plain"}
tell(
    **{
        "national.correction-staged": "预演全国统考安排更正",
        "national.correction-issued": "发布全国统考安排更正",
        "national.correction-dropped": "放弃全国统考安排更正",
    }
)


@staff_page(posts=policies.OFFICERS)
def workbook(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The timetable as it is now, as a workbook."""
    issued = queries.issued_timetable(sitting_code)
    data = queries.current(sitting_code) or queries.rows_of(issued.body)
    return workbook_of(write_timetable_sheet(data), f"national-{sitting_code}")


@staff_page(posts=policies.READERS)
def correction_page(request: HttpRequest, actor: Actor, correction_id: int) -> HttpResponse:
    """One correction: what it changes, and which provinces have taken it."""
    found = queries.correction(correction_id)
    code = found.issued.sitting_code
    path = ["staged", "dropped" if found.state == IssuedCorrectionState.DROPPED else "issued"]
    return object_page(
        request,
        kicker="全国统考安排更正",
        title=f"{code} 全国统考安排第{found.number}号更正",
        pill=Pill.of(found.state, IssuedCorrectionState, TONES),  # type: ignore[arg-type]
        facts=[
            Fact("更正原因", found.reason, clause="EA-22.1"),
            Fact("改动", len(found.changes), "number"),
            Fact("内容摘要", found.digest[:16], "code", note="SM3，前16位；发布时核对"),
        ],
        steps=steps_of(IssuedCorrectionState, found.state, path=path),
        actions=_actions(found),
        history=f"national.issuedcorrection:{found.pk}",
        back=Link("全国统考安排", reverse("national:issued-timetable", args=[code])),
        extra_template="national/_corrected.html",
        context={"changes": queries.changes_in(found), "delivered": _delivered(found)},
    )


def _actions(found: IssuedCorrection) -> list[Action]:
    here, waiting = {"correction_id": found.pk}, found.state == IssuedCorrectionState.STAGED
    why = f"这份更正{found.get_state_display()}。"
    issuing = Action(
        "发布更正", "national:issue-correction", here, "签名发送给各省，各省依次接收生效。", clause="EA-22.1"
    )
    dropping = Action("放弃", "national:drop-correction", here, "不更正，原安排不变。")
    printing = Action("更正通知", "national:correction-notice", here, "打印或下载这份更正的通知（PDF）。")
    return [
        issuing.open_if(waiting, why),
        dropping.open_if(waiting, why),
        printing.open_if(found.state == IssuedCorrectionState.ISSUED, "发布之后才有通知。"),
    ]


def _delivered(found: IssuedCorrection) -> list[dict[str, object]]:
    rows = queries.delivery_of(found) if found.state == IssuedCorrectionState.ISSUED else []
    return [
        {"name": node_title(row.node), "delivery": Pill(*DELIVERY[row.state]), "trouble": row.trouble} for row in rows
    ]


@staff_page(posts=policies.READERS)
def notice(request: HttpRequest, actor: Actor, correction_id: int) -> HttpResponse:
    """The notice of a correction as PDF."""
    found = queries.correction(correction_id)
    name = f"correction-{found.issued.sitting_code}-{found.number}"
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    paper = render_document("programmes/correction.typ", queries.notice_of(found))
    return HttpResponse(paper, content_type=media_type, headers=headers)


def _shown(actor: Actor, correction_id: int) -> dict[str, Any]:
    return {"digest": queries.correction(correction_id).digest}


correct = action(
    commands.stage_correction,
    CorrectionForm,
    title="更正全国统考安排",
    what="上传改好的整份安排（从安排页“下载工作簿”取得现行的安排再改）。先列出每一处改动，此时什么也不发送；核对后再发布。",
    clause="EA-22.1",
    button="预演",
    done="已列出改动，请核对后发布。",
    arguments=lambda data: {"data": data["timetable"].national_only, "reason": data["reason"]},
    back=lambda receipt, **_: reverse("national:timetable-correction", args=[receipt.value.pk]),
)
issue = action(
    commands.issue_correction,
    ApplyForm,
    title="发布全国统考安排更正",
    what="更正签名发送给全部节点。各省收到即生效：已公布的出新版，报考随之改动；名册已封存而且列有所涉课程的省不接收，并说明原因。",
    clause="EA-22.1",
    button="发布",
    done="更正已发布。",
    initial=_shown,
    back="national:timetable-correction",
)
drop = action(
    commands.drop_correction,
    title="放弃更正",
    what="这份更正不发布，原安排不变。",
    button="放弃",
    done="已放弃。",
    back="national:timetable-correction",
)
