"""What an act is upon, in words above its title: nobody acts on a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access
from zikao.stages.agencies.queries import site_of
from zikao.stages.personnel import policies, queries
from zikao.stages.personnel.models import Declaration, DispatchPlace, Kin, PayLine, Person, Posting


def person(actor: Actor, person_id: int, **url: object) -> str:
    """A member of the exam staff and their unit."""
    return str(queries.person_of(actor, person_id))


def certificate(actor: Actor, certificate_id: int, **url: object) -> str:
    """A certificate and its holder."""
    found = queries.certificate_of(actor, certificate_id)
    return f"{found.person}　{found}"


def posting(actor: Actor, posting_id: int, **url: object) -> str:
    """A post and its holder."""
    found = access(Posting.objects.select_related("person"), actor, pk=posting_id)
    return f"{found.person}　{found}"


def duty(actor: Actor, duty_id: int, **url: object) -> str:
    """Who is on which duty, where and when."""
    found = queries.duty_of(actor, duty_id)
    room = f"第{found.room.number}考场" if found.room else ""
    return f"{found.person}　{found.sitting_code} {found.site.name} {found.span}{room} {found.get_post_kind_display()}"


def of_another(name: Callable[..., str], message: str, **model: type[Model]) -> Callable[..., str]:
    """The name of what is acted upon; the form does not open for who acts on what concerns themselves.

    `model` says by which part of the address the person is found: `flag_id=InterestFlag`.
    """
    ((key, what),) = model.items()

    def named(actor: Actor, **url: Any) -> str:
        said = name(actor, **url)
        found = what._default_manager.get(pk=url[key])
        whose = found if isinstance(found, Person) else getattr(found, "person", None)
        if isinstance(whose, Person):
            policies.check_not_oneself(actor, whose, message)
        return said

    return named


def declaration(actor: Actor, declaration_id: int, **url: object) -> str:
    """A declared interest and whose it is."""
    rows = Declaration.objects.select_related("person")
    found = access(rows, actor, "person__agency_code", pk=declaration_id)
    return f"{found.person}　{found}"


def kin(actor: Actor, kin_id: int, **url: object) -> str:
    """A declared relative and of whom."""
    found = access(Kin.objects.select_related("person"), actor, pk=kin_id)
    return f"{found.person}　{found.get_relation_display()} {found.name}"


def flag(actor: Actor, flag_id: int, **url: object) -> str:
    """A sign of an interest and of whom."""
    found = queries.flag_of(actor, flag_id)
    return f"{found.person}　{found}"


def record(actor: Actor, record_id: int, **url: object) -> str:
    """A conduct record and of whom."""
    found = queries.conduct_record_of(actor, record_id)
    return f"{found.person}　{found.happened_on} {found.text}"


def course(actor: Actor, course_id: int, **url: object) -> str:
    """A training course."""
    return str(queries.course_of(actor, course_id))


def site(actor: Actor, site_id: int, sitting_code: str, **url: object) -> str:
    """A site in a sitting."""
    return f"{site_of(actor, site_id)}　{dict(queries.sittings()).get(sitting_code, sitting_code)}"


def sheet(actor: Actor, sheet_id: int, **url: object) -> str:
    """A pay sheet and what it comes to."""
    found = queries.sheet_of(actor, sheet_id)
    return f"{found}　合计 {found.total_fen / 100:,.2f} 元"


def line(actor: Actor, line_id: int, **url: object) -> str:
    """Whose pay for which post, as it stands."""
    rows = PayLine.objects.select_related("person", "sheet__site")
    found = access(rows, actor, "sheet__agency_code", pk=line_id)
    return f"{found.sheet}　{found.person}　{found.get_post_kind_display()} 原为 {found.quantity}"


def place(actor: Actor, place_id: int, **url: object) -> str:
    """Who was sent where."""
    rows = DispatchPlace.objects.select_related("person", "site")
    found = access(rows, actor, "dispatch__agency_code", pk=place_id)
    return f"{found.person}　{found.site}　{found}"
