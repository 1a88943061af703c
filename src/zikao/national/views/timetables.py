"""The centre's timetable issued, and the provinces' filings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
)
from zikao.foundation.pages.parts import Tone
from zikao.foundation.provinces import PROVINCES, node_title, province_name
from zikao.national import policies
from zikao.national.commands.timetables import issue_timetable, send_timetable_again
from zikao.national.forms.timetables import IssueForm, SendAgainForm
from zikao.national.models import IssuedCorrection, IssuedTimetable, TimetableFiling
from zikao.national.queries import timetables as queries
from zikao.national.states import FilingState, IssuedCorrectionState

TONES = {"acknowledged": "done", "returned": "danger"}
DELIVERY: dict[str, tuple[str, Tone]] = {
    "pending": ("待送达", "due"),
    "accepted": ("已接收", "done"),
    "rejected": ("没有接收", "danger"),
}

tell(
    **{
        "national.timetable-issued": "发布全国统考安排",
        "national.timetable-sent-again": "补发全国统考安排",
        "national.timetable-filing-recorded": "收到省级考试安排并答复",
    }
)


def _state(filing: TimetableFiling) -> Pill:
    return Pill.of(filing.state, FilingState, TONES)  # type: ignore[arg-type]


COLUMNS = (
    Column("filed_at", "收到时间", "datetime", sortable=True),
    Column("province", "省份", value=lambda filing: province_name(filing.province)),
    Column("sitting_code", "考次", "code"),
    Column("state", "状态", "pill", value=_state),
    Column("number", "备案号", "code"),
    Column("reason", "退回原因"),
)


@staff_page(posts=policies.READERS)
def filing_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The timetables that provinces have filed."""
    table = Table(
        queries.filings(),
        COLUMNS,
        filters=(
            Filter("province", "省份", kind="choice", choices=list(PROVINCES.items())),
            Filter("sitting_code", "考次"),
            Filter("state", "状态", kind="choice", choices=FilingState.choices),
        ),
        link=lambda filing: reverse("national:filing", args=[filing.pk]),
        order="-filed_at",
        empty="还没有省份报备考试安排。",
    )
    issuing = Action("发布全国统考安排", "national:issue-timetable", posts=policies.OFFICERS)
    return table_page(
        request,
        title="考试安排备案",
        table=table,
        actions=[issuing, Action("统考课程调整", "national:course-notices", posts=policies.READERS)],
        extra_template="national/_issued.html",
        context={"issued": [(one, queries.rows_of(one.body)) for one in queries.issued_timetables()]},
    )


@staff_page(posts=policies.READERS)
def issued_page(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The centre's timetable of a sitting, with its rows."""
    issued = queries.issued_timetable(sitting_code)
    data = queries.current(sitting_code) or queries.rows_of(issued.body)
    provinces = queries.provinces_of(issued)
    corrections = list(queries.corrections_of(issued))
    return object_page(
        request,
        kicker="全国统考安排",
        title=f"{sitting_code} 全国统考安排",
        facts=[
            Fact("发布时间", issued.issued_at, "datetime", clause="EA-22.1"),
            Fact("课程", len(data.slots), "number"),
            *(Fact(f"第{unit.number}单元", unit.in_words) for unit in data.units),
            Fact("首次发布内容摘要", issued.digest[:16], "code", note="SM3，前16位"),
        ],
        steps=_issue_steps(issued, provinces),
        actions=[_correcting(sitting_code, corrections), _copying(sitting_code), _sending(sitting_code)],
        history=f"national.issuedtimetable:{issued.pk}",
        back=Link("考试安排备案", reverse("national:filings")),
        extra_template="national/_issuance.html",
        context={
            "data": data,
            "rows_title": "全国统考课程（现行）" if corrections else "全国统考课程",
            "corrections": corrections,
            "provinces": [_province(row) for row in provinces],
        },
    )


def _correcting(sitting_code: str, corrections: list[IssuedCorrection]) -> Action:
    return Action(
        "更正",
        "national:correct-timetable",
        {"sitting_code": sitting_code},
        "上传改好的安排，先列出每一处改动；发布后发给各省，各省依次接收生效。",
        clause="EA-22.1",
        posts=policies.OFFICERS,
    ).open_if(
        not any(each.state == IssuedCorrectionState.STAGED for each in corrections),
        "已有一份更正还没有发布。",
        "EA-22.1",
    )


def _copying(sitting_code: str) -> Action:
    return Action(
        "下载工作簿",
        "national:issued-workbook",
        {"sitting_code": sitting_code},
        "下载现行的安排，改好后用“更正”上传。",
        posts=policies.OFFICERS,
    )


def _sending(sitting_code: str) -> Action:
    return Action(
        "补发",
        "national:send-timetable",
        {"sitting_code": sitting_code},
        "连同各次更正，依次发给后来接入的、或没有收到的节点；已经接收的不受影响。",
        clause="EA-22.1",
        posts=policies.OFFICERS,
    )


def _issue_steps(issued: IssuedTimetable, rows: list[queries.ProvinceRow]) -> tuple[Step, ...]:
    taken = sum(row.delivery == "accepted" for row in rows)
    filed = sum(row.filing is not None and row.filing.state == FilingState.ACKNOWLEDGED for row in rows)
    return (
        Step("已发布", "past", issued.issued_at),
        Step(f"各省接收 {taken}/{len(rows)}", "past" if taken == len(rows) else "present"),
        Step(
            f"各省备案 {filed}/{len(rows)}",
            "past" if filed == len(rows) else "present" if taken == len(rows) else "future",
        ),
    )


def _province(row: queries.ProvinceRow) -> dict[str, object]:
    label, tone = DELIVERY.get(row.delivery, ("没有发送", "danger"))
    filed = _state(row.filing) if row.filing else Pill("还没有报备", "due")
    return {"name": node_title(row.province), "delivery": Pill(label, tone), "state": filed, "filing": row.filing}


@staff_page(posts=policies.READERS)
def filing_page(request: HttpRequest, actor: Actor, filing_id: int) -> HttpResponse:
    """One filing with its rows."""
    filing = queries.filing(filing_id)
    data = queries.rows_of(filing.body)
    facts = [
        Fact("省份", province_name(filing.province)),
        Fact("考次", filing.sitting_code, "code"),
        Fact("收到时间", filing.filed_at, "datetime"),
        Fact("备案号", filing.number or "—", "code", clause="EA-22.5"),
        Fact("课程", len(data.slots), "number"),
        *_correction_facts(filing),
        Fact("其中全国统考", sum(slot.national for slot in data.slots), "number", clause="EA-22.2"),
        Fact("内容摘要", filing.digest[:16], "code", note="SM3，前16位"),
    ]
    if filing.reason:
        facts.append(Fact("退回原因", filing.reason, clause="EA-22.2"))
    return object_page(
        request,
        kicker="考试安排备案",
        title=f"{province_name(filing.province)} {filing.sitting_code}",
        pill=_state(filing),
        facts=facts,
        steps=steps_of(FilingState, filing.state, path=[filing.state]),
        history=f"national.timetablefiling:{filing.pk}",
        back=Link("考试安排备案", reverse("national:filings")),
        extra_template="national/_filing.html",
        context={"data": data, "rows_title": "报备的考试安排", "changes": queries.changes_in(filing)},
    )


def _correction_facts(filing: TimetableFiling) -> list[Fact]:
    return [Fact("报备的是", "已公布安排的更正"), Fact("更正原因", filing.corrected_for)] if filing.correction else []


send_again = action(
    send_timetable_again,
    SendAgainForm,
    title="补发全国统考安排",
    what="把已经发布的安排再发给所选的节点；已经接收的节点保持原样。",
    clause="EA-22.1",
    button="补发",
    done="已补发。",
    back="national:issued-timetable",
)
issue = action(
    issue_timetable,
    IssueForm,
    title="发布全国统考安排",
    what="把文件中的全国统考课程安排签名发送给所选的省级节点，各省不得另行安排这些课程。",
    clause="EA-22.1",
    button="发布",
    done="全国统考安排已发布。",
    arguments=lambda data: {"data": data["timetable"].national_only, "to": data["to"]},
    back="national:filings",
)
