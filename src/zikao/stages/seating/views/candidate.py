"""A candidate's exam notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Column, Fact, Table, candidate_page, object_page, table_page
from zikao.stages.seating import queries
from zikao.stages.seating.models import Draw
from zikao.stages.seating.views.printing import as_pdf, notice_pdf


@candidate_page
def my_notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sittings for which the candidate has a notice."""

    def link(draw: Draw) -> str:
        return reverse("seating:my-notice", args=[draw.sitting.code])

    table = Table(
        queries.draws_with_notice(actor.candidate_id or 0),
        (Column("sitting", "考次"), Column("issued_at", "发放时间", "datetime")),
        link=link,
        empty="还没有您的考试通知单。报考截止、座位编排完成后，通知单会在这里发放。",
    )
    return table_page(request, title="我的考试通知单", table=table)


@candidate_page
def my_notice(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The notice on screen: when, where, which seat; with the paper to download."""
    notice = queries.notice_of(actor.candidate_id or 0, sitting_code)
    facts = {"": [Fact("姓名", notice["name"]), Fact("准考证号", notice["admission_number"], "code")]}
    facts[""] += [Fact("批准的合理便利", need, clause="EA-52") for need in notice["needs"]]
    for seat in notice["seats"]:
        facts[f"{seat['course']}（{seat['code']}）"] = [
            Fact("时间", f"{seat['date']} {seat['weekday']} {seat['time']}", note=seat["extended"]),
            Fact("考点", seat["site"], note=seat["address"]),
            Fact("考场与座位", f"第 {seat['room']} 考场　{seat['seat']} 号座位"),
        ]
    download = Action(
        "下载通知单",
        "seating:my-notice-pdf",
        {"sitting_code": sitting_code},
        what_it_does="打印后与准考证、身份证件一起带到考点。",
        clause="EA-28",
    )
    return object_page(
        request,
        kicker="考试通知单",
        title=notice["sitting"],
        facts=facts,
        actions=[download],
        extra_template="seating/_rules.html",
        context={"rules": notice["rules"]},
    )


@candidate_page
def my_notice_pdf(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """The notice as PDF."""
    return as_pdf(notice_pdf(actor.candidate_id or 0, sitting_code), f"notice-{sitting_code}.pdf")
