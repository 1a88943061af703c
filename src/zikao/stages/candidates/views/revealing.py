"""An identifier shown in full: the answer to the post, never a page that can be opened again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.pages import Link, form_page, shell_of, staff_page
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.forms import RevealForm


@staff_page(posts=policies.REVEALERS)
def reveal(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """Ask what and why; then show it once."""
    person = queries.access_candidate(actor, candidate_id)
    back = Link("返回考生页面", reverse("candidates:candidate", args=[person.pk]))
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = commands.reveal_identifier(candidate_id=person.pk, by=actor, at=clock.now(), **form.cleaned_data)
        except BadInput as error:
            for name, text in error.field_errors.items():
                form.add_error(name, text)
        else:
            label = dict(form.fields["field"].choices)[form.cleaned_data["field"]]  # type: ignore[attr-defined]
            page = {"shell": shell_of(request), "person": person, "label": label, "receipt": receipt, "back": back}
            return render(request, "candidates/revealed.html", page)
    return form_page(
        request,
        title=f"查看 {person.name} 的完整证件信息",
        form=form,
        what="显示一次；查看人、时间和事由记入账本。",
        button="查看",
        back=back,
        status=422 if form.errors else 200,
    )
