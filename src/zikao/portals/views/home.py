"""The first pages: staff see what waits, candidates what to do next, everybody else what is public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import candidate_page, public_page, staff_page, started_by, tasks_of, work_of
from zikao.portals import navigation


@public_page
def home(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """To the first page of who comes."""
    if actor is None:
        return HttpResponseRedirect(reverse("public:home"))
    mine = "portals:candidate-home" if actor.candidate_id is not None else "portals:staff-home"
    return HttpResponseRedirect(reverse(mine))


@staff_page
def staff_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The work list: what waits for me, then what I did."""
    work = work_of(actor)
    navigation.remember_counts(actor, work)
    context = {"work": work, "started": started_by(actor), "now": clock.now()}
    return render(request, "portals/staff_home.html", context)


@candidate_page
def candidate_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The task list of a candidate."""
    tasks = tasks_of(actor)
    context = {
        "next": next((pair for pair in tasks if pair[1].state in {"todo", "doing"}), None),
        "tasks": tasks,
        "done": sum(task.state == "done" for _, task in tasks),
    }
    return render(request, "portals/candidate_home.html", context)
