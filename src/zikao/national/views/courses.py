"""What the centre says of courses: national from a day on, or no longer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Column, Filter, Link, Pill, Table, action, staff_page, table_page, tell
from zikao.national import policies
from zikao.national.commands import courses as commands
from zikao.national.forms.timetables import CourseKindForm
from zikao.national.models import CourseNotice
from zikao.national.queries import courses as queries

INTRO = (
    "未经教育部考试中心批准，各省不得另行安排统考课程。课程列为统考或不再统考，自所定日期之后的考次起适用，此前的不变。"
)
tell(**{"national.course-kind-announced": "发布统考课程调整"})


def _becomes(row: CourseNotice) -> Pill:
    return Pill("列为全国统考", "info") if row.national else Pill("不再全国统考", "plain")


@staff_page(posts=policies.READERS)
def notice_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that the centre said of courses."""
    table = Table(
        queries.notices(),
        (
            Column("announced_at", "发布时间", "datetime", sortable=True),
            Column("course_code", "课程代码", "code"),
            Column("course_name", "课程"),
            Column("national", "调整", "pill", value=_becomes),
            Column("since", "起", "date", sortable=True),
            Column("document", "文号"),
        ),
        filters=(Filter("course_code", "课程代码"),),
        order="-announced_at",
        empty="还没有发布过统考课程的调整。",
    )
    announcing = Action("发布统考课程调整", "national:announce-course-kind", posts=policies.OFFICERS)
    back = Link("考试安排备案", reverse("national:filings"))
    return table_page(request, title="统考课程调整", intro=INTRO, table=table, actions=[announcing], back=back)


announce = action(
    commands.announce_course_kind,
    CourseKindForm,
    title="发布统考课程调整",
    what="一门课程自某日之后的考次起列为全国统考，或不再全国统考；签名发送给全部节点。此前的考次、已经公布的安排不变。",
    clause="EA-22.2",
    button="发布",
    done="统考课程调整已发布。",
    arguments=lambda data: {**data, "national": data["national"] == "yes"},
    back="national:course-notices",
)
