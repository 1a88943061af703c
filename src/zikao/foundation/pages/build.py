"""Whole pages: an object's page of four parts, a table's page, a form's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation.errors import ZikaoError
from zikao.foundation.pages.guards import actor_of, shell_of
from zikao.foundation.pages.history import Line, history_of
from zikao.foundation.pages.parts import Action, Fact, Link, Pill, Step
from zikao.foundation.pages.tables import Table, page_of

Facts = Sequence[Fact] | Mapping[str, Sequence[Fact]]


def object_page(
    request: HttpRequest,
    *,
    title: str,
    kicker: str = "",
    facts: Facts = (),
    steps: Sequence[Step] = (),
    actions: Sequence[Action] = (),
    history: str | Iterable[Line] = (),
    pill: Pill | None = None,
    back: Link | None = None,
    extra_template: str | None = None,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of one thing, always in four parts: facts, steps, actions, history.

    title    what it is called (a name, a number); kicker: what kind of thing it is ("考生", "考点")
    facts    a list, or groups of them by heading
    history  "app.model:pk" as commands write it in the ledger, or lines already fetched
    extra_template is included below the facts and gets `context`.
    """
    actor = actor_of(request)
    offered = [a for a in actions if a.offered_to(actor)]
    groups = facts if isinstance(facts, Mapping) else {"": facts}
    page = {
        "shell": shell_of(request),
        "title": title,
        "kicker": kicker,
        "pill": pill,
        "back": back,
        "groups": [(name, list(some)) for name, some in groups.items() if some],
        "steps": steps,
        "open_actions": [a for a in offered if a.open],
        "closed_actions": [a for a in offered if not a.open],
        "history": history_of(history) if isinstance(history, str) else list(history),
        "extra_template": extra_template,
    }
    return render(request, "pages/object.html", {**(context or {}), **page})


def table_page(
    request: HttpRequest,
    *,
    title: str,
    table: Table,
    intro: str = "",
    kicker: str = "",
    actions: Sequence[Action] = (),
    back: Link | None = None,
    extra_template: str | None = None,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of a list. A request by htmx gets only the table."""
    actor = actor_of(request)
    page = {
        "shell": shell_of(request),
        "title": title,
        "kicker": kicker,
        "intro": intro,
        "back": back,
        "table": page_of(table, request.GET.dict(), actor),
        "actions": [a for a in actions if a.offered_to(actor) and a.open],
        "extra_template": extra_template,
    }
    part = request.headers.get("HX-Target") == "table"
    return render(request, "pages/_table.html" if part else "pages/table.html", {**(context or {}), **page})


def form_page(
    request: HttpRequest,
    *,
    title: str,
    form: BaseForm | None,
    what: str = "",
    clause: str | None = None,
    button: str = "确认",
    danger: bool = False,
    error: ZikaoError | None = None,
    back: Link | None = None,
    extra_template: str | None = None,
    context: Mapping[str, Any] | None = None,
    kicker: str = "",
    status: int = 200,
) -> HttpResponse:
    """A form with what it will do, its clause, and after a refusal: why, with which facts, and what now."""
    page = {
        "shell": shell_of(request),
        "title": title,
        "kicker": kicker,
        "form": form,
        "what": what,
        "clause": clause,
        "button": button,
        "danger": danger,
        "error": error,
        "back": back,
        "extra_template": extra_template,
    }
    return render(request, "pages/form.html", {**(context or {}), **page}, status=status)
