"""Doubtful items one after another with the picture; cards set aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput, ZikaoError
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    Waiting,
    form_page,
    object_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.foundation.secrecy.classes import check_access
from zikao.stages.collecting.queries import may_work_here, place_for
from zikao.stages.collecting.states import Work
from zikao.stages.marking import commands, forms, pictures, policies, queries
from zikao.stages.marking.cards.comparing import ABSENT_MARK_ITEM
from zikao.stages.marking.commands.rulings import Ruling
from zikao.stages.marking.models import Card, Doubt
from zikao.stages.marking.secrets import SCRIPTS, matter_of
from zikao.stages.marking.states import REASONS, CardState

ITEM_CHOICES = (
    ("A", "A", "a"),
    ("B", "B", "b"),
    ("C", "C", "c"),
    ("D", "D", "d"),
    ("-", "空白", "0"),
    ("*", "多涂", "8"),
)
SEEN = {"?": "不能确定", "-": "空白", "P": "到考", "X": "缺考"}
ABSENT_CHOICES = (("P", "到考", "p"), ("X", "缺考", "x"))


def _picture(data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = "inline"
    return response


@staff_page(posts=policies.RULERS)
def doubts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The next doubtful item; POST rules on one and goes on."""
    error: ZikaoError | None = None
    if request.method == "POST":
        try:
            ruling = Ruling(_number(request.POST.get("doubt_id")), request.POST.get("answer", ""))
            receipt = commands.resolve_doubts(rulings=[ruling], by=actor, at=clock.now())
            messages.success(request, "两人意见一致，已裁定。" if receipt.value else "已记录，等待另一人裁定。")
            return HttpResponseRedirect(reverse("marking:doubts"))
        except (BadInput, ZikaoError) as refused:
            error = refused
    waiting = queries.open_doubts(actor)
    doubt = waiting.first()
    sitting_id = doubt.card.paper.sitting_id if doubt else None
    place = place_for(Work.MARKING, actor, clock.now(), sitting_id=sitting_id)
    context = {"shell": "shell/staff.html", "count": waiting.count(), "doubt": doubt, "error": error, "place": place}
    context |= _asked(doubt) if doubt else {}
    return render(request, "marking/doubts.html", context, status=error.http_status if error else 200)


def _number(text: str | None) -> int:
    number = text or ""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise BadInput("no-doubt", message="没有指明是哪一项存疑。")
    return int(number)


def _asked(doubt: Doubt) -> dict[str, object]:
    absent = doubt.item == ABSENT_MARK_ITEM
    return {
        "reason": REASONS[doubt.reason],
        "choices": ABSENT_CHOICES if absent else ITEM_CHOICES,
        "what": "缺考标记" if absent else f"第 {doubt.item} 题",
        "first": SEEN.get(doubt.first, doubt.first),
        "second": SEEN.get(doubt.second, doubt.second),
        "others": doubt.rulings.count(),
    }


@staff_page(posts=policies.RULERS)
def doubt_picture(request: HttpRequest, actor: Actor, doubt_id: int) -> HttpResponse:
    """The doubtful item alone."""
    doubt = queries.doubt(actor, doubt_id)
    check_access(matter_of(SCRIPTS, doubt.card.paper), "查看存疑填涂", by=actor, at=clock.now())
    return _picture(pictures.item_picture(doubt))


@staff_page(posts=policies.READERS)
def set_aside_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cards that wait for two people."""
    table = Table(
        queries.cards_set_aside(actor),
        (
            Column("paper.course.code", "课程代码", "code"),
            Column("paper.course.name", "课程"),
            Column("batch.number", "批", "number"),
            Column("number", "序号", "number"),
            Column("reason", "原因", value=lambda card: REASONS[card.reason]),
            Column("barcode", "条形码", "code"),
        ),
        filters=(Filter("reason", "原因", "choice", choices=list(REASONS.items())),),
        link=lambda card: reverse("marking:card", args=[card.pk]),
        empty="没有搁置的答题卡。",
    )
    back = Link("评卷", reverse("marking:papers"))
    intro = "缺损、外来、重复的答题卡由两名指定人员分别认定；原卡和图像不作任何改动。"
    return table_page(request, title="搁置答题卡", table=table, intro=intro, back=back)


def _facts(card: Card) -> dict[str, list[Fact]]:
    said = [Fact(each.name, "不计入" if each.seat_id is None else f"座位 {each.seat_id}", note=each.note)
            for each in card.rulings.all()]  # fmt: skip
    return {
        "": [
            Fact("原因", REASONS[card.reason]),
            Fact("条形码", card.barcode or "未识读", "code"),
            Fact("图像摘要", card.image[:16], "code"),
        ],
        "认定": said,
    }


def _placing(card: Card, actor: Actor) -> Action:
    offered = Action(
        "认定",
        "marking:place-card",
        {"card_id": card.pk},
        "写明是谁的答题卡、填涂了什么，或者不计入。两人一致才生效。",
        clause="EA-A9.2.1.5",
        posts=policies.RULERS,
    ).open_if(card.state == CardState.SET_ASIDE, "这张答题卡已经处理。")
    return offered.given(may_work_here(Work.MARKING, actor, clock.now(), sitting_id=card.paper.sitting_id))


@staff_page(posts=policies.RULERS)
def card_page(request: HttpRequest, actor: Actor, card_id: int) -> HttpResponse:
    """One card set aside, with its picture and what was said of it."""
    card = queries.set_aside_card(actor, card_id)
    return object_page(
        request,
        kicker=f"搁置答题卡 · {card.paper.course}",
        title=f"第{card.batch.number}批第{card.number}张",
        pill=Pill.of(card.state, CardState, {"set-aside": "due", "resolved": "done"}),
        facts=_facts(card),
        actions=[_placing(card, actor)],
        history=f"marking.card:{card.pk}",
        back=Link("搁置答题卡", reverse("marking:set-aside")),
        extra_template="marking/_card.html",
        context={"picture": reverse("marking:card-picture", args=[card.pk])},
    )


@staff_page(posts=policies.RULERS)
def card_picture(request: HttpRequest, actor: Actor, card_id: int) -> HttpResponse:
    """The whole of a card set aside."""
    card = queries.set_aside_card(actor, card_id)
    check_access(matter_of(SCRIPTS, card.paper), "查看搁置答题卡", by=actor, at=clock.now())
    return _picture(pictures.whole_picture(card))


@staff_page(posts=policies.RULERS)
def place_card(request: HttpRequest, actor: Actor, card_id: int) -> HttpResponse:
    """Say whose a card is; takes effect with the second person."""
    card = queries.set_aside_card(actor, card_id)
    form = forms.PlaceForm(request.POST or None)
    error: ZikaoError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _place(card, form.cleaned_data, actor)
            messages.success(request, "已记录。两人认定一致即生效。")
            return HttpResponseRedirect(reverse("marking:card", args=[card.pk]))
        except ZikaoError as refused:
            error = refused
    return form_page(
        request,
        title="认定搁置答题卡",
        form=form,
        what="按卡面独立认定。另一名指定人员认定一致后生效，原卡不作改动。",
        clause="EA-A9.2.1.5",
        button="认定",
        error=error,
        back=Link("返回", reverse("marking:card", args=[card.pk])),
        extra_template="marking/_card.html",
        context={"picture": reverse("marking:card-picture", args=[card.pk])},
        status=error.http_status if error else 200,
    )


def _place(card: Card, data: dict[str, Any], actor: Actor) -> None:
    number = data["admission_number"].strip()
    seat_id = queries.seat_id_of(actor, card.paper, number) if number else None
    commands.place_set_aside(
        card_id=card.pk,
        seat_id=seat_id,
        answers=data["answers"].strip().upper(),
        note=data["note"],
        by=actor,
        at=clock.now(),
    )


@waits_for(policies.RULERS, "待裁定的存疑", "EA-A9.2.1.5", stage="marking")
def doubts_waiting(actor: Actor) -> Asked:
    """Doubtful items this person has not ruled on."""
    rows = queries.open_doubts(actor)
    yield rows
    return Waiting(rows.count(), url=reverse("marking:doubts"))


@waits_for(policies.RULERS, "待认定的搁置答题卡", "EA-A9.2.1.5", stage="marking")
def cards_waiting(actor: Actor) -> Asked:
    """Cards set aside."""
    rows = queries.cards_set_aside(actor)
    yield rows
    return Waiting(rows.count(), url=reverse("marking:set-aside"))
