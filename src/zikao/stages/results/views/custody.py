"""A custodian's own pages: take the segment, change it, present it. The segment is told once and kept nowhere."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput, ZikaoError
from zikao.foundation.pages import Action, Fact, Link, action, form_page, object_page, shell_of, staff_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.stages.results import archive, commands, policies, queries
from zikao.stages.results.archive.segments import rehearsal_segment
from zikao.stages.results.forms import AskSegmentForm, SegmentForm
from zikao.stages.results.models import Segment
from zikao.stages.results.views.filing import custodian_facts, window_url

KEEPERS = policies.CUSTODIANS | policies.WITNESSES
SET_AS = {"first": "首次领取", "changed": "本人更换", "reissued": "三人到场补发"}


@staff_page(posts=KEEPERS)
def segment(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who holds the segments, and what waits for mine."""
    held = archive.holders()
    mine = held.get(actor.post.value)
    live = queries.live_windows()
    groups = {"三段密码的掌管人": _keepers(held)}
    groups |= {f"归档窗口 {view.window.pk}": custodian_facts(view) for view in live}
    return object_page(
        request,
        kicker=actor.post.label,
        title="我的密码段",
        back=Link("成绩归档", reverse("results:archive")),
        facts=groups,
        actions=_actions(actor, mine, live),
        history=f"results.segment:{mine.pk}" if mine is not None else "",
    )  # fmt: skip


def _actions(actor: Actor, mine: Segment | None, live: list[queries.WindowView]) -> list[Action]:
    is_mine = mine is not None and mine.account_id == actor.account_id
    return [
        Action("领取密码段", "results:take-segment", {}, "由程序随机生成，只显示一次。", clause="SR-A1.10a")
        .open_if(mine is None, "这一岗位的密码段已经领取。换人或者遗失，请申请补发。", "SR-A1.10a"),
        Action("更换密码段", "results:change-segment", {}, "凭原密码段更换。", clause="SR-A1.10a")
        .open_if(is_mine, "只有掌管人本人可以更换。", "SR-A1.10a"),
        Action("申请补发", "results:ask-segment", {}, "密码段遗失或者掌管人换人。", clause="SR-A1.10a", danger=True)
        .open_if(mine is not None, "还没有领取，不需要补发。", "SR-A1.10a"),
        *(
            Action(f"启用新密码段：窗口 {view.window.pk}", "results:install-segment", {"window_id": view.window.pk},
                   "原密码段随即作废。", clause="SR-A1.10a")
            for view in live if view.is_open and view.window.kind == "segment"
        ),
        *(
            Action(f"出示密码段：窗口 {view.window.pk}", "results:present", {"window_id": view.window.pk},
                   "只授权这一份清单，对别的窗口无效。", clause="SR-A1.10a")
            for view in live if view.is_waiting and not view.has_presented(actor.post)
            and any(each.post == actor.post for each in view.custodians)
        ),
    ]  # fmt: skip


def _keepers(held: dict[str, Segment]) -> list[Fact]:
    posts = (*queries.THREE, *policies.WITNESSES)
    return [
        Fact(post.label, held[post].set_at, "datetime", note=SET_AS[held[post].set_as], clause="SR-A1.10a")
        if post in held
        else Fact(post.label, "还没有领取", clause="SR-A1.10a")
        for post in posts
    ]


@staff_page(posts=KEEPERS)
def take_segment(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the segment for the first time: it is shown once."""
    if request.method != "POST":
        return _explained(
            request, "领取密码段", "程序随机生成一段密码，只在下一页显示一次。请抄写后密封，由您一人掌管。"
        )
    new = archive.new_segment()
    try:
        commands.set_segment(new=new, by=actor, at=clock.now())
    except ZikaoError as error:
        return _explained(request, "领取密码段", "", error)
    return _told(request, new.text)


@sensitive_post_parameters("segment")
@staff_page(posts=KEEPERS)
def change_segment(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Change the own segment by the old one; the new one is shown once."""
    form = speak_plainly(SegmentForm(request.POST or None))
    what = "输入现在的密码段，程序生成新的一段，只显示一次。原密码段随即作废。"
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, "更换密码段", what, "更换")
    new = archive.new_segment()
    try:
        proof = archive.change_proof(archive.segment_of(actor), form.cleaned_data["segment"], new)
        commands.change_segment(new=new, proof=proof, by=actor, at=clock.now())
    except ZikaoError as error:
        return _form(request, form, "更换密码段", what, "更换", error)
    return _told(request, new.text)


@sensitive_post_parameters("segment")
@staff_page(posts=KEEPERS)
def present(request: HttpRequest, actor: Actor, window_id: int) -> HttpResponse:
    """Present the own segment for one window."""
    view = queries.window_by_id(window_id)
    form = speak_plainly(SegmentForm(request.POST or None))
    if settings.ZIKAO_IS_DEMO:
        form.fields[
            "segment"
        ].help_text = f"演示：这一岗位的密码段是 {rehearsal_segment(actor.post.value)}（真实使用时只有本人知道）。"
    title = f"出示密码段：{queries.purpose_of(view.window)}"
    what = f"清单摘要 {bytes(view.window.digest).hex()[:16]}…，已有 {view.present} 人出示。您的密码段只授权这一份清单。"
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, title, what, "出示")
    try:
        proof = archive.presence_proof(view.window, archive.segment_of(actor), form.cleaned_data["segment"])
        done = commands.present_segment(window_id=window_id, proof=proof, by=actor, at=clock.now())
    except ZikaoError as error:
        return _form(request, form, title, what, "出示", error)
    opened = done.value.opened_at is not None
    messages.success(request, "三人到齐，窗口已经开启，请尽快写入。" if opened else "已出示，等待其他掌管人。")
    return HttpResponseRedirect(window_url(view.window.kind, view.window.list_id))


def _form(
    request: HttpRequest,
    form: SegmentForm | AskSegmentForm,
    title: str,
    what: str,
    button: str,
    error: ZikaoError | None = None,
) -> HttpResponse:
    if isinstance(error, BadInput) and "segment" in error.field_errors:
        form.add_error("segment", error.field_errors["segment"])
    answer = form_page(
        request, title=title, form=form, what=what, clause="SR-A1.10a", button=button, error=error,
        back=Link("我的密码段", reverse("results:segment")), status=422 if error or form.errors else 200,
    )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def _explained(request: HttpRequest, title: str, what: str, error: ZikaoError | None = None) -> HttpResponse:
    return form_page(
        request, title=title, form=None, what=what, clause="SR-A1.10a", button="领取", error=error,
        back=Link("我的密码段", reverse("results:segment")), status=error.http_status if error else 200,
    )  # fmt: skip


def _told(request: HttpRequest, text: str) -> HttpResponse:
    answer = render(request, "results/segment_taken.html", {"shell": shell_of(request), "text": text})
    answer["Cache-Control"] = "no-store"
    return answer


@staff_page(posts=policies.CUSTODIANS)
def ask_segment(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for the segment anew; it is shown once now, and counts after the others have come."""
    form = speak_plainly(AskSegmentForm(request.POST or None))
    what = "另外两名掌管人签字同意，再与审计管理员到场出示各自的密码段，新密码段才启用；在此之前原密码段仍然有效。"
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, "申请补发密码段", what, "申请")
    new = archive.new_segment()
    try:
        commands.ask_segment(new=new, reason=form.cleaned_data["reason"], by=actor, at=clock.now())
    except ZikaoError as error:
        return _form(request, form, "申请补发密码段", what, "申请", error)
    return _told(request, new.text)


install_segment = action(
    commands.install_segment, title="启用补发的密码段", what="原密码段随即作废。", clause="SR-A1.10a", button="启用",
    done="新密码段已经启用。", back="results:segment",
)  # fmt: skip
