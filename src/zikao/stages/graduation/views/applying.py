"""An application taken in at the counter: find the candidate, see the audit, then take the papers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import Action, Fact, Link, Pill, action, form_page, object_page, staff_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.stages.candidates.queries import access_candidate, by_admission_number
from zikao.stages.graduation import commands, forms, policies, queries
from zikao.stages.graduation.states import ApplicationState


@staff_page(posts=policies.RECEIVERS)
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for the admission number."""
    form = speak_plainly(forms.StartForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        try:
            found = by_admission_number(actor, form.cleaned_data["admission_number"])
            return HttpResponseRedirect(reverse("graduation:check", args=[found.pk]))
        except NotFound:
            form.add_error("admission_number", "本机构辖区内没有这个准考证号的考生。")
    return form_page(
        request, title="受理毕业申请", form=form, what="先核对考生是否完成专业考试计划，再受理材料。", clause="SR-18.2",
        button="核对毕业条件", back=Link("毕业申请", reverse("graduation:applications")),
        status=422 if form.errors else 200,
    )  # fmt: skip


@staff_page(posts=policies.READERS)
def check(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """The audit as a checklist, before anybody applies."""
    person = access_candidate(actor, candidate_id)
    checklist = queries.checklist_of(person, clock.today())
    granted = checklist is not None and checklist.granted
    return object_page(
        request,
        kicker="毕业条件核对",
        title=f"{person.name}　{person.admission_number}",
        pill=Pill("✓ 完成计划", "done") if granted else Pill("✕ 尚未完成", "due"),
        back=Link("毕业申请", reverse("graduation:applications")),
        facts=[
            Fact("专业", str(person.major)),
            Fact("考试计划", checklist.progress.plan.version if checklist else "没有现行计划"),
            Fact("主考学校", checklist.progress.school.name if checklist else None),
            Fact("学分", f"{checklist.progress.credits} / {checklist.progress.needed}" if checklist else None),
        ],
        actions=[_apply_action(candidate_id, checklist)],
        extra_template="graduation/_checklist.html",
        context={"checklist": checklist},
    )


def _apply_action(candidate_id: int, checklist: queries.Checklist | None) -> Action:
    plan = checklist.progress.plan.pk if checklist else 0
    here = {"candidate_id": candidate_id, "plan_id": plan}
    offered = Action("受理材料", "graduation:apply", here, "核对本人、证件和材料，提出毕业申请。", clause="SR-18.2")
    mine = queries.own_application(candidate_id)
    going = mine is not None and mine.plan_id == plan and mine.state != ApplicationState.RETURNED
    offered = offered.open_if(checklist is not None, "考生的专业没有考试计划。", "SR-18.1.1")
    offered = offered.open_if(not going, "这一专业的毕业申请已经受理。", "SR-18.2")
    return offered.given(checklist.decision) if checklist else offered


def _options(actor: Actor, candidate_id: int, plan_id: int) -> dict[str, Any]:
    person = access_candidate(actor, candidate_id)
    return {"batches": queries.batches_ahead(clock.today()), "bachelor": person.major.level == "bachelor"}


def _context(actor: Actor, candidate_id: int, plan_id: int) -> dict[str, Any]:
    person = access_candidate(actor, candidate_id)
    return {"checklist": queries.checklist_of(person, clock.today()), "person": person}


apply = action(
    commands.apply_for_graduation, forms.MaterialsForm, title="受理毕业申请",
    what="考生须本人到场。材料不全或不实的，不予受理。", clause="SR-18.2", button="受理申请",
    form_options=_options, context=_context, extra_template="graduation/_applicant.html", arguments=forms.arguments_of,
    done="已受理，等待另一名工作人员审核。",
    back=lambda receipt, **kwargs: reverse("graduation:application", args=[receipt.value.pk]),
)  # fmt: skip
