"""Who may open a page: decorators that hand the actor to the view and turn errors into pages."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Concatenate, ParamSpec, overload

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.foundation.errors import NotFound, NotPermitted, ZikaoError

P = ParamSpec("P")
View = Callable[..., HttpResponse]
ActorView = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]
GuestView = Callable[Concatenate[HttpRequest, "Actor | None", P], HttpResponse]


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is signed in and in which post; None for a guest."""
    found = getattr(request, "actor", None)
    return found if isinstance(found, Actor) else None


def shell_of(request: HttpRequest) -> str:
    """The shell template for this visitor: staff, candidate or public."""
    actor = actor_of(request)
    if actor is None:
        return "shell/public.html"
    return "shell/candidate.html" if actor.candidate_id is not None else "shell/staff.html"


@overload
def staff_page(view: ActorView[P], /) -> View: ...
@overload
def staff_page(*, posts: Collection[Post] | None = None) -> Callable[[Callable[..., HttpResponse]], View]: ...
def staff_page(view: Any = None, /, *, posts: Collection[Post] | None = None) -> Any:
    """A page for staff; `posts` narrows it. Guests go to the sign-in page, other posts get a 403 page."""
    allowed = frozenset(posts) if posts is not None else STAFF_POSTS

    def guard(inner: View) -> View:
        return _guarded(inner, "portals:staff-sign-in", allowed)

    return guard(view) if view is not None else guard


def candidate_page(view: ActorView[P], /) -> View:
    """A page for the signed-in candidate: `actor.candidate_id` is there."""
    return _guarded(view, "portals:candidate-sign-in", frozenset({Post.CANDIDATE}))


def public_page(view: GuestView[P], /) -> View:
    """A page for everybody; the view gets the actor or None."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return answer_errors(request, lambda: view(request, actor_of(request), *args, **kwargs))

    wrapped.zikao_door = "public"  # type: ignore[attr-defined]
    return wrapped


def _guarded(view: View, sign_in: str, allowed: frozenset[Post]) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor is None:
            return to_sign_in(request, sign_in)
        if actor.post not in allowed:
            return refuse_post(request, allowed)
        return answer_errors(request, lambda: view(request, actor, *args, **kwargs))

    wrapped.zikao_door = "candidate" if Post.CANDIDATE in allowed else "staff"  # type: ignore[attr-defined]
    wrapped.zikao_posts = allowed  # type: ignore[attr-defined]
    return wrapped


def to_sign_in(request: HttpRequest, sign_in: str) -> HttpResponse:
    """To the sign-in page, which comes back here; an htmx request is told to go there as a whole page."""
    where = request.get_full_path() if request.method == "GET" else request.headers.get("referer", "/")
    url = f"{reverse(sign_in)}?{urlencode({'next': where})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def refuse_post(request: HttpRequest, allowed: Collection[Post]) -> HttpResponse:
    """The 403 page that says which post may."""
    labels = [post.label for post in Post if post in allowed] if len(allowed) <= 8 else []
    return render(request, "pages/403.html", {"shell": shell_of(request), "allowed": labels, "error": None}, status=403)


def answer_errors(request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of a view, or the page of the error that it raised."""
    try:
        return run()
    except NotFound as error:
        return error_page(request, error)
    except Http404:
        return error_page(request, NotFound("not-found"))
    except ZikaoError as error:
        return error_page(request, error)


def error_page(request: HttpRequest, error: ZikaoError) -> HttpResponse:
    """An error as a page of its own: 404, 403, or the refusal panel with why, clause and what now."""
    template = {NotFound: "pages/404.html", NotPermitted: "pages/403.html"}.get(type(error), "pages/refused.html")
    context = {"shell": shell_of(request), "error": error, "allowed": []}
    return render(request, template, context, status=error.http_status)
