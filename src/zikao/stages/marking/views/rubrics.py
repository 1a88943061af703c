"""The rubric: made by the subject group, read by the markers appointed to the paper, each reading written down."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import Action, Fact, Link, Pill, action, object_page, staff_page
from zikao.foundation.secrecy.classes import check_access
from zikao.stages.marking import commands, forms, policies, queries
from zikao.stages.marking.models.rubrics import RUBRIC_TEXT
from zikao.stages.marking.secrets import RUBRIC, matter_of


@staff_page(posts=policies.RUBRIC_READERS)
def rubric_page(request: HttpRequest, actor: Actor, paper_id: int) -> HttpResponse:
    """A paper's newest rubric."""
    paper = queries.paper_of(paper_id)
    rubric = paper.rubrics.first()
    check_access(matter_of(RUBRIC, paper), "查看评分细则", by=actor, at=clock.now())
    if rubric is None and actor.post not in policies.RUBRIC_MAKERS:
        raise NotFound("rubric-not-found", message="本科目还没有评分细则。", remedy="请联系学科评卷组长。")
    facts = [Fact("密级", "秘密", clause="EA-4.2"), Fact("状态", "尚未制定")]
    if rubric is not None:
        facts[1:] = [
            Fact("制定人", rubric.made_by_name),
            Fact("制定时间", rubric.made_at, "datetime"),
            Fact("摘要", rubric.digest[:16], "code"),
        ]
    return object_page(
        request,
        kicker=f"评分细则 · {paper.course}",
        title=f"第{rubric.version}版" if rubric else "评分细则",
        pill=Pill("秘密", "danger"),
        facts=facts,
        actions=[
            Action("制定评分细则", "marking:make-rubric", {"paper_id": paper.pk}, "新的一版代替上一版，旧版保留。")
        ],
        history=f"marking.rubric:{rubric.pk}" if rubric else "",
        back=Link("评卷", reverse("marking:desk" if actor.post in policies.MARKERS else "marking:papers")),
        extra_template="marking/_rubric.html",
        context={"lines": RUBRIC_TEXT.text(rubric).splitlines() if rubric else [], "watermark": actor.name},
    )


make_rubric = action(
    commands.make_rubric,
    forms.RubricForm,
    title="制定评分细则",
    what="按国家秘密（秘密级）管理，加密保存；只有本组和受聘评阅本科目的评卷员能看，每次查看都有记录。",
    clause="EA-4.2",
    button="保存这一版",
    done="评分细则已保存并定密。",
    back="marking:rubric",
)
