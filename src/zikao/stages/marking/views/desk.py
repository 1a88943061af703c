"""The marking desk: one script at a time, keyboard first, nothing of its author."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput, Refused, ZikaoError
from zikao.foundation.pages import Waiting, staff_page, waits_for
from zikao.foundation.secrecy.classes import check_access
from zikao.stages.collecting.queries import place_for
from zikao.stages.collecting.states import Work
from zikao.stages.marking import commands, forms, pictures, policies, queries
from zikao.stages.marking.models import MarkingTask
from zikao.stages.marking.secrets import SCRIPTS, matter_of


@staff_page(posts=policies.MARKERS)
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The script in hand, or the button that takes the next one."""
    task = queries.task_of_marker(actor)
    if request.method == "POST":
        try:
            commands.next_script(by=actor, at=clock.now())
        except Refused as refused:
            return _shown(request, actor, task, error=refused)
        return HttpResponseRedirect(reverse("marking:desk"))
    return _shown(request, actor, task)


@staff_page(posts=policies.MARKERS)
def give_mark(request: HttpRequest, actor: Actor, task_id: int) -> HttpResponse:
    """Give points for the script in hand and take the next; what was typed is kept when it is refused."""
    task = queries.task_in_hand(actor, task_id)
    form = forms.MarkForm(request.POST or None)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("marking:desk"))
    try:
        if not form.is_valid():
            raise BadInput("bad-points", message="请填写得分，例如 7 或 7.5。", remedy="只记得分，不记扣分。")
        points: Decimal = form.cleaned_data["points"]
        commands.give_mark(
            task_id=task.pk, points=points, by=actor, at=clock.now(), key=request.POST.get("key") or None
        )
    except ZikaoError as refused:
        return _shown(request, actor, task, error=refused, typed=request.POST.get("points", ""))
    with suppress(Refused):  # somebody left just now: the desk says so
        commands.next_script(by=actor, at=clock.now())
    return HttpResponseRedirect(reverse("marking:desk"))


def _shown(
    request: HttpRequest, actor: Actor, task: MarkingTask | None, error: ZikaoError | None = None, typed: str = ""
) -> HttpResponse:
    most = int(task.question.max_points) if task else 0
    sitting_id = task.question.paper.sitting_id if task else None
    context = {
        "shell": "shell/staff.html",
        "task": task,
        "place": place_for(Work.MARKING, actor, clock.now(), sitting_id=sitting_id),
        "pad": [*range(most + 1)] if most <= 20 else [*range(0, most + 1, 5)],
        "waiting": queries.waiting_for_marker(actor),
        "marked": queries.marked_by(actor),
        "watermark": f"{actor.name} {clock.now():%m-%d %H:%M}",
        "error": error,
        "typed": typed,
    }
    return render(request, "marking/desk.html", context, status=error.http_status if error else 200)


@staff_page(posts=policies.MARKERS)
def script_picture(request: HttpRequest, actor: Actor, task_id: int) -> HttpResponse:
    """The written answer of the script in hand; nobody else's, and none that is not in hand."""
    task = queries.task_in_hand(actor, task_id)
    check_access(matter_of(SCRIPTS, task.question.paper), "评阅答卷", by=actor, at=clock.now())
    response = HttpResponse(pictures.answer_picture(task.script), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


@waits_for(policies.MARKERS, "待评的答卷", "EA-38.1", stage="marking")
def scripts_waiting(actor: Actor) -> Waiting:
    """What this marker may take."""
    return Waiting(queries.waiting_for_marker(actor), url=reverse("marking:desk"))
