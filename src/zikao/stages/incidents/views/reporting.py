"""Reporting an incident, and what follows, from a telephone at the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import action
from zikao.stages.incidents import commands, forms, policies, queries


def _options(actor: Actor) -> Mapping[str, Any]:
    return {
        "kinds": queries.kind_choices(clock.today()),
        "places": queries.places(actor),
        "units": [(f"{u.sitting.code}/{u.number}", f"{u.sitting.code} {u}") for u in queries.units(clock.now())],
    }


def _initial(actor: Actor) -> Mapping[str, Any]:
    now = clock.now()
    unit = queries.present_unit(queries.units(now), now)
    places = queries.places(actor)
    return {
        "happened_at": now.astimezone(clock.LOCAL),
        "unit": f"{unit.sitting.code}/{unit.number}" if unit else "",
        "place": places[0][0] if places and actor.post in policies.ON_DUTY else "",
    }


def _to_incident(receipt: Any) -> str:
    return reverse("incidents:incident", args=[receipt.value.pk])


report = action(
    commands.report_incident,
    forms.ReportForm,
    title="报告突发事件",
    what="提交后省级教育考试机构立即看到；重大突发事件同时报到教育部考试中心。报告不能更改，随后可以续报。",
    clause="EA-30.2",
    button="立即报告",
    danger=True,
    done="已报告。请随时续报，并保持电话畅通。",
    back=_to_incident,
    form_options=_options,
    initial=_initial,
    arguments=forms.report_arguments,
)

follow_up = action(
    commands.follow_up,
    forms.FollowUpForm,
    title="续报、终报",
    what="加在先前的报告之后；上报过教育部考试中心的，这一份也同时上报。",
    clause="EA-30.2",
    button="报告",
    done="已报告。",
    back="incidents:incident",
    arguments=forms.follow_up_arguments,
)
