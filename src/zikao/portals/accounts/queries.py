"""What the pages of accounts read: agencies' names, second factors, the journal of sign-ins, resets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from zikao.foundation.access import second_factor
from zikao.foundation.access.models import Account, FactorReset, SignIn, TotpDevice
from zikao.foundation.access.states import SignInEvent
from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.pages import Column, Fact, Pill
from zikao.foundation.pages.parts import Tone
from zikao.stages.agencies.models import Agency

TONES: dict[str, Tone] = {
    SignInEvent.CAME_IN: "done",
    SignInEvent.WRONG_PASSWORD: "due",
    SignInEvent.WRONG_FACTOR: "danger",
    SignInEvent.WRONG_AGAIN: "due",
    SignInEvent.HELD_OFF: "danger",
    SignInEvent.NO_POST: "due",
}


def agencies_offered(actor: Actor) -> list[Agency]:
    """The agencies of the actor's subtree, by code."""
    return list(scoped(Agency.objects.order_by("code"), actor, "code"))


def agency_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of agencies by code; the centre's is the empty code."""
    found = dict(Agency.objects.filter(code__in=set(codes)).values_list("code", "name"))
    return {"": "教育部考试中心", **found}


def factor_facts(account: Account, at: datetime) -> list[Fact]:
    """The second factors of an account, each with its day and last use; what is missing is said."""
    facts = []
    device = TotpDevice.objects.filter(account=account).first()
    if device is not None:
        facts.append(Fact("动态码", device.since_at, "datetime", note=_last_used(device.last_used_at)))
    for key in account.passkeys.all():
        facts.append(Fact(f"通行密钥 {key.name}", key.since_at, "datetime", note=_last_used(key.last_used_at)))
    if facts:
        return [*facts, Fact("备用码", f"还有 {second_factor.codes_left(account)} 个没有用")]
    if second_factor.is_required(account, at):
        return [Fact("还没有设置", "岗位要求第二重验证，下次登录时须先设置。", clause="EA-47")]
    return [Fact("还没有设置", "岗位不要求；设置后账号更安全。")]


def _last_used(at: datetime | None) -> str:
    return f"最近使用 {at:%Y-%m-%d}" if at else "还没有用过"


def sign_ins(actor: Actor) -> QuerySet[SignIn]:
    """The journal of the actor's subtree; failures of names that nobody has are the node's own."""
    rows = SignIn.objects.all()
    return rows if not actor.agency_code else scoped(rows, actor)


def sign_ins_of(account: Account) -> QuerySet[SignIn]:
    """One's own lines of the journal."""
    return SignIn.objects.filter(account_id=account.pk)


def event_pill(row: SignIn) -> Pill:
    """What happened, with its colour."""
    return Pill.of(row.event, SignInEvent, TONES)


SIGN_IN_COLUMNS: tuple[Column, ...] = (
    Column("at", "时间", "datetime", sortable=True),
    Column("event", "事项", "pill", value=event_pill),
    Column("factor", "第二重验证", value=lambda row: row.get_factor_display() or "—"),
    Column("address", "地址", "code"),
    Column("device", "设备", value=lambda row: row.device or "未知"),
)


def named(rows: Iterable[Any]) -> dict[int, str]:
    """The people of some lines of the journal, by account."""
    wanted = {row.account_id for row in rows if row.account_id is not None}
    return {each.pk: str(each) for each in Account.objects.filter(pk__in=wanted)}


def resets(actor: Actor) -> QuerySet[FactorReset]:
    """Requests to reset second factors in the actor's subtree, the newest first."""
    rows = FactorReset.objects.select_related("account", "asked_by", "decided_by")
    return scoped(rows, actor, "account__agency_code")


def reset(actor: Actor, reset_id: int) -> FactorReset:
    """One request in the actor's subtree; NotFound elsewhere."""
    return access(resets(actor), actor, "account__agency_code", pk=reset_id)
