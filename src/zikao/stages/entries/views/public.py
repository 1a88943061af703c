"""What everybody may read of entering: when windows run, what was changed and why, and the digests of frozen lists."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation.actors import Actor
from zikao.foundation.pages import public_page
from zikao.stages.entries.models import EntryList, EntryWindow


@public_page
def windows(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The windows of the last sittings, each with its list's digest once it is frozen."""
    rows = EntryWindow.objects.select_related("sitting").prefetch_related("periods", "changes")
    lists = {each.sitting_id: each for each in EntryList.objects.all()}
    page = [(each, lists.get(each.sitting_id)) for each in rows.order_by("-sitting__code")[:8]]
    return render(request, "entries/public.html", {"rows": page})
