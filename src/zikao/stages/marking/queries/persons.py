"""The person behind an act."""

from __future__ import annotations

from django.db.models import Count

from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotPermitted
from zikao.stages.marking.models import Mark
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.queries.registers import tells_marked
from zikao.stages.personnel.states import Done, PersonKind, PostKind


def account_of(actor: Actor) -> int:
    """The account behind an act in which persons are counted; NotPermitted for anyone without one."""
    if actor.account_id is None:
        raise NotPermitted("no-account", message="这一事项要由本人登录后办理。", remedy="请用本人账号登录后办理。")
    return actor.account_id


def full_time_person(by: Actor) -> Person | None:
    """The full-time member of the exam staff behind an account, if it is one."""
    return Person.objects.filter(account_id=account_of(by), kind=PersonKind.FULL).first()


@tells_marked
def marked(sitting_code: str) -> list[Done]:
    """How many questions of scripts each registered marker of a sitting marked."""
    rows = Mark.objects.filter(script__paper__sitting__code=sitting_code).order_by("marker_account_id")
    counts = dict(rows.values_list("marker_account_id").annotate(Count("id")))
    people = Person.objects.filter(account_id__in=counts).order_by("id").values_list("pk", "account_id")
    return [Done(person, PostKind.MARKER, counts[account]) for person, account in people if account is not None]
