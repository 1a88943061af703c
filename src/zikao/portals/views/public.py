"""What everybody may read: timetable, exam-room rules, clauses, the open ledger."""

from __future__ import annotations

from base64 import b64encode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import public_page
from zikao.foundation.regulation import Clause, clauses
from zikao.portals import queries
from zikao.stages.candidates.room_rules import conducts, room_rules


@public_page
def home(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """What one can do here."""
    return render(request, "portals/public_home.html", {"sittings": queries.published_sittings()[:3]})


@public_page
def rules(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The rules of the exam room, in plain words, each with its clause."""
    found = room_rules(clock.today(), settings.ZIKAO_NODE_CODE or None)
    return render(request, "portals/rules.html", {"rules": found, "conducts": conducts()})


@public_page
def timetable(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The published timetables, searchable by course and major."""
    sittings = queries.published_sittings()
    asked = request.GET.get("sitting", "")
    sitting = next((s for s in sittings if s.code == asked), sittings[0] if sittings else None)
    words = request.GET.get("q", "").strip()
    days = queries.timetable_of(sitting, words) if sitting else []
    context = {"sittings": sittings, "sitting": sitting, "days": days, "words": words}
    return render(request, "portals/timetable.html", context)


@public_page
def clause_register(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """All clauses of both regulations, searchable."""
    words = request.GET.get("q", "").strip()
    found = [c for c in clauses() if c.id == words] or [c for c in clauses() if _matches(c, words)]
    groups = [
        ("考务工作规定", [c for c in found if c.regulation == "EA"]),
        ("考籍管理规定", [c for c in found if c.regulation == "SR"]),
    ]
    return render(request, "portals/clauses.html", {"words": words, "groups": groups, "count": len(found)})


def _matches(clause: Clause, words: str) -> bool:
    text = f"{clause.id} {clause.chip} {clause.citation} {clause.title} {clause.summary}"
    return all(word.lower() in text.lower() for word in words.split())


@public_page
def ledger(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The last signed head of the ledger, for anyone to keep and compare."""
    last = queries.last_checkpoint()
    context = {"last": last, "root": bytes(last.root).hex() if last else ""}
    return render(request, "portals/ledger.html", context)


@public_page
def checkpoint(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The note and its signature, as text to keep."""
    last = queries.last_checkpoint()
    if last is None:
        raise NotFound("no-checkpoint", message="账本还没有签发过检查点。", remedy="请稍后再来。")
    text = f"{last.note}\n— {b64encode(bytes(last.signature)).decode()}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
