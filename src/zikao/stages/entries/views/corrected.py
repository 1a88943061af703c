"""What a correction of the timetable did to entries: the list for staff, and whom to tell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Filter,
    Item,
    Link,
    Pill,
    Table,
    Waiting,
    exportable,
    few,
    staff_page,
    table_page,
    waits_for,
)
from zikao.stages.entries import policies, queries
from zikao.stages.entries.models import Entry
from zikao.stages.entries.states import EntryState

TONES = {"entered": "due", "paid": "done"}
INTRO = (
    "考试安排更正后考试时间改动的报考。与另一门课程冲突的考生，名册封存之前须退报其中一门（全额退费）；"
    "到时没有处理的，改动的一门退报。"
)


def _clash(row: Entry) -> Pill:
    return Pill("冲突，须退报一门", "danger") if row.clashing else Pill("没有冲突", "done")


def _row_actions(row: Entry) -> list[Action]:
    return [Action("退报", "entries:withdraw", {"entry_id": row.pk}, posts=policies.COUNTER)]


@exportable("entries.corrected", "考试安排更正涉及的报考", posts=policies.READERS)
def corrected_table(actor: Actor) -> Table:
    """The standing entries whose time was corrected, in the actor's subtree; those that clash can be picked out."""
    return Table(
        queries.corrected_entries(actor),
        (
            Column("candidate.admission_number", "准考证号", "code", sortable=True, personal=True),
            Column("candidate.name", "姓名", personal=True),
            Column("sitting.code", "考次", "code"),
            Column("paper.course.code", "课程代码", "code"),
            Column("paper.course.name", "课程"),
            Column("was_at", "更正前"),
            Column("unit.number", "现单元", "number"),
            Column("unit.starts_at", "现考试时间", "datetime"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, EntryState, TONES)),  # type: ignore[arg-type]
            Column("clashing", "冲突", "pill", value=_clash),
        ),
        filters=(
            Filter("sitting", "考次", lookup="sitting__code", placeholder="2026-10"),
            Filter("number", "准考证号", lookup="candidate__admission_number__startswith"),
            Filter("course", "课程代码", lookup="paper__course__code"),
            Filter("clashing", "冲突", "choice", (("True", "冲突，须退报一门"), ("False", "没有冲突"))),
        ),
        link=lambda row: reverse("candidates:candidate", args=[row.candidate_id]),
        empty="没有因考试安排更正而改动的报考。",
        row_actions=_row_actions,
    )


@staff_page(posts=policies.READERS)
def corrected_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The entries that a correction touched."""
    back = Link("报考", reverse("entries:overview"))
    return table_page(request, title="考试安排更正涉及的报考", intro=INTRO, table=corrected_table(actor), back=back)


@waits_for(policies.COUNTER, "考试安排更正后时间冲突，须通知考生", "EA-22.1", stage="entries")
def clashes_to_tell(actor: Actor) -> Asked:
    """Candidates whose courses clash since a correction, while there is still something to be done."""
    rows = queries.clashing_entries(actor)
    yield rows
    count, first = few(rows)
    items = tuple(
        Item(row.candidate.admission_number, reverse("candidates:candidate", args=[row.candidate_id])) for row in first
    )
    return Waiting(count, url=f"{reverse('entries:corrected')}?clashing=True", items=items)
