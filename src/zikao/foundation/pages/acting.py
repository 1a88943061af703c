"""The view that runs a command: GET shows the form and what it will do, POST calls it and answers in words."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from zikao.foundation import clock
from zikao.foundation.actors import STAFF_POSTS, Actor, Post, node_actor
from zikao.foundation.commands.apart import check_apart_named
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, ZikaoError
from zikao.foundation.pages.build import form_page
from zikao.foundation.pages.commanding import info_of, takes_key
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.pages.guards import candidate_page, public_page, staff_page
from zikao.foundation.pages.history import TOLD
from zikao.foundation.pages.parts import Link, url_or_empty

Door = Literal["staff", "candidate", "public"]
Target = str | Callable[..., str]
_OWN_PATH = re.compile(r"/[A-Za-z0-9_./?=&%+:-]*")
REPEATED = "这一份刚才已经办理过，没有重复办理。"


@dataclass(frozen=True)
class Acting:
    """What `action` was told."""

    command: Callable[..., Any]
    form_class: Callable[..., BaseForm] | None
    title: str
    what: str
    clause: str | None
    button: str
    danger: bool
    done: str | Callable[[Any], str]
    back: Target
    given: Callable[[Actor], Mapping[str, Any]] | None
    initial: Callable[..., Mapping[str, Any]] | None
    form_options: Callable[..., Mapping[str, Any]] | None
    arguments: Callable[[dict[str, Any]], Mapping[str, Any]] | None
    extra_template: str | None
    context: Callable[..., Mapping[str, Any]] | None
    about: Callable[..., str] | None
    keeps_key: bool


def action(
    command: Callable[..., Any],
    form_class: Callable[..., BaseForm] | None = None,
    *,
    title: str,
    what: str = "",
    clause: str | None = None,
    button: str = "确认",
    danger: bool = False,
    done: str | Callable[[Any], str] = "已办理。",
    back: Target = "portals:home",
    posts: Collection[Post] | None = None,
    door: Door = "staff",
    given: Callable[[Actor], Mapping[str, Any]] | None = None,
    initial: Callable[..., Mapping[str, Any]] | None = None,
    form_options: Callable[..., Mapping[str, Any]] | None = None,
    arguments: Callable[[dict[str, Any]], Mapping[str, Any]] | None = None,
    extra_template: str | None = None,
    context: Callable[..., Mapping[str, Any]] | None = None,
    about: Callable[..., str] | None = None,
) -> Callable[..., HttpResponse]:
    """Make the view of a command.

    The command is called with by=the actor, at=now, **url kwargs, **given(actor), **cleaned_data, and key= when it
    takes one.

    title, what   the act in a few words ("受理报名"; histories call it so, too), and what it will do, in a sentence
    done          the message after it, or receipt -> message; the receipt's number and time are added
    back          a URL name (reversed with the url kwargs that it takes), or (receipt, **url kwargs) -> address
    posts         who may open the page; default: the command's own posts
    door          staff | candidate | public (a public act is by the actor, or by the node where nobody is signed in)
    given         more arguments that come from the actor: lambda actor: {"candidate_id": actor.candidate_id}
    initial, form_options, context   (actor, **url kwargs) -> dict for the form's initial, its constructor, the template
    arguments     cleaned_data -> the command's arguments, where they differ
    about         (actor, **url kwargs) -> what is acted upon, in words: it stands above the title
    """
    spec = Acting(
        command, form_class, title, what, clause, button, danger, done, back, given, initial, form_options,
        arguments, extra_template, context, about, takes_key(command),
    )  # fmt: skip

    def view(request: HttpRequest, actor: Actor | None, /, **kwargs: Any) -> HttpResponse:
        return _answer(spec, request, actor or node_actor(), kwargs)

    view.__name__ = f"{getattr(command, '__name__', 'act')}_page"
    view.__doc__ = title
    info = info_of(command)
    if info is not None:
        TOLD.setdefault(info.writes, title)
    if door == "staff":
        return staff_page(posts=posts or (info.posts & STAFF_POSTS if info is not None else None))(view)
    return candidate_page(view) if door == "candidate" else public_page(view)


def _answer(spec: Acting, request: HttpRequest, actor: Actor, kwargs: dict[str, Any]) -> HttpResponse:
    form = _form(spec, request, actor, kwargs)
    if request.method != "POST":
        if not (spec.about or spec.context or spec.initial or spec.form_options):  # nothing else looks at the row
            check_apart_named(actor, kwargs, spec.command.__module__)
        return _show(spec, request, actor, kwargs, form)
    if form is not None and not form.is_valid():
        return _show(spec, request, actor, kwargs, form, status=422)
    try:
        receipt = _call(spec, request, actor, kwargs, form)
    except (NotPermitted, NotFound):
        raise
    except ZikaoError as error:
        if isinstance(error, BadInput) and isinstance(form, BaseForm):
            _place_errors(form, error)
        return _show(spec, request, actor, kwargs, form, error=error, status=error.http_status)
    if getattr(receipt, "repeated", False):
        messages.success(request, REPEATED, extra_tags=receipt_tag(receipt))
        return _go(request, reverse("portals:home") if callable(spec.back) else _address(spec.back, receipt, kwargs))
    said = spec.done(receipt) if callable(spec.done) else spec.done
    messages.success(request, said, extra_tags=receipt_tag(receipt))
    return _go(request, _address(spec.back, receipt, kwargs))


def _form(spec: Acting, request: HttpRequest, actor: Actor, kwargs: dict[str, Any]) -> BaseForm | None:
    if spec.form_class is None:
        return None
    options = dict(spec.form_options(actor, **kwargs)) if spec.form_options else {}
    if request.method == "POST":
        return speak_plainly(spec.form_class(request.POST, request.FILES, **options))
    initial = dict(spec.initial(actor, **kwargs)) if spec.initial else {}
    return speak_plainly(spec.form_class(initial=initial, **options))


def _call(spec: Acting, request: HttpRequest, actor: Actor, kwargs: dict[str, Any], form: BaseForm | None) -> Any:
    data = dict(getattr(form, "cleaned_data", {}))
    if spec.arguments is not None:
        data = dict(spec.arguments(data))
    more = dict(spec.given(actor)) if spec.given else {}
    if spec.keeps_key:
        more["key"] = request.POST.get("idempotency_key") or uuid.uuid4().hex
    return spec.command(by=actor, at=clock.now(), **{**data, **kwargs, **more})


def _show(
    spec: Acting,
    request: HttpRequest,
    actor: Actor,
    kwargs: dict[str, Any],
    form: BaseForm | None,
    *,
    error: ZikaoError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = dict(spec.context(actor, **kwargs)) if spec.context else {}
    return form_page(
        request,
        title=spec.title,
        kicker=spec.about(actor, **kwargs) if spec.about else "",
        form=form,
        what=spec.what,
        clause=spec.clause,
        button=spec.button,
        danger=spec.danger,
        error=error,
        back=_back_link(spec, request, kwargs),
        extra_template=spec.extra_template,
        context={**context, "key": _key(spec, request)},
        status=status,
    )


def _key(spec: Acting, request: HttpRequest) -> str:
    """A refused attempt changed nothing, so its key may be used again; a first one gets a new key."""
    return (request.POST.get("idempotency_key") or uuid.uuid4().hex) if spec.keeps_key else ""


def _place_errors(form: BaseForm, error: BadInput) -> None:
    for name, text in error.field_errors.items():
        if isinstance(form, Form):
            form.add_error(name if name in form.fields else None, text)


def receipt_tag(receipt: Any) -> str:
    """What a message carries so that the page shows the receipt: number and time."""
    line, at = getattr(receipt, "line_id", None), getattr(receipt, "at", None)
    return f"receipt:{line}:{at.isoformat() if at else ''}" if line is not None else ""


def _address(back: Target, receipt: Any, kwargs: Mapping[str, Any]) -> str:
    if callable(back):
        return back(receipt, **kwargs)
    return url_or_empty(back, kwargs) or reverse(back)


def _back_link(spec: Acting, request: HttpRequest, kwargs: Mapping[str, Any]) -> Link | None:
    """Where to go for who does not want to act: the page told, or where the reader came from."""
    if callable(spec.back):
        url = _came_from(request) or _without_receipt(spec.back, kwargs)
    else:
        url = url_or_empty(spec.back, kwargs) or url_or_empty(spec.back)
    return Link("返回", url) if url else None


def _without_receipt(back: Callable[..., str], kwargs: Mapping[str, Any]) -> str:
    """Where the act leads to, where that is known before it is done: `back` that reads the receipt fails on None."""
    try:
        return back(None, **kwargs)
    except (AttributeError, TypeError, LookupError, NoReverseMatch, ObjectDoesNotExist, NotFound):
        return ""


def _came_from(request: HttpRequest) -> str:
    """The path of another page of this node with the link that led here, or an empty string.

    A form that is shown again carries it, because then it is itself the page before.
    """
    told = urlsplit(request.headers.get("Referer", ""))
    if request.method == "POST" and _OWN_PATH.fullmatch(kept := request.POST.get("came_from", "")):
        told = urlsplit(request.build_absolute_uri(kept))
    if told.netloc != request.get_host() or told.path == request.path or told.path.startswith("/sign-in/"):
        return ""
    return urlunsplit(("", "", told.path, told.query, "")) if not told.path.startswith("//") else ""


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
