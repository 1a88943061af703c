"""The nodes that this one speaks with: address, keys with their validity, and whether they know our newest keys."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.exchange import commands
from zikao.foundation.exchange.models import Peer
from zikao.foundation.exchange.states import KeyKind
from zikao.foundation.pages import Action, Column, Link, Pill, Table, action, staff_page, table_page, tell
from zikao.portals.secrecy import forms

READERS = frozenset({Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR})
tell(**{"exchange.peer-added": "登记往来节点", "exchange.peer-changed": "更改往来节点"})


def _knows(peer: Peer) -> Pill:
    return Pill("已知新公钥", "done") if not peer.knows_key else Pill("等待对方确认", "due")


def _envelope(peer: Peer) -> Pill:
    return Pill("有", "done") if peer.envelope_key(clock.now()) else Pill("缺，数据暂不发出", "danger")


def _signing(peer: Peer) -> str:
    return "、".join(peer.keys.filter(kind=KeyKind.SIGN, until_at=None).values_list("key_id", flat=True))


@staff_page(posts=READERS)
def peer_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every peer with its keys."""
    table = Table(
        Peer.objects.order_by("code"),
        (
            Column("code", "节点", "node"),
            Column("url", "地址"),
            Column("signing", "签名公钥编号", "code", value=_signing),
            Column("envelope", "加密公钥", "pill", value=_envelope),
            Column("knows", "本节点新公钥", "pill", value=_knows),
        ),
        empty="还没有登记往来节点。",
    )
    intro = "节点之间的数据逐条加密给收件节点、由本节点签名。对方更换密钥时会用旧密钥签名告知，自动采用。"
    acts = [Action("登记节点", "secrecy:add-peer"), Action("更改节点", "secrecy:change-peer")]
    back = Link("密钥", reverse("secrecy:keys"))
    return table_page(request, title="往来节点", intro=intro, table=table, actions=acts, back=back)


add_peer = action(
    commands.add_peer,
    forms.PeerForm,
    title="登记往来节点",
    what="向对方索取两个公钥文件（verify-*.pem、envelope-*.pem），电话核对编号后登记。",
    clause="EA-21.13",
    button="登记",
    done="节点已登记。",
    back="secrecy:peers",
    posts=frozenset({Post.SYSTEM_ADMIN}),
)
change_peer = action(
    commands.change_peer,
    forms.PeerForm,
    title="更改往来节点",
    what="更改地址或公钥。这样换下的旧公钥立即失效；对方正常更换密钥的不用在这里办。",
    clause="EA-21.13",
    button="更改",
    danger=True,
    done="已更改。",
    back="secrecy:peers",
)
