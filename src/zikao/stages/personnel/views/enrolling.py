"""People chosen for a training course, who came, and their scores."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Bulk, Column, Filter, Link, Table, action, bulk_action, staff_page, table_page
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.states import PersonKind
from zikao.stages.personnel.views import naming


@staff_page(posts=policies.TRAINERS)
def choose_staff(request: HttpRequest, actor: Actor, course_id: int) -> HttpResponse:
    """Who is not on a course yet, to be ticked."""
    found = queries.course_of(actor, course_id)
    table = Table(
        queries.not_on_course(actor, found),
        (
            Column("pk", "编号", "code"),
            Column("name", "姓名"),
            Column("unit", "工作单位", sortable=True),
            Column("kind", "类别", value=lambda p: p.get_kind_display()),
            Column("agency_code", "机构", "code", sortable=True),
        ),
        filters=(
            Filter("unit", "工作单位", lookup="unit__startswith"),
            Filter("name", "姓名", lookup="name__startswith"),
            Filter("kind", "类别", kind="choice", choices=PersonKind.choices),
        ),
        order="unit",
        bulk=[Bulk("安排到这一期", "personnel:enrol-chosen", {"course_id": course_id})],
        empty="没有可以安排的人员。",
    )
    back = Link(found.title, reverse("personnel:course", args=[course_id]))
    return table_page(request, title="挑选培训人员", kicker=found.title, table=table, back=back)


def _people(actor: Actor, keys: Sequence[int]) -> list[str]:
    found = queries.persons_of(actor).in_bulk(list(keys))
    return [str(found[key]) for key in keys if key in found]


def _on_course(actor: Actor, course_id: int) -> dict[str, list[tuple[int, str]]]:
    rows = queries.places_of(queries.course_of(actor, course_id))
    return {"people": [(place.person_id, str(place.person)) for place in rows]}


def _to_be_scored(actor: Actor, course_id: int) -> dict[str, str]:
    rows = queries.places_of(queries.course_of(actor, course_id)).filter(attended=True)
    scores = ((place, "" if place.score is None else f"{place.score.normalize():f}") for place in rows)
    return {"scores": "\n".join(f"{place.person_id},{place.person.name},{score}" for place, score in scores)}


enrol_chosen = bulk_action(
    commands.enrol_staff, title="安排培训人员", argument="person_ids", shown=_people, back="personnel:course",
    clause="EA-A4.2", button="安排", what="把选中的人员排进这一期培训。",
    done=lambda receipt, count: f"已安排 {count} 人。",
)  # fmt: skip
enrol = action(
    commands.enrol_staff, forms.EnrolForm, about=naming.course,
    title="按编号安排培训人员", clause="EA-A4.2", button="安排",
    what="把人员排进这一期培训；已经在名单中的不重复。", done="人员已安排。", back="personnel:course",
)  # fmt: skip
attendance = action(
    commands.record_attendance, forms.AttendanceForm, about=naming.course,
    title="登记到训", clause="EA-A5.1", button="登记",
    what="只勾缺勤的人；考核以前可以重新登记。", done="到训已登记。", back="personnel:course",
    form_options=_on_course,
)  # fmt: skip
scores = action(
    commands.record_scores, forms.ScoresForm, about=naming.course, title="登记考核成绩", clause="EA-10", button="登记",
    what="到训的人员才能登记；没有成绩的不发证。发证以前可以重新登记。", done="成绩已登记。", back="personnel:course",
    initial=_to_be_scored,
)  # fmt: skip
