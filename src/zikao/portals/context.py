"""What the shell around every page shows: node, sitting, clock, navigation, posts. All of it lazy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from zikao.foundation import clock
from zikao.foundation.pages import actor_of, shell_of
from zikao.portals import navigation, queries
from zikao.portals.demo import own_code


def _lazy(find: Callable[[], Any]) -> Any:
    return SimpleLazyObject(find)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The shell's part of every template's context; nothing is asked of the database before it is drawn."""
    actor, has_candidates = actor_of(request), settings.ZIKAO_NODE_KIND != "national"
    if actor is not None and len(get_messages(request)):  # the page that shows a receipt shows the new counts, too
        navigation.forget_counts(actor)
    return {
        "actor": actor,
        "shell": shell_of(request),
        "shell_node": {
            "name": _lazy(queries.node_name),
            "is_demo": settings.ZIKAO_IS_DEMO,
            "has_candidates": has_candidates,
        },
        "shell_sitting": _lazy(queries.present_sitting),
        "shell_now": clock.now(),
        "shell_home": reverse("portals:staff-home"),
        "shell_navigation": _lazy(lambda: navigation.for_staff(actor, request.path)),
        "shell_candidate_tabs": _lazy(lambda: navigation.tabs(navigation.CANDIDATE, request.path)),
        "shell_public_tabs": _lazy(
            lambda: navigation.tabs(
                navigation.PUBLIC, request.path, without=frozenset() if has_candidates else navigation.FOR_CANDIDATES
            )
        ),
        "shell_demo_code": _lazy(lambda: own_code(actor, clock.now())),
        "shell_appointments": _lazy(lambda: queries.posts_to_choose(request)),
    }
