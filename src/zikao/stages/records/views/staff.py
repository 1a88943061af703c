"""Record staff's pages: the list, one record, who is still without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Asked,
    Bulk,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    bulk_action,
    exportable,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.portraits import masked as masked_portrait
from zikao.stages.candidates.queries import integrity_file, masked
from zikao.stages.records import commands, policies, queries
from zikao.stages.records.models import Record
from zikao.stages.records.sections import sections_about
from zikao.stages.records.states import RecordState
from zikao.stages.records.views.bar import bar_of
from zikao.stages.results.queries import published_scores

TONES: Mapping[str, Any] = {"held": "done", "transferred": "plain", "graduated": "info"}
PATH = (RecordState.HELD, RecordState.GRADUATED)


@exportable("records.records", "考籍档案", posts=policies.READERS)
def record_table(actor: Actor) -> Table:
    """The records of the actor's subtree."""
    return Table(
        queries.records(actor),
        (
            Column("candidate.admission_number", "准考证号", "code", sortable=True, personal=True),
            Column("candidate.name", "姓名", personal=True),
            Column("candidate.major", "专业", value=lambda row: str(row.candidate.major)),
            Column("passes", "合格门数", "number"),
            Column("opened_at", "建档时间", "datetime", sortable=True),
            Column("state", "在籍状态", "pill", value=lambda row: Pill.of(row.state, RecordState, TONES)),
        ),
        filters=(
            Filter("number", "准考证号", lookup="candidate__admission_number__startswith"),
            Filter("name", "姓名", lookup="candidate__name__startswith"),
            Filter("state", "在籍状态", "choice", RecordState.choices),
        ),
        link=lambda row: reverse("records:record", args=[row.pk]),
        order="candidate.admission_number",
        empty="还没有考籍档案。考生有一门课程合格并公布后，就可以建档。",
    )


@staff_page(posts=policies.READERS)
def record_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The records of the actor's subtree."""
    acts = [Action("待建档的考生", "records:waiting"), Action("全部建档", "records:open-all")]
    return table_page(request, title="考籍档案", table=record_table(actor), actions=acts)


@staff_page(posts=policies.READERS)
def record(request: HttpRequest, actor: Actor, record_id: int) -> HttpResponse:
    """One record with everything in it (SR-9)."""
    held = queries.record(actor, record_id)
    today = clock.today()
    progress = queries.progress_of(held.candidate, today)
    return object_page(
        request,
        kicker="考籍档案",
        title=f"{held.candidate.name}　{held.candidate.admission_number}",
        pill=Pill.of(held.state, RecordState, TONES),
        back=Link("考籍档案", reverse("records:list")),
        facts=_facts(held),
        steps=steps_of(RecordState, held.state, path=PATH, reached={RecordState.HELD: held.opened_at}),
        actions=_actions(held),
        history=f"records.record:{held.pk}",
        extra_template="records/_record.html",
        context={
            "progress": progress,
            "bar": bar_of(progress) if progress else None,
            "passage": queries.passage_of(held.candidate, progress, today) if progress else None,
            "stand_ins": queries.stand_ins(progress) if progress else [],
            "scores": _scores(held, progress),
            "certificates": queries.certificates_of(held),
        },
    )


def _facts(held: Record) -> dict[str, list[Fact]]:
    picture = reverse("records:portrait", args=[held.pk])
    return {
        "考生基本情况": [
            *(
                [Fact("照片", picture, "image", note="已遮蔽，写明事由后可在考生页面看原图")]
                if held.candidate.portrait
                else []
            ),
            *basics_of(held),
        ],
        "考试信息": sittings_of(held),
        "奖惩记录": conduct_of(held),
        **sections_about(held.candidate_id),
        "查阅登记": _consulted(held),
    }


def basics_of(held: Record) -> list[Fact]:
    """Who the candidate is; identifiers masked."""
    person = held.candidate
    return [
        Fact("姓名", person.name),
        Fact("性别", person.get_sex_display()),
        Fact("出生日期", person.born_on, "date"),
        Fact("身份证件号码", masked(person).id_number, "code"),
        Fact("准考证号", person.admission_number, "code", clause="EA-14"),
        Fact("专业", str(person.major)),
        Fact("首次报考", str(person.first_sitting)),
        Fact("建档依据", str(held.opened_by_score.course), clause="SR-8.2"),
    ]


def conduct_of(held: Record) -> list[Fact]:
    """Rewards and violations."""
    return [
        Fact(each.get_kind_display(), f"{each.text}（{each.code}）", clause="EA-26.1")
        for each in integrity_file(held.candidate)
    ] or [Fact("记录", "没有记录")]


def sittings_of(held: Record) -> list[Fact]:
    """The sittings in which the candidate had a seat."""
    return [
        Fact(each.label, f"编排 {each.seats} 科，到考 {each.present} 科", note=f"采集笔迹 {each.handwriting} 科")
        for each in queries.sittings_of(held.candidate_id)
    ] or [Fact("参加考试", "本系统中还没有编排过考试")]


def _consulted(held: Record) -> list[Fact]:
    return [
        Fact(
            f"第 {each.pk} 号",
            f"{each.reader_unit} {each.reader_name}",
            "link",
            href=reverse("records:consultation", args=[each.pk]),
            note=each.get_state_display(),
        )
        for each in queries.consultations_of(held)[:10]
    ] or [Fact("查阅", "没有人申请查阅过", clause="SR-10.4")]


def _scores(held: Record, progress: queries.Progress | None) -> list[dict[str, Any]]:
    points = {course.code: course.credits for course in progress.fact.courses} if progress else {}
    issued = {each.score_id: each for each in queries.certificates_of(held)}
    return [
        {"score": score, "credits": points.get(score.course.code), "certificate": issued.get(score.pk)}
        for score in published_scores(held.candidate_id)
    ]


def _actions(held: Record) -> list[Action]:
    person = {"candidate_id": held.candidate_id}
    return [
        Action("全部成绩与版本", "results:candidate", person, "包括未公布的和已更正的，注明来源。", clause="SR-11"),
        Action("考生注册信息", "candidates:candidate", person, "报名注册、准考证和诚信承诺。"),
        Action(
            "登记查阅申请",
            "records:consult",
            {},
            "外单位或其他岗位的人要看这份档案，先经分管负责人批准。",
            clause="SR-10.4",
        ),
    ]


@staff_page(posts=policies.READERS)
def portrait(request: HttpRequest, actor: Actor, record_id: int) -> HttpResponse:
    """The portrait, so coarse that nobody is known by it: in full on the candidate's page, with a reason."""
    held = queries.record(actor, record_id)
    if not held.candidate.portrait:
        raise NotFound("portrait-not-found", message="没有采集照片。")
    picture = masked_portrait(storage.get(held.candidate.portrait))
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@staff_page(posts=policies.READERS)
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Candidates who have passed a course and have no record."""
    table: Table = Table(
        queries.without_record(actor).select_related("major"),
        (
            Column("admission_number", "准考证号", "code", sortable=True),
            Column("name", "姓名"),
            Column("major", "专业", value=lambda row: str(row.major)),
        ),
        order="admission_number",
        empty="有合格课程的考生都已建档。",
        row_actions=_row_actions,
        bulk=[Bulk("为选中的考生建档", "records:open-chosen")],
    )
    acts = [Action("全部建档", "records:open-all")]
    back = Link("考籍档案", reverse("records:list"))
    return table_page(request, title="待建档的考生", table=table, actions=acts, back=back)


def _lines(actor: Actor, keys: Sequence[int]) -> list[str]:
    rows = queries.without_record(actor).filter(pk__in=keys).in_bulk()
    return [f"{row.admission_number}　{row.name}" for row in (rows[key] for key in keys if key in rows)]


def _row_actions(row: Candidate) -> list[Action]:
    return [Action("建档", "records:open", {"candidate_id": row.pk})]


open_record = action(
    commands.open_record, title="建立考籍档案", what="考生有一门以上课程合格，为其建立考籍档案，永久保存。",
    clause="SR-8.2", button="建档", done="考籍档案已建立。",
    back=lambda receipt, **kwargs: reverse("records:record", args=[int(receipt.subject.partition(":")[2])]),
)  # fmt: skip
open_all = action(
    commands.open_records, title="为全部合格考生建档", what="为本机构辖区内有合格课程而没有考籍档案的考生一次建档。",
    clause="SR-8.2", button="全部建档", done=lambda receipt: f"已为 {receipt.value:,} 名考生建立考籍档案。",
    back="records:list",
)  # fmt: skip


open_chosen = bulk_action(
    commands.open_chosen_records,
    title="为选中的考生建档",
    argument="candidate_ids",
    shown=_lines,
    back="records:waiting",
    what="为选中的考生建立考籍档案，永久保存；有一名不符合，就都不建。",
    clause="SR-8.2",
    button="建档",
    done=lambda receipt, count: f"已为 {count:,} 名考生建立考籍档案。",
)


@waits_for(policies.READERS, "待建立考籍档案的考生", "SR-8.2", stage="records")
def to_open(actor: Actor) -> Asked:
    """Candidates without a record who have passed a course."""
    rows = queries.without_record(actor)
    yield rows
    return Waiting(rows.count(), reverse("records:waiting"))
