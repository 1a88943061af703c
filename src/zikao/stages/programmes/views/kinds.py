"""Courses that became national, or no longer are, as the centre said."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Column, Filter, Link, Pill, Table, staff_page, table_page, tell
from zikao.stages.programmes import policies, queries
from zikao.stages.programmes.models import CourseKind

INTRO = "课程是否全国统考由教育部考试中心确定，自所定日期之后的考次起适用；此前的考次、已报备和公布的考试安排不变。"
tell(**{"programmes.course-kind-taken": "收到统考课程调整"})


def _becomes(row: CourseKind) -> Pill:
    return Pill("列为全国统考", "info") if row.national else Pill("不再全国统考", "plain")


@staff_page(posts=policies.VIEWERS)
def kind_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the centre said of courses, the newest first."""
    table = Table(
        queries.course_kinds(),
        (
            Column("since", "起", "date", sortable=True),
            Column("course.code", "课程代码", "code"),
            Column("course.name", "课程"),
            Column("national", "调整", "pill", value=_becomes),
            Column("document", "文号"),
            Column("received_at", "收到时间", "datetime"),
        ),
        filters=(Filter("course", "课程代码", lookup="course__code"),),
        order="-since",
        empty="教育部考试中心还没有发来统考课程的调整。",
    )
    back = Link("专业考试计划", reverse("programmes:plans"))
    return table_page(request, title="统考课程调整", intro=INTRO, table=table, back=back)
