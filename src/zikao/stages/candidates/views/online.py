"""Pre-registration on a phone, before any account: one question a page, checked answers, a code to come back with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor, node_actor
from zikao.foundation.errors import BadInput, Conflict, NotFound, ZikaoError
from zikao.foundation.pages import public_page
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.regulation import parameter
from zikao.foundation.resident_id import birth_date
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates import commands, queries
from zikao.stages.candidates.ethnic import ETHNIC
from zikao.stages.candidates.forms.queue import SECTION_FORMS, BeginForm, ResumeForm
from zikao.stages.candidates.models import APPLICANT_NUMBER, PreRegistration
from zikao.stages.candidates.portraits import media_type
from zikao.stages.candidates.queries.queue import SECTIONS, answers_of, come_until, draft, missing_of, next_section
from zikao.stages.candidates.room_rules import conducts, room_rules
from zikao.stages.candidates.states import OPEN_TO_ANSWERS, DocumentKind, Sex

KEPT = "preregistration"
NOT_FOUND = "没有找到：请核对预约号和证件号码；多次不符的，这份预报名不能再在网上续填，请重新开始。"


@public_page
def start(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """What to have at hand, and the two doors: begin, or come back."""
    if not settings.ZIKAO_NODE_CODE:
        raise NotFound("no-registration-here", message="报名在各省（区、市）办理。", clause="EA-12.1")
    fee = parameter("registration-fee").on(clock.today(), province=settings.ZIKAO_NODE_CODE)
    return render(request, "candidates/online/start.html", {"fee_fen": fee, "kept": _kept(request)})


@public_page
def begin(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Document and phone."""
    form = speak_plainly(BeginForm(request.POST or None))
    error: ZikaoError | None = None
    if request.method == "POST" and form.is_valid():
        begun, error = _try(
            form, lambda: commands.begin_preregistration(by=node_actor(), at=clock.now(), **form.cleaned_data)
        )
        if begun is not None:
            request.session[KEPT] = begun.value.pk
            return HttpResponseRedirect(reverse("candidates:online-section", args=["person"]))
    return _question(request, "开始预报名", form, error, section="begin")


@public_page
def resume(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Back to a draft, with the code and the document's number."""
    form = speak_plainly(ResumeForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        found = commands.resume_preregistration(by=node_actor(), at=clock.now(), **form.cleaned_data).value
        if found is not None:
            request.session[KEPT] = found.pk
            return HttpResponseRedirect(_where(request.GET.get("to", "")))
        form.add_error(None, NOT_FOUND)
    return _question(request, "续填预报名", form, None, section="resume")


@public_page
def section(request: HttpRequest, actor: Actor | None, section: str) -> HttpResponse:
    """One question; then the next without an answer, or the page to check them all."""
    if section not in SECTIONS:
        raise NotFound("no-such-question", message="没有这一页。")
    asked = _kept(request)
    if asked is None:
        return HttpResponseRedirect(f"{reverse('candidates:online-resume')}?to={section}")
    if asked.state not in OPEN_TO_ANSWERS:
        return HttpResponseRedirect(reverse("candidates:online-check"))
    error: ZikaoError | None = None
    form = speak_plainly(SECTION_FORMS[section](*_given(request), initial=_initial(asked, section)))
    if request.method == "POST" and form.is_valid():
        done, error = _try(form, lambda: _keep(_same(request, asked), section, dict(form.cleaned_data)))
        if done is not None:
            messages.success(request, f"“{SECTIONS[section]}”已保存。")
            return HttpResponseRedirect(_onward(asked.pk, section))
    return _question(request, SECTIONS[section], form, error, section=section, asked=asked)


def _where(section: str) -> str:
    """The page that the reader was on when the session ended, or the page that checks all of them."""
    known = section in SECTIONS
    return reverse("candidates:online-section", args=[section]) if known else reverse("candidates:online-check")


def _same(request: HttpRequest, asked: PreRegistration) -> PreRegistration:
    """The pre-registration that the page was made for; Conflict where another was begun in another tab meanwhile."""
    sent = request.POST.get("code", asked.code)
    if sent != asked.code:
        raise Conflict(
            "other-preregistration",
            message=f"没有保存：这一页是预约号 {sent[:10]} 的，这个浏览器里后来打开了另一份（{asked.code}）。",
            remedy="一部手机替几个人填的，请一份填完再填下一份；要接着填这一份，请凭它的预约号和证件号码续填。",
            clause="EA-13.1",
        )
    return asked


def _given(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _keep(asked: PreRegistration, section: str, data: dict[str, Any]) -> Any:
    here: dict[str, Any] = {"draft_id": asked.pk, "by": node_actor(), "at": clock.now()}
    if section == "portrait":
        return commands.attach_portrait(picture=data["portrait"].read(), **here)
    if section in ("rules", "pledge"):
        return commands.accept_terms(section=section, name=data.get("name", ""), **here)
    return commands.answer_preregistration(section=section, answers=data, **here)


def _onward(draft_id: int, section: str) -> str:
    following = next_section(draft(draft_id), section)
    if not following:
        return reverse("candidates:online-check")
    return reverse("candidates:online-section", args=[following])


def _initial(asked: PreRegistration, section: str) -> dict[str, Any]:
    told = answers_of(asked)
    number = APPLICANT_NUMBER.text(asked)
    if told.get("document_kind") in (DocumentKind.RESIDENT.value, DocumentKind.RESIDENCE_PERMIT.value):
        told = {"born_on": birth_date(number), "sex": "1" if int(number[16]) % 2 else "2", **told}
    chosen = {
        "county_code": asked.agency_code,
        "sitting_code": asked.sitting.code if asked.sitting else None,
        "major_code": asked.major.code if asked.major else None,
    }
    known = {**told, **{name: value for name, value in chosen.items() if value}}
    return {} if section == "pledge" else {name: value for name, value in known.items() if name != "password_hash"}


def _kept(request: HttpRequest) -> PreRegistration | None:
    held = request.session.get(KEPT)
    if held is None:
        return None
    try:
        return draft(int(held))
    except NotFound:
        return None


def _try(form: django_forms.Form, act: Callable[[], Any]) -> tuple[Any, ZikaoError | None]:
    try:
        return act(), None
    except BadInput as refusal:
        for name, text in refusal.field_errors.items():
            form.add_error(name if name in form.fields else None, text)
        return None, None if refusal.field_errors else refusal
    except ZikaoError as refusal:
        return None, refusal


def _question(
    request: HttpRequest,
    title: str,
    form: django_forms.Form,
    error: ZikaoError | None,
    *,
    section: str,
    asked: PreRegistration | None = None,
) -> HttpResponse:
    names = list(SECTIONS)
    context: dict[str, Any] = {
        "title": title,
        "form": form,
        "error": error,
        "section": section,
        "asked": asked,
        "place": names.index(section) + 1 if section in names else 0,
        "places": len(names),
        "before": _before(section),
        "was_sent_away": request.GET.get("to", "") in SECTIONS,
    }
    if section == "rules":
        context["rules"] = room_rules(clock.today(), settings.ZIKAO_NODE_CODE)
        context["conducts"] = conducts()
    if section == "pledge":
        context["pledge"] = parameter("integrity-pledge").on(clock.today(), province=settings.ZIKAO_NODE_CODE)
    status = 422 if form.errors else error.http_status if error else 200
    return _private(render(request, "candidates/online/question.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """Not to be kept by anybody: a phone in a shop is not its user's own."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _before(section: str) -> str:
    names = list(SECTIONS)
    if section not in names or names.index(section) == 0:
        return reverse("candidates:online")
    return reverse("candidates:online-section", args=[names[names.index(section) - 1]])


@public_page
def check(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Check your answers, then hand in; afterwards what happens next."""
    asked = _kept(request)
    if asked is None:
        return HttpResponseRedirect(reverse("candidates:online-resume"))
    error: ZikaoError | None = None
    if request.method == "POST":
        try:
            commands.submit_preregistration(draft_id=_same(request, asked).pk, by=node_actor(), at=clock.now())
            return HttpResponseRedirect(reverse("candidates:online-check"))
        except ZikaoError as refusal:
            error = refusal
    context = {
        "asked": asked,
        "rows": _rows(asked),
        "missing": missing_of(asked),
        "may_answer": asked.state in OPEN_TO_ANSWERS,
        "county": Agency.objects.filter(code=asked.agency_code).values_list("name", flat=True).first() or "",
        "counters": queries.registration_places(asked.agency_code) if asked.agency_code else (),
        "until": come_until(asked),
        "fee_fen": parameter("registration-fee").on(clock.today(), province=settings.ZIKAO_NODE_CODE),
        "error": error,
    }
    status = error.http_status if error else 200
    return _private(render(request, "candidates/online/check.html", context, status=status))


def _rows(asked: PreRegistration) -> list[tuple[str, str, str]]:
    """Question, answer, and the page that changes it."""
    told = answers_of(asked)
    born_on = told.get("born_on", "")
    county = Agency.objects.filter(code=asked.agency_code).values_list("name", flat=True).first()
    yes = {True: "已接受", False: ""}
    document = f"{DocumentKind(told['document_kind']).label} " if told.get("document_kind") else ""
    return [
        ("证件", document + queries.masked_number(APPLICANT_NUMBER.text(asked)), ""),
        ("姓名", str(told.get("name", "")), "person"),
        ("性别", str(Sex(told["sex"]).label) if told.get("sex") else "", "person"),
        ("出生日期", str(born_on), "person"),
        ("民族", dict(ETHNIC).get(str(told.get("ethnic")), ""), "person"),
        ("报名地点", county or "", "place"),
        ("首次报考", str(asked.sitting) if asked.sitting else "", "place"),
        ("专业", str(asked.major) if asked.major else "", "major"),
        ("手机号码", str(told.get("phone", "")), "contact"),
        ("通信地址", str(told.get("address", "")) or ("没有填写" if "contact" in asked.answered else ""), "contact"),
        ("考场规则", yes[asked.rules_accepted_at is not None], "rules"),
        ("诚信承诺", "已签署" if "pledge" in asked.answered else "", "pledge"),
    ]


@public_page
def portrait(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The portrait of one's own draft."""
    asked = _kept(request)
    if asked is None or not asked.portrait:
        raise NotFound("portrait-not-found", message="还没有照片。")
    picture = storage.get(asked.portrait)
    return _private(HttpResponse(picture, content_type=media_type(picture)))


@public_page
def withdraw(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Give it up, after a question."""
    asked = _kept(request)
    if asked is None:
        return HttpResponseRedirect(reverse("candidates:online"))
    if request.method == "POST":
        commands.withdraw_preregistration(draft_id=_same(request, asked).pk, by=node_actor(), at=clock.now())
        del request.session[KEPT]
        return HttpResponseRedirect(reverse("candidates:online"))
    return render(request, "candidates/online/withdraw.html", {"asked": asked})
