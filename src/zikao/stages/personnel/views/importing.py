"""Many members of staff from a file: read, checked row by row, and registered whole or not at all."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import ZikaoError
from zikao.foundation.pages import Link, form_page, staff_page
from zikao.stages.personnel import commands, forms, policies
from zikao.stages.personnel.states import RowProblem

SHOWN = 500


@staff_page(posts=policies.REGISTRARS)
def import_staff(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; after a post the list of what is wrong, or the register."""
    initial = {"agency_code": actor.agency_code}
    form = forms.ImportForm(request.POST or None, request.FILES or None, initial=initial)
    problems: list[RowProblem] = []
    error: ZikaoError | None = None
    if request.method == "POST" and form.is_valid():
        rows, problems = forms.parse_staff_csv(form.cleaned_data["rows"].read())
        if not problems:
            code = form.cleaned_data["agency_code"]
            try:
                done = commands.import_staff(rows=rows, agency_code=code, by=actor, at=clock.now())
                messages.success(request, f"已登记 {len(done.value)} 人，回执 {done.line_id}。")
                return HttpResponseRedirect(reverse("personnel:persons"))
            except commands.RowsRefused as refusal:
                problems = list(refusal.problems)
            except ZikaoError as refusal:
                error = refusal
    return _page(request, form, problems, error)


def _page(
    request: HttpRequest, form: forms.ImportForm, problems: list[RowProblem], error: ZikaoError | None
) -> HttpResponse:
    lines = len({problem.line for problem in problems})
    return form_page(
        request,
        title="导入考试工作人员",
        form=form,
        what="逐行核对基本条件、身份证号和机构后一并登记；有一行不合格，全部不导入，并列出每一处。",
        clause="EA-8",
        button="核对并导入",
        error=error,
        back=Link("考试工作人员", reverse("personnel:persons")),
        extra_template="personnel/_import_problems.html",
        context={"problems": problems[:SHOWN], "more": max(0, len(problems) - SHOWN), "bad_lines": lines},
        status=422 if problems or error or form.errors else 200,
    )


@staff_page(posts=policies.REGISTRARS)
def sample(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sample file."""
    headers = {"Content-Disposition": 'attachment; filename="staff-sample.csv"'}
    return HttpResponse(forms.SAMPLE.encode(), content_type="text/csv; charset=utf-8", headers=headers)
