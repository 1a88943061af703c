"""Sittings and their timetables: draft, filing with the centre, publication; the public grid."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Item,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    few,
    object_page,
    public_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    waits_for,
)
from zikao.stages.programmes import commands, policies, queries
from zikao.stages.programmes.forms.actions import SittingForm, TimetableForm
from zikao.stages.programmes.forms.timetable_file import write_timetable_sheet
from zikao.stages.programmes.models import Sitting, Timetable
from zikao.stages.programmes.states import NationalState, TimetableState
from zikao.stages.programmes.views.workbooks import workbook_of

TONES = {"drafted": "plain", "filed": "due", "acknowledged": "info", "published": "done"}

tell(
    **{
        "programmes.sitting-opened": "设立考次",
        "programmes.units-defined": "设定考试单元",
        "programmes.national-timetable-taken-over": "接收全国统考安排",
        "programmes.timetable-drafted": "拟定考试安排",
        "programmes.timetable-filed": "报教育部考试中心备案",
        "programmes.timetable-acknowledged": "收到备案号",
        "programmes.timetable-returned": "教育部考试中心退回",
        "programmes.timetable-published": "公布考试安排",
    }
)


def _state(sitting: Sitting) -> Pill:
    timetable = queries.drafted_timetable(sitting)
    if timetable is None:
        return Pill("还没有安排")
    return Pill.of(timetable.state, TimetableState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.VIEWERS)
def sitting_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All sittings with the state of their timetable."""
    table = Table(
        queries.sittings(),
        (
            Column("code", "考次", "code", sortable=True),
            Column("digit", "准考证考次号", "number"),
            Column("unit_count", "考试单元", "number"),
            Column("paper_count", "课程", "number"),
            Column("state", "考试安排", "pill", value=_state),
        ),
        link=lambda sitting: reverse("programmes:sitting", args=[sitting.code]),
        order="-code",
        empty="还没有设立考次。",
    )
    actions = [
        Action("设立考次", "programmes:open-sitting", posts=policies.SITTING_OPENERS),
        Action("拟定考试安排", "programmes:draft", posts=policies.TIMETABLE_DRAFTERS),
    ]
    return table_page(request, title="考次与考试安排", table=table, actions=actions)


@staff_page(posts=policies.VIEWERS)
def sitting_page(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """One sitting: its timetable's facts, steps, actions, history and grid."""
    sitting = queries.sitting(sitting_code)
    timetable = queries.drafted_timetable(sitting)
    subject = f"programmes.timetable:{timetable.pk}" if timetable else f"programmes.sitting:{sitting.pk}"
    return object_page(
        request,
        kicker="考次与考试安排",
        title=str(sitting),
        pill=_state(sitting),
        facts=_facts(sitting, timetable),
        steps=_steps(timetable),
        actions=_actions(sitting, timetable),
        history=subject,
        back=Link("考次", reverse("programmes:sittings")),
        extra_template="programmes/_timetable.html",
        context={
            "units": queries.units_of(sitting),
            "grid": queries.timetable_grid(sitting),
            "editions": queries.editions_of(sitting).select_related("sitting"),
            "corrections": queries.corrections_of(sitting),
            "waiting": queries.national_editions_of(sitting.code).filter(state=NationalState.WAITING),
        },
    )


@staff_page(posts=policies.TIMETABLE_DRAFTERS)
def workbook(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The timetable as a workbook, the centre's courses in it: to be filled in and brought in again."""
    data = queries.timetable_data(queries.sitting(sitting_code), whole=True)
    return workbook_of(write_timetable_sheet(data), f"timetable-{data.sitting_code}")


def _facts(sitting: Sitting, timetable: Timetable | None) -> list[Fact]:
    papers = queries.papers_of(sitting)
    facts = [
        Fact("考次", sitting.code, "code"),
        Fact("准考证考次号", sitting.digit, "number", clause="EA-14"),
        Fact("考试单元", sitting.units.count(), "number"),
        Fact("课程", papers.count(), "number"),
        Fact("其中全国统考", papers.filter(national=True).count(), "number", clause="EA-22.1"),
    ]
    if timetable is not None:
        facts += [
            Fact("备案号", timetable.filing_number or "—", "code", clause="EA-22.5"),
            Fact("报备内容摘要", timetable.digest[:16] or "—", "code", note="SM3，前16位"),
        ]
        if timetable.returned_reason:
            facts.append(Fact("须重新拟定", timetable.returned_reason))
    return facts


def _steps(timetable: Timetable | None) -> tuple[Step, ...]:
    if timetable is None:
        return ()
    times = {
        "drafted": timetable.drafted_at,
        "filed": timetable.filed_at,
        "acknowledged": timetable.acknowledged_at,
        "published": timetable.published_at,
    }
    reached = {state: at for state, at in times.items() if at is not None}
    return steps_of(TimetableState, timetable.state, reached=reached)


def _actions(sitting: Sitting, timetable: Timetable | None) -> list[Action]:
    state = timetable.state if timetable else None
    drafting = Action(
        "拟定考试安排",
        "programmes:draft",
        {},
        "用文件导入省级课程和各专业的安排，替换原来的草稿。",
        clause="EA-22.2",
        posts=policies.TIMETABLE_DRAFTERS,
    ).open_if(state in (None, TimetableState.DRAFTED), "考试安排已报备案，不能再改。", "EA-22.5")
    filing = Action(
        "报备案",
        "programmes:file",
        {"sitting_code": sitting.code},
        "把考试安排签名发送给教育部考试中心备案。",
        clause="EA-22.5",
        posts=policies.TIMETABLE_FILERS,
    ).open_if(state == TimetableState.DRAFTED, "没有待报备案的考试安排。", "EA-22.5")
    checking = Action(
        "核对时间冲突",
        "programmes:clashes",
        {"sitting_code": sitting.code},
        "按专业列出排在同一单元的课程和涉及的考生，并可以生成冲突最少的建议。",
        posts=policies.VIEWERS,
    ).open_if(timetable is not None, "还没有拟定考试安排。")
    return [checking, _copying(sitting), drafting, filing, _publishing(sitting, timetable), _correcting(sitting, state)]


def _correcting(sitting: Sitting, state: str | None) -> Action:
    return Action(
        "更正考试安排",
        "programmes:correct",
        {"sitting_code": sitting.code},
        "上传改好的安排，先列出改动和涉及的考生；报备案后公布，原安排保留备查。",
        clause="EA-22.5",
        posts=policies.TIMETABLE_DRAFTERS,
    ).open_if(state == TimetableState.PUBLISHED, "考试安排还没有公布，不用更正。", "EA-22.5")


def _copying(sitting: Sitting) -> Action:
    return Action(
        "下载工作簿",
        "programmes:timetable-workbook",
        {"sitting_code": sitting.code},
        "下载现有的安排（含全国统考课程），在表格软件里填写后，用“拟定考试安排”导入；已公布的，用“更正考试安排”上传。",
        posts=policies.TIMETABLE_DRAFTERS,
    )


def _publishing(sitting: Sitting, timetable: Timetable | None) -> Action:
    publishing = Action(
        "公布考试安排",
        "programmes:publish",
        {"sitting_code": sitting.code},
        "向社会公布，考生据此报考；公布后只能更正，更正须先报备案。",
        clause="EA-22.5",
        posts=policies.TIMETABLE_FILERS,
    )
    if timetable is None:
        return publishing.open_if(False, "还没有拟定考试安排。", "EA-22.5")
    published = timetable.state == TimetableState.PUBLISHED
    return publishing.given(queries.publication(timetable, clock.now())).open_if(not published, "考试安排已经公布。")


@public_page
def timetable(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The published timetable of a sitting by major, as a grid; one major alone as a list."""
    sittings = queries.published_sittings()
    asked = request.GET.get("sitting", "")
    sitting = next((each for each in sittings if each.code == asked), sittings[0] if sittings else None)
    grid = queries.timetable_grid(sitting) if sitting else []
    chosen = request.GET.get("major", "")
    context = {
        "sittings": sittings,
        "sitting": sitting,
        "units": list(queries.units_of(sitting)) if sitting else [],
        "grid": [row for row in grid if chosen in ("", row.major.code)],
        "majors": [row.major for row in grid],
        "chosen": chosen,
        "editions": list(queries.editions_of(sitting)) if sitting else [],
    }
    return render(request, "programmes/timetable.html", context)


open_sitting = action(
    commands.open_sitting,
    SittingForm,
    title="设立考次",
    what="设立一个考次；4月、10月为全国统考月份，1月、7月只安排省级命题课程。",
    clause="EA-22.1",
    done="考次已设立。",
    back=lambda receipt: reverse("programmes:sitting", args=[receipt.value.code]),
)
draft = action(
    commands.draft_timetable,
    TimetableForm,
    title="拟定考试安排",
    what="导入省级课程和各专业的安排，替换原来的草稿；文件的样子见考次页的“下载工作簿”。全国统考课程按教育部考试中心的时间，不能另行安排。",
    clause="EA-22.2",
    done="考试安排已拟定。",
    arguments=lambda data: {"data": data["timetable"]},
    back=lambda receipt: reverse("programmes:sitting", args=[receipt.value.sitting.code]),
)
file_timetable = action(
    commands.file_timetable,
    title="报备案",
    what="把考试安排签名发送给教育部考试中心备案；收到备案号之前不能公布，也不能再改。",
    clause="EA-22.5",
    button="报备案",
    done="已报备案，等待教育部考试中心回复。",
    back="programmes:sitting",
)
publish = action(
    commands.publish_timetable,
    title="公布考试安排",
    what="向社会公布考试安排，考生据此报考；公布后只能更正，更正须先报备案。",
    clause="EA-22.5",
    button="公布",
    done="考试安排已公布。",
    back="programmes:sitting",
)


@waits_for(policies.TIMETABLE_FILERS, "待报备案或公布的考试安排", "EA-22.5", stage="programmes")
def timetables_to_move(actor: Actor) -> Asked:
    """Timetables that wait for being filed or published."""
    rows = queries.timetables_to_move()
    yield rows
    count, first = few(rows)
    items = tuple(
        Item(f"{row.sitting} {row.get_state_display()}", reverse("programmes:sitting", args=[row.sitting.code]))
        for row in first
    )
    return Waiting(count, url=reverse("programmes:sittings"), items=items)
