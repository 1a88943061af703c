"""Personal data shown in full: the answer to a form with a reason, never a page that can be opened again.

    reveal = revealing("candidates.id_number", posts=REVEALERS, subject=name_of, back="candidates:candidate")

`subject(actor, row_id)` is the name in the title; the data are registered with `secrecy.registers.revealable`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Collection

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput
from zikao.foundation.pages.build import form_page
from zikao.foundation.pages.guards import shell_of, staff_page
from zikao.foundation.pages.parts import Link
from zikao.foundation.regulation import parameter
from zikao.foundation.secrecy.commands import reveal
from zikao.foundation.secrecy.registers import revealables
from zikao.foundation.secrecy.states import RevealReason


class RevealForm(forms.Form):
    """What to show in full, and why."""

    field = forms.ChoiceField(label="查看内容")
    reason_code = forms.ChoiceField(label="事由类别", choices=[("", "请选择"), *RevealReason.choices], required=False)
    reason = forms.CharField(
        label="事由",
        max_length=200,
        help_text="写明办理什么事。查看人、时间、事由一并记入账本，不能删除。",
        required=False,
    )

    def __init__(self, *args: object, names: Collection[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = revealables()
        self.fields["field"].choices = [(name, known[name].title) for name in names]  # type: ignore[attr-defined]


def revealing(
    *names: str, posts: Collection[Post], subject: Callable[[Actor, int], str], back: str
) -> Callable[..., HttpResponse]:
    """Make the view that asks what and why, then shows it once for a limited time; its address takes one row id."""

    @staff_page(posts=posts)
    def view(request: HttpRequest, actor: Actor, **kwargs: int) -> HttpResponse:
        (row_id,) = kwargs.values()
        title, way_back = subject(actor, row_id), Link("返回", reverse(back, kwargs=kwargs))
        form = RevealForm(request.POST or None, names=names)
        if request.method == "POST" and form.is_valid():
            try:
                return _shown(request, actor, row_id, form.cleaned_data, title, way_back)
            except BadInput as error:
                for name, text in error.field_errors.items():
                    form.add_error(name, text)
        return form_page(
            request,
            title=f"查看 {title} 的完整信息",
            form=form,
            what="只显示一次，到时自动遮盖；查看人、时间和事由记入账本，审计管理员可以看到每人查看的次数。",
            clause="EA-47",
            button="查看",
            back=way_back,
            status=422 if form.errors else 200,
        )

    return view


def _shown(
    request: HttpRequest, actor: Actor, row_id: int, asked: dict[str, str], title: str, back: Link
) -> HttpResponse:
    at = clock.now()
    receipt = reveal(row_id=row_id, by=actor, at=at, **asked)
    shown = receipt.value
    picture = f"data:image/jpeg;base64,{b64encode(shown.picture).decode()}" if shown.picture else ""
    seconds = int(parameter("reveal-seconds").on(at.date()))
    context = {"shell": shell_of(request), "title": title, "shown": shown, "picture": picture, "back": back}
    page = render(request, "pages/revealed.html", {**context, "receipt": receipt, "seconds": seconds})
    page["Refresh"] = f"{seconds}; url={back.url}"  # without any script the page gives way
    page["Cache-Control"] = "private, no-store"
    return page
