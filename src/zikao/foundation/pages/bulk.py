"""Acting on many: the ticked rows of a table come to a page that lists them once more, then to one command."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, ZikaoError
from zikao.foundation.pages.acting import receipt_tag
from zikao.foundation.pages.build import form_page
from zikao.foundation.pages.commanding import info_of
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.pages.guards import staff_page
from zikao.foundation.pages.parts import Link, url_or_empty

MOST = 200
"""More than two pages of rows are another command's business."""
Shown = Callable[[Actor, Sequence[int]], Sequence[str]]


def bulk_action(
    command: Callable[..., Any],
    *,
    title: str,
    argument: str,
    shown: Shown,
    back: str,
    what: str = "",
    clause: str | None = None,
    button: str = "确认办理",
    danger: bool = False,
    form_class: Callable[..., forms.Form] = forms.Form,
    given: Callable[[Actor], Mapping[str, Any]] | None = None,
    done: Callable[[Any, int], str] | None = None,
    posts: Collection[Post] | None = None,
) -> Callable[..., HttpResponse]:
    """Make the view behind a `Bulk`: GET ?pick=1&pick=2 shows what is chosen, POST calls the command once for all.

    argument  the command's parameter that takes the primary keys; a `pick` in the URL is the only one, chosen elsewhere
    shown     (actor, keys) -> a line for each row the actor may see; keys that give no line are not found
    given     more arguments that come from the actor; the URL's own go to the command and to `back`, too
    done      (receipt, number of rows) -> the message after it
    posts     who may open it; default: the command's own posts
    """
    allowed = posts or (info.posts & STAFF_POSTS if (info := info_of(command)) is not None else None)
    face = {"title": title, "what": what, "clause": clause, "danger": danger}

    @staff_page(posts=allowed)
    def view(request: HttpRequest, actor: Actor, pick: int | None = None, **url: Any) -> HttpResponse:
        keys = _picked(request) if pick is None else [pick]
        home = url_or_empty(back, url) or reverse(back)
        lines = _lines(shown, actor, keys)
        form = speak_plainly(form_class(request.POST if request.method == "POST" else None))
        error: ZikaoError | None = None if keys else _nothing()
        if keys and request.method == "POST" and form.is_valid():
            more = {**form.cleaned_data, **url, **(given(actor) if given else {})}
            receipt, error = _called(command, {argument: keys, **more, "by": actor})
            if error is None:
                said = done(receipt, len(keys)) if done else f"已办理 {len(keys):,} 项。"
                messages.success(request, said, extra_tags=receipt_tag(receipt))
                return HttpResponseRedirect(home)
        rows = list(zip(keys, lines, strict=True))
        return _show(request, form, rows, error, {**face, "button": button, "back": Link("返回", home)})

    view.__name__ = f"{getattr(command, '__name__', 'act')}_on_many_page"
    view.__doc__ = title
    return view


def _lines(shown: Shown, actor: Actor, keys: Sequence[int]) -> Sequence[str]:
    lines = shown(actor, keys) if keys else ()
    if len(lines) != len(keys):
        raise NotFound("rows-not-found", message="选中的内容有的已经不在名单中。", remedy="请返回名单重新选择。")
    return lines


def _show(
    request: HttpRequest,
    form: forms.Form,
    rows: Sequence[tuple[int, str]],
    error: ZikaoError | None,
    face: Mapping[str, Any],
) -> HttpResponse:
    return form_page(
        request,
        **{**face, "button": f"{face['button']}（{len(rows):,} 项）"},
        form=form if rows else None,
        error=error,
        context={"picked": rows, "nothing_picked": not rows},
        status=error.http_status if error else 422 if request.method == "POST" else 200,
    )


def _called(command: Callable[..., Any], arguments: Mapping[str, Any]) -> tuple[Any, ZikaoError | None]:
    """The receipt, or what was refused; who may not and what is not there is not for this page to say."""
    try:
        return command(**arguments, at=clock.now()), None
    except (NotPermitted, NotFound):
        raise
    except ZikaoError as refused:
        return None, refused


def _nothing() -> BadInput:
    return BadInput("nothing-picked", message="没有选中任何一行。", remedy="请返回名单，勾选要办理的行。")


def _picked(request: HttpRequest) -> list[int]:
    texts = (request.POST if request.method == "POST" else request.GET).getlist("pick")
    keys = [int(text) for text in dict.fromkeys(texts) if text.isascii() and text.isdigit() and len(text) < 19]
    if len(keys) > MOST:
        message = f"一次最多办理 {MOST} 项，选中了 {len(keys):,} 项。"
        raise BadInput("too-many-picked", message=message, remedy="请分几次办理。")
    return keys
