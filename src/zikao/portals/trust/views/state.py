"""The state of trust of the node, in one screen."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse

from zikao.foundation import clock
from zikao.foundation.actors import STAFF_POSTS, Actor
from zikao.foundation.pages import Action, Pill, staff_page, state_of_trust
from zikao.foundation.pages.parts import Tone
from zikao.portals.trust import items, policies

__all__ = ["items", "trust"]
WORDS: dict[str, tuple[str, Tone]] = {"ok": ("正常", "done"), "due": ("待处理", "due"), "broken": ("异常", "danger")}


@staff_page(posts=policies.READERS)
def trust(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every item that rooms registered: state by word and colour, since when, a sentence, where to look, the clause."""
    found = state_of_trust(actor, clock.now())
    counts = Counter(item.state for item in found)
    rows = [(item, Pill(*WORDS[item.state]), item.url if _may_open(actor, item.url) else "") for item in found]
    order = Action("立即核验账本", "trust:verify")
    context = {
        "rows": rows,
        "worst": next(Pill(*WORDS[state]) for state in ("broken", "due", "ok") if counts[state] or state == "ok"),
        "counts": [(Pill(*WORDS[state]), counts[state]) for state in ("broken", "due", "ok")],
        "actions": [order] if order.offered_to(actor) else [],
        "now": clock.now(),
        "restores": reverse("trust:restores"),
    }
    return render(request, "trust/state.html", context)


def _may_open(actor: Actor, url: str) -> bool:
    try:
        return bool(url) and actor.post in getattr(resolve(url).func, "zikao_posts", STAFF_POSTS)
    except Resolver404:
        return url.startswith("http")
