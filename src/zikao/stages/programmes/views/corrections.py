"""A published timetable corrected: the difference looked at, filed, published; the editions that the public reads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Asked,
    Fact,
    Item,
    Link,
    Pill,
    Waiting,
    action,
    few,
    object_page,
    public_page,
    staff_page,
    steps_of,
    tell,
    waits_for,
)
from zikao.foundation.regulation import Decision
from zikao.stages.programmes import commands, policies, queries, rules
from zikao.stages.programmes.forms.actions import CorrectionForm
from zikao.stages.programmes.models import TimetableCorrection
from zikao.stages.programmes.states import CorrectionState, TimetableData

TONES = {"staged": "due", "filed": "due", "acknowledged": "info", "published": "done", "returned": "danger"}
ENDS = (CorrectionState.RETURNED, CorrectionState.DROPPED)
tell(
    **{
        "programmes.national-correction-taken": "收到全国统考安排更正",
        "programmes.correction-staged": "预演考试安排更正",
        "programmes.correction-filed": "更正报教育部考试中心备案",
        "programmes.correction-answered": "收到更正的备案答复",
        "programmes.correction-published": "公布考试安排更正",
        "programmes.correction-dropped": "放弃更正",
    }
)


@staff_page(posts=policies.VIEWERS)
def correction_page(request: HttpRequest, actor: Actor, correction_id: int) -> HttpResponse:
    """One correction: what it changes, whom it touches, and how far it has come."""
    found = queries.correction(correction_id)
    path = ["staged", "filed", *(["acknowledged", "published"] if found.state not in ENDS else [found.state])]
    return object_page(
        request,
        kicker="考试安排更正",
        title=f"{found.sitting} 考试安排更正",
        pill=Pill.of(found.state, CorrectionState, TONES),  # type: ignore[arg-type]
        facts={"更正": _facts(found), **_touched(found)},
        steps=steps_of(CorrectionState, found.state, path=path),
        actions=_actions(found),
        history=f"programmes.timetablecorrection:{found.pk}",
        back=Link(str(found.sitting), reverse("programmes:sitting", args=[found.sitting.code])),
        extra_template="programmes/_correction.html",
        context={"changes": queries.changes_in(found)},
    )


def _facts(found: TimetableCorrection) -> list[Fact]:
    facts = [
        Fact("更正原因", found.reason),
        Fact("改动", len(found.changes), "number"),
        Fact("备案号", found.filing_number or "—", "code", clause="EA-22.5"),
        Fact("内容摘要", found.digest[:16], "code", note="SM3，前16位"),
    ]
    return [*facts, Fact("退回原因", found.answer)] if found.answer else facts


def _touched(found: TimetableCorrection) -> dict[str, list[Fact]]:
    """Whom it would touch now; what it did stands with the edition."""
    if found.ended_at is not None:
        return {}
    ahead = commands.foreseen_by(found.sitting, TimetableData.of_body(found.body))
    return {
        "公布后对已报考科次的影响": [
            Fact("考试时间改动", ahead.retimed, "number", note="报考保留，考生页面有提示；可以退报，全额退费"),
            Fact("与另一门课程冲突的考生", ahead.clashing, "number", note="须在名册封存前退报一门"),
            Fact("退报并全额退费", ahead.withdrawn, "number", note="取消的课程"),
            Fact("已列入封存名册", ahead.listed, "number", clause="EA-16", note="有则不能更正"),
        ]
    }


def _actions(found: TimetableCorrection) -> list[Action]:
    here, state = {"correction_id": found.pk}, found.state
    why = f"这份更正{found.get_state_display()}。"
    filed: Decision = rules.PUBLICATION(on=clock.today(), acknowledged=bool(found.filing_number))
    return [
        Action("报备案", "programmes:file-correction", here, "把更正签名发送给教育部考试中心备案。", clause="EA-22.5")
        .open_if(state == CorrectionState.STAGED, why, "EA-22.5"),
        Action("公布更正", "programmes:publish-correction", here,
               "更正生效，公布新的一版；报考随之改动，取消的课程退报并全额退费。", clause="EA-22.5", danger=True)
        .given(filed).open_if(state == CorrectionState.ACKNOWLEDGED, why, "EA-22.5"),
        Action("放弃", "programmes:drop-correction", here, "不更正，考试安排不变。")
        .open_if(state in (CorrectionState.STAGED, CorrectionState.ACKNOWLEDGED), why),
    ]  # fmt: skip


@public_page
def edition(request: HttpRequest, actor: Actor | None, sitting_code: str, number: int) -> HttpResponse:
    """One edition of a published timetable as it was, with what it changed."""
    found = queries.edition(sitting_code, number)
    data = TimetableData.of_body(found.body)
    context = {
        "edition": found,
        "is_current": not queries.editions_of(found.sitting).filter(number__gt=number).exists(),
        "changes": queries.changes_in(found),
        "units": [(unit, [s for s in data.slots if s.unit_number == unit.number]) for unit in data.units],
    }
    return render(request, "programmes/edition.html", context)


@public_page
def notice(request: HttpRequest, actor: Actor | None, sitting_code: str, number: int) -> HttpResponse:
    """The notice of a correction as PDF."""
    found = queries.edition(sitting_code, number)
    if not found.changes:
        raise NotFound("no-correction", message="首次公布的安排没有更正通知。")
    headers = {"Content-Disposition": f'inline; filename="correction-{sitting_code}-{number}.pdf"'}
    paper = render_document("programmes/correction.typ", queries.notice_of(found))
    return HttpResponse(paper, content_type=media_type, headers=headers)


correct = action(
    commands.stage_correction,
    CorrectionForm,
    title="更正考试安排",
    what="上传改好的整份安排（从考次页“下载工作簿”取得现行的安排再改）。先列出每一处改动和涉及的考生，此时不改动任何安排；"
    "核对后报备案，备案后公布才生效。全国统考课程的更正由教育部考试中心发布，自动接收。",
    clause="EA-22.5",
    button="预演",
    done="已列出改动，请核对后报备案。",
    arguments=lambda data: {"data": data["timetable"], "reason": data["reason"]},
    back=lambda receipt, **_: reverse("programmes:correction", args=[receipt.value.pk]),
)
file_correction = action(
    commands.file_correction,
    title="更正报备案",
    what="把更正签名发送给教育部考试中心备案；收到备案号之后才能公布生效。",
    clause="EA-22.5",
    button="报备案",
    done="已报备案，等待教育部考试中心回复。",
    back="programmes:correction",
)
publish_correction = action(
    commands.publish_correction,
    title="公布更正",
    danger=True,
    what="更正立即生效，公布新的一版，原来的一版保留备查。改动考试时间的课程，报考保留并提示考生；取消的课程退报，全额退费。",
    clause="EA-22.5",
    button="公布",
    done="更正已公布生效。",
    back="programmes:correction",
)
drop_correction = action(
    commands.drop_correction,
    title="放弃更正",
    what="这份更正不再办理，考试安排不变。",
    button="放弃",
    done="已放弃。",
    back="programmes:correction",
)


@waits_for(policies.TIMETABLE_FILERS, "待报备案或公布的考试安排更正", "EA-22.5", stage="programmes")
def corrections_to_move(actor: Actor) -> Asked:
    """Corrections that wait for being filed or published."""
    rows = queries.corrections_to_move()
    yield rows
    count, first = few(rows)
    items = tuple(
        Item(f"{row.sitting} {row.get_state_display()}", reverse("programmes:correction", args=[row.pk]))
        for row in first
    )
    return Waiting(count, url=reverse("programmes:sittings"), items=items)
