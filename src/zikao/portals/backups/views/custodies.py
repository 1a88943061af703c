"""Custodies: who holds which key, where the copies go, hand-overs with both present."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.access.reauthentication import reauthenticate
from zikao.foundation.actors import Actor
from zikao.foundation.backups import commands, queries
from zikao.foundation.backups.commands.custody import HANDING
from zikao.foundation.backups.models import CustodyKey
from zikao.foundation.backups.states import Custody
from zikao.foundation.errors import BadInput
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Pill,
    Step,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
)
from zikao.portals.backups import forms, policies


def _is_active(key: CustodyKey) -> bool:
    return not hasattr(key, "successor")


def _state(key: CustodyKey) -> Pill:
    return Pill("现行", "done") if _is_active(key) else Pill("已交接")


@staff_page(posts=policies.READERS)
def custody_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every custody key."""
    table = Table(
        queries.custody_keys().select_related("successor"),
        (
            Column("custody", "保管方", value=lambda row: row.get_custody_display()),
            Column("holder_name", "保管人"),
            Column("holder_unit", "单位"),
            Column("key_id", "公钥编号", "code"),
            Column("place", "存放处", value=_place_of),
            Column("registered_at", "登记时间", "datetime"),
            Column("state", "状态", "pill", value=_state),
        ),
        link=lambda row: reverse("backups:custody", args=[row.pk]),
        order="-id",
        empty="还没有登记任何保管方。",
    )
    acts = [Action("登记公钥", "backups:register"), Action("设定存放处", "backups:place")]
    intro = "业务部门和纪检监察部门分别独立掌管备份，私钥由保管人带走；节点自身的密钥另由“密钥托管”保管。"
    return table_page(request, title="备份保管", intro=intro, table=table, actions=acts)


def _place_of(key: CustodyKey) -> str:
    where = queries.destination(key.custody)
    return f"{where.url}{'（异地）' if where.is_off_site else ''}" if where is not None else "—"


@staff_page(posts=policies.READERS)
def custody_page(request: HttpRequest, actor: Actor, key_id: int) -> HttpResponse:
    """One custody key: holder, predecessor, hand-over."""
    key = queries.custody_key(key_id)
    hand = Action(
        "交接", "backups:hand-over", {"key_id": key.pk}, "更换保管人和密钥，移交人、接收人双方在场。", clause="SR-A1.11"
    )
    return object_page(
        request,
        kicker="备份保管",
        title=f"{key.get_custody_display()} · {key.holder_name}",
        pill=_state(key),
        facts=[
            Fact("公钥编号", key.key_id, "code", clause="SR-A1.11", note="与保管人抄录的编号核对"),
            Fact("保管单位", key.holder_unit),
            Fact("登记时间", key.registered_at, "datetime"),
            Fact("存放处", _place_of(key), clause="SR-10.2"),
            Fact("前一公钥", key.predecessor.key_id if key.predecessor else "—", "code"),
        ],
        steps=(
            Step("现行", "present" if _is_active(key) else "past", key.registered_at),
            Step("已交接", "future" if _is_active(key) else "present"),
        ),
        actions=[hand.open_if(_is_active(key), "这把公钥已经交接，请打开现行的公钥。")],
        history=f"backups.custodykey:{key.pk}",
        back=Link("备份保管", reverse("backups:custodies")),
    )


def _with_proofs(data: dict[str, Any]) -> Mapping[str, Any]:
    """Both prove who they are; what is left are the command's own arguments."""
    kept = {name: data[name] for name in ("holder_name", "holder_unit", "public_key")}
    for side in ("handing", "receiving"):
        account = Account.objects.filter(username=data[f"{side}_username"], is_active=True).first()
        if account is None:
            raise BadInput("account-not-found", field_errors={f"{side}_username": "没有这个账号，或已经注销。"})
        kept[f"{side}_account_id"] = account.pk
        kept[f"{side}_proof"] = _proof(account.pk, side, data)
    return kept


def _proof(account_id: int, side: str, data: Mapping[str, str]) -> int:
    secret, code = data[f"{side}_secret"], data[f"{side}_code"]
    try:
        return reauthenticate(account_id=account_id, secret=secret, code=code, at=clock.now(), purpose=HANDING)
    except BadInput as error:
        placed = {f"{side}_{name}": text for name, text in error.field_errors.items()}
        raise BadInput(error.code, field_errors=placed, message=error.message) from None


register = action(
    commands.register_custody_key,
    forms.KeyForm,
    title="登记公钥",
    what="今后的备份都加密给这把公钥。私钥只在保管人手里，本系统从不接触。",
    clause="SR-A1.11",
    button="登记",
    done="公钥已登记。",
    posts=policies.ORDERERS,
    back=lambda receipt, **kwargs: reverse("backups:custody", args=[receipt.value.pk]),
)
place = action(
    commands.set_destination,
    forms.PlaceForm,
    title="设定存放处",
    what="今后该方的备份写到这里。改换后请立即做一次全量备份；旧存放处的备份仍由该方保管。",
    clause="SR-10.2",
    button="设定",
    done=lambda receipt: f"{Custody(receipt.value.custody).label}的备份今后写到 {receipt.value.url}。",
    posts=policies.ORDERERS,
    back="backups:custodies",
)
hand_over = action(
    commands.hand_over_custody,
    forms.HandOverForm,
    title="备份保管交接",
    what="移交人、接收人同时在场，各填本人账号和密码。交接后的备份加密给新公钥；以前的备份仍由旧私钥开启，旧私钥应一并移交。",
    clause="SR-A1.11",
    button="确认交接",
    done="已交接。",
    arguments=_with_proofs,
    back=lambda receipt, **kwargs: reverse("backups:custody", args=[receipt.value.pk]),
)
