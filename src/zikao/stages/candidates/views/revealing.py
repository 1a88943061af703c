"""A candidate's identifiers and portrait in full, and a candidate found by the ID number, which no address may hold."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.crypto import indexes_of
from zikao.foundation.pages import Link, form_page, staff_page
from zikao.foundation.pages.revealing import revealing
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.forms import FindForm

reveal = revealing(
    "candidates.id_number",
    "candidates.phone",
    "candidates.address",
    "candidates.portrait",
    posts=policies.REVEALERS,
    subject=lambda actor, candidate_id: queries.access_candidate(actor, candidate_id).name,
    back="candidates:candidate",
)


@staff_page(posts=policies.READERS)
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find a candidate by the whole ID number: asked for by POST, so that no address and no log holds it."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        indexes = indexes_of(queries.normal_id_number(form.cleaned_data["id_number"]))
        found = queries.candidates(actor).filter(id_number_index__in=indexes).first()
        if found is not None:
            return HttpResponseRedirect(reverse("candidates:candidate", args=[found.pk]))
        form.add_error(
            "id_number", "本机构管辖范围内没有用这个号码注册的考生。请核对号码；不在本地注册的，请联系原报名县（区）。"
        )
    return form_page(
        request,
        title="按身份证件号码查找考生",
        form=form,
        what="输入完整号码。号码不会出现在网址和日志中。",
        clause="EA-47",
        button="查找",
        back=Link("考生名册", reverse("candidates:list")),
        status=422 if form.errors else 200,
    )
