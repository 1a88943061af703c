"""My own duties, certificates and pay: what a member of the exam staff sees of themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import staff_page
from zikao.stages.personnel import policies, queries


@staff_page(posts=policies.OWN)
def my_duties(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where I am on duty, when, with whom; which certificates hold."""
    person = queries.person_of_account(actor.account_id)
    today = clock.today()
    context = {
        "person": person,
        "today": today,
        "declarations": person.declarations.order_by("-sitting_code", "id") if person else (),
        "kin": queries.own_kin(person) if person else (),
        "mine": queries.my_duties(person, today) if person else (),
        "certificates": person.certificates.all() if person else (),
        "pay": person.pay_lines.select_related("sheet").order_by("-id")[:20] if person else (),
    }
    return render(request, "personnel/my_duties.html", context)
