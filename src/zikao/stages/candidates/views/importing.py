"""Many candidates from a file: read, checked row by row, and imported whole or not at all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import ZikaoError
from zikao.foundation.pages import Link, form_page, staff_page
from zikao.stages.candidates import commands, policies
from zikao.stages.candidates.forms import ImportForm, parse_candidates_csv
from zikao.stages.candidates.forms.rows import SAMPLE, PortraitsRefused, read_portraits
from zikao.stages.candidates.states import BulkRow, RowProblem

SHOWN = 500


@staff_page(posts=policies.REGISTRARS)
def import_candidates(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; after a post the list of what is wrong, or the list of candidates."""
    form = ImportForm(request.POST or None, request.FILES or None)
    problems: list[RowProblem] = []
    error: ZikaoError | None = None
    if request.method == "POST" and form.is_valid():
        rows, problems = _read(form)
        if not problems:
            try:
                done = commands.register_many(
                    rows=rows, sitting_code=form.cleaned_data["sitting_code"], by=actor, at=clock.now()
                )
                messages.success(request, f"已注册 {len(done.value)} 名考生，回执 {done.line_id}。")
                return HttpResponseRedirect(reverse("candidates:list"))
            except commands.RowsRefused as refusal:
                problems = list(refusal.problems)
            except ZikaoError as refusal:
                error = refusal
    return _page(request, form, problems, error)


def _read(form: ImportForm) -> tuple[list[BulkRow], list[RowProblem]]:
    archive = form.cleaned_data["portraits"]
    try:
        portraits = read_portraits(archive.read()) if archive else {}
    except PortraitsRefused as refusal:
        return [], [RowProblem(1, "照片", str(refusal))]
    return parse_candidates_csv(form.cleaned_data["rows"].read(), portraits)


def _page(request: HttpRequest, form: ImportForm, problems: list[RowProblem], error: ZikaoError | None) -> HttpResponse:
    lines = len({problem.line for problem in problems})
    context = {"problems": problems[:SHOWN], "more": max(0, len(problems) - SHOWN), "bad_lines": lines}
    return form_page(
        request,
        title="批量导入考生",
        form=form,
        what="逐行核对后一并注册；有一行不合格，全部不导入，并列出每一处。",
        clause="EA-13.1",
        button="核对并导入",
        error=error,
        back=Link("考生名册", reverse("candidates:list")),
        extra_template="candidates/_import_problems.html",
        context=context,
        status=422 if problems or error or form.errors else 200,
    )


@staff_page(posts=policies.REGISTRARS)
def sample(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sample file."""
    headers = {"Content-Disposition": 'attachment; filename="candidates-sample.csv"'}
    return HttpResponse(SAMPLE.encode(), content_type="text/csv; charset=utf-8", headers=headers)
