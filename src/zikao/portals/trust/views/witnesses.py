"""For everybody: who witnesses this node, whom it witnesses, and the evidence of every alarm."""

from __future__ import annotations

from base64 import b64encode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import public_page, shell_of
from zikao.foundation.witness import queries
from zikao.foundation.witness.models import Alarm, Seen, Settlement
from zikao.portals.trust.views.verifying import text_file

SHOWN_ALARMS = 50


@public_page
def witnesses(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The last cosignature of each witness, the last head of each node witnessed, all alarms."""
    ours = [(name, queries.last_cosigned(name)) for name in queries.witnesses()]
    origins = Seen.objects.order_by("origin").values_list("origin", flat=True).distinct()
    seen = [row for origin in origins if (row := queries.last_seen(origin)) is not None]
    theirs = [(row, bytes(row.root).hex()) for row in seen]
    alarms = list(Alarm.objects.order_by("-id")[:SHOWN_ALARMS])
    settled = {each.alarm_id: each for each in Settlement.objects.filter(alarm__in=alarms)}
    context = {
        "shell": shell_of(request),
        "node": settings.ZIKAO_NODE,
        "ours": ours,
        "theirs": theirs,
        "alarms": [(alarm, settled.get(alarm.pk)) for alarm in alarms],
    }
    return render(request, "trust/witnesses.html", context)


@public_page
def evidence(request: HttpRequest, actor: Actor | None, alarm_id: int) -> HttpResponse:
    """Both signed notes of an alarm, as text that anyone can check with the node's public key."""
    alarm = Alarm.objects.filter(pk=alarm_id).first()
    if alarm is None:
        raise NotFound("not-found", facts={"alarm": alarm_id})
    signed = ((alarm.held_note, alarm.held_signature), (alarm.shown_note, alarm.shown_signature))
    parts = [f"{note}\n— {b64encode(bytes(signature)).decode()}\n" for note, signature in signed]
    return text_file("\n".join(parts), f"evidence-{alarm.pk}.txt")
