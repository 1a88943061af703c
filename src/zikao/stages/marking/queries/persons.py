"""The person behind an act."""

from __future__ import annotations

from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotPermitted
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.states import PersonKind


def account_of(actor: Actor) -> int:
    """The account behind an act in which persons are counted; NotPermitted for anyone without one."""
    if actor.account_id is None:
        raise NotPermitted("no-account", message="这一事项要由本人登录后办理。", remedy="请用本人账号登录后办理。")
    return actor.account_id


def full_time_person(by: Actor) -> Person | None:
    """The full-time member of the exam staff behind an account, if it is one."""
    return Person.objects.filter(account_id=account_of(by), kind=PersonKind.FULL).first()
