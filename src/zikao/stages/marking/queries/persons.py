"""The person behind an act."""

from __future__ import annotations

from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotPermitted


def account_of(actor: Actor) -> int:
    """The account behind an act in which persons are counted; NotPermitted for anyone without one."""
    if actor.account_id is None:
        raise NotPermitted("no-account", message="这一事项要由本人登录后办理。", remedy="请用本人账号登录后办理。")
    return actor.account_id
