"""A portrait checked at once: when it is taken or chosen at the counter, before the form is sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import staff_page
from zikao.stages.candidates import commands, policies
from zikao.stages.candidates.forms.queue import PortraitForm


@staff_page(posts=policies.REGISTRARS)
@require_POST
def check_portrait(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is wrong with the picture that was sent, with what to do; it is not kept."""
    form = PortraitForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "candidates/_portrait_checked.html", {"form": form}, status=422)
    decision = commands.check_portrait(picture=form.cleaned_data["portrait"].read(), at=clock.now())
    return render(request, "candidates/_portrait_checked.html", {"decision": decision})
