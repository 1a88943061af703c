"""What is done about an incident: acknowledged, members called, closed, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import action, staff_page, tell
from zikao.stages.incidents import commands, forms, policies, queries

tell(**{"incidents.closed": "办结突发事件", "incidents.withdrawn": "撤销误报"})


def _back(receipt: Any, incident_id: int, told_id: int) -> str:
    return reverse("incidents:incident", args=[incident_id])


def _about(actor: Actor, incident_id: int) -> str:
    return str(queries.incident(actor, incident_id))


def _member(actor: Actor, incident_id: int, told_id: int) -> Mapping[str, Any]:
    found = queries.incident(actor, incident_id)
    return {"told": next((each for each in queries.told_of(found) if each.pk == told_id), None)}


acknowledge = action(
    commands.acknowledge_incident,
    title="签收突发事件报告",
    clause="EA-30.2",
    button="签收",
    what="表示本级已经收到全部报告；签收人和时间显示给报告人和上级。",
    done="已签收。",
    back="incidents:incident",
    about=_about,
)
call = action(
    commands.record_call,
    forms.CallForm,
    title="登记联络结果",
    clause="EA-5.2",
    button="登记",
    what="谁在何时联络了这位成员、结果如何；没有接通的也登记，随后可以再联络。",
    done="已登记。",
    extra_template="incidents/_member.html",
    context=_member,
    back=_back,
)


@staff_page(posts=policies.CLOSERS)
def close(request: HttpRequest, actor: Actor, incident_id: int) -> HttpResponse:
    """Close: the reason, the secret again, then the signature."""
    page = action(
        commands.close_incident,
        partial(forms.CloseForm, request=request),
        title="办结突发事件",
        clause="EA-5.2",
        button="签署办结",
        what="以您的名义签署办结理由；办结后不能再报告。上报过教育部考试中心的，办结也同时上报。",
        done="已办结。",
        back="incidents:incident",
        about=_about,
    )
    return page(request, incident_id=incident_id)


@staff_page(posts=policies.CLOSERS)
def withdraw(request: HttpRequest, actor: Actor, incident_id: int) -> HttpResponse:
    """Withdraw a false alarm: the reason, the secret again, then the signature."""
    page = action(
        commands.withdraw_incident,
        partial(forms.WithdrawForm, request=request),
        title="撤销误报",
        clause="EA-30.2",
        button="签署撤销",
        danger=True,
        what="以您的名义确认这是误报，写明理由撤销；先前的报告仍然保留，收到过报告的各级都会知道。",
        done="已撤销。",
        back="incidents:incident",
        about=_about,
    )
    return page(request, incident_id=incident_id)
