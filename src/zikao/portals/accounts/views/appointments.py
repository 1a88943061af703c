"""Appointments: listed by agency and post, made and ended."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.access import commands, policies, queries
from zikao.foundation.access.models import Appointment
from zikao.foundation.access.states import AppointmentPhase
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
)
from zikao.foundation.pages.parts import Tone
from zikao.portals.accounts import forms
from zikao.portals.accounts.queries import agency_names
from zikao.portals.accounts.views.accounts import APPOINTERS, agency_options

TONES: dict[str, Tone] = {AppointmentPhase.IN_EFFECT: "done", AppointmentPhase.TO_COME: "due"}


def _state(appointment: Appointment) -> Pill:
    return Pill.of(queries.phase_of(appointment, clock.today()), AppointmentPhase, TONES)


def _in_phase(rows: Any, phase: str) -> Any:
    return queries.in_phase(rows, phase, clock.today())


FILTERS = (
    Filter("agency_code", "机构代码", lookup="agency_code__startswith"),
    Filter("post", "岗位", kind="choice", choices=forms.post_choices()),
    Filter("phase", "状态", kind="choice", choices=AppointmentPhase.choices, lookup=_in_phase),
    Filter("name", "姓名", lookup="account__name__contains"),
)


@staff_page(posts=policies.READERS)
def appointment_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The appointments of the actor's subtree, by agency, post and phase."""
    table = Table(
        queries.appointments(actor),
        (
            Column("account.name", "姓名"),
            Column("account.username", "用户名", "code"),
            Column("get_post_display", "岗位"),
            Column("agency_code", "机构", "code", sortable=True),
            Column("since_on", "起", "date", sortable=True),
            Column("until_on", "止", "date"),
            Column("phase", "状态", "pill", value=_state),
        ),
        filters=FILTERS,
        link=lambda each: reverse("accounts:appointment", args=[each.pk]),
        order="-since_on",
        empty="没有符合条件的聘任。",
    )
    intro = "聘任新岗位，请从“账号”里打开此人的账号。"
    return table_page(request, title="岗位聘任", intro=intro, table=table)


@staff_page(posts=policies.READERS)
def appointment_page(request: HttpRequest, actor: Actor, appointment_id: int) -> HttpResponse:
    """One appointment: facts, steps, actions, history."""
    found = queries.appointment(actor, appointment_id)
    phase = queries.phase_of(found, clock.today())
    return object_page(
        request,
        kicker="岗位聘任",
        title=f"{found.account.name} · {Post(found.post).label}",
        pill=_state(found),
        facts=_facts(found),
        steps=steps_of(AppointmentPhase, phase),
        actions=[
            _end(found)
            .open_if(phase != AppointmentPhase.OVER, "这一聘任已经终止。")
            .open_if(found.account_id != actor.account_id, "不能终止自己的聘任，请由另一名安全管理员办理。")
        ],
        history=f"access.appointment:{found.pk}",
        back=Link("岗位聘任", reverse("accounts:appointments")),
    )


def _end(found: Appointment) -> Action:
    return Action(
        "终止聘任",
        "accounts:end-appointment",
        {"appointment_id": found.pk},
        "自终止日起，此人不能再以这一岗位办理事项。",
        danger=True,
        posts=APPOINTERS,
    )


def _facts(found: Appointment) -> list[Fact]:
    agency = agency_names([found.agency_code]).get(found.agency_code, "")
    return [
        Fact("账号", str(found.account), "link", href=reverse("accounts:account", args=[found.account_id])),
        Fact("岗位", Post(found.post).label),
        Fact("任职机构", f"{found.agency_code} {agency}".strip()),
        Fact("起", found.since_on, "date"),
        Fact("止", found.until_on or "不定期", "date" if found.until_on else "text", note="不含当日"),
    ]


appoint = action(
    commands.appoint,
    forms.AppointmentForm,
    title="聘任岗位",
    what="此人在任期内以这一岗位办理任职机构及其下级的事项。系统、安全、审计三个管理员岗位不能由一人兼任。",
    clause="EA-10",
    done="岗位已聘任。",
    form_options=agency_options,
    initial=lambda actor, **kwargs: {"since_on": clock.today()},
    back=lambda receipt, **kwargs: reverse("accounts:appointment", args=[receipt.value.pk]),
)
end_appointment = action(
    commands.end_appointment,
    forms.EndingForm,
    title="终止聘任",
    what="自终止日起，此人不能再以这一岗位办理事项；填今天即刻生效。",
    clause="EA-10",
    danger=True,
    button="终止",
    done=lambda receipt: f"聘任自 {receipt.value.until_on} 起终止。",
    initial=lambda actor, **kwargs: {"until_on": local_day(clock.now())},
    back="accounts:appointment",
)
