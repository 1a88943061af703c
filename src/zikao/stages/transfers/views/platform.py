"""What goes over the platform: upload, review, refusal; and the substitutions that reviews rest on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Column, Filter, Link, Table, action, staff_page, table_page
from zikao.stages.transfers import commands, forms, policies, queries

upload = action(
    commands.upload_file,
    title="上传电子档案",
    what="按考生确认的成绩生成电子档案，签名后送上转考平台。上传后不能撤回。",
    clause="SR-A2.2",
    button="上传",
    done="已上传。转入办结以前，考生仍在本省在籍。",
    back="transfers:transfer",
)
review = action(
    commands.review_file,
    title="审核转入档案",
    what="每门课程按本省计划和公布的课程替换确定：原成绩转入、替换转入或不转入。",
    clause="SR-A2.4.2",
    button="审核",
    done="审核完毕。请打印转入登记表，通知考生到场确认。",
    back="transfers:transfer",
)
refuse = action(
    commands.refuse_file,
    forms.RefuseForm,
    title="退回电子档案",
    what="只有违反转考规定的档案才能退回，须指明违反了哪一条。考生没有按期到场确认的，视同放弃，也在这里办理。",
    clause="SR-A2.4.5",
    button="退回转出地",
    danger=True,
    done="已退回，理由已发往转考平台。",
    back="transfers:transfer",
)


@staff_page(posts=policies.READERS)
def substitution_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What this province has published."""
    table = Table(
        queries.substitutions(),
        (
            Column("from_course_code", "原课程代码", "code", sortable=True),
            Column("to_course.code", "替换为", "code"),
            Column("to_course.name", "课程名称"),
            Column("since_on", "起", "date"),
            Column("until_on", "止", "date"),
            Column("document", "公布文号"),
        ),
        filters=(Filter("from_course_code", "原课程代码"),),
        order="from_course_code",
        empty="还没有公布课程替换。计划以外的课程不转入。",
    )
    acts = [Action("公布课程替换", "transfers:publish-substitution")]
    return table_page(
        request, title="转考课程替换", table=table, actions=acts, back=Link("转考", reverse("transfers:list"))
    )


publish = action(
    commands.publish_substitution,
    forms.SubstitutionForm,
    title="公布课程替换",
    what="外省这门课程的合格成绩，在本省计划里算作另一门课程合格。公布之后审核的档案按此办理。",
    clause="SR-A2.4.2",
    button="公布",
    done="已公布。",
    back="transfers:substitutions",
)
