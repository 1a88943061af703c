"""The node's keys: which there are, what needs them, and the acts on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import subject_page
from zikao.foundation.custody import commands, policies, queries
from zikao.foundation.custody.models import NodeKey
from zikao.foundation.custody.queries import KeyNow
from zikao.foundation.custody.states import KeyKind, KeyState
from zikao.foundation.custody.uses import uses_of
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Pill,
    Table,
    TrustItem,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    trust_item,
)
from zikao.foundation.secrecy import sealed_fields
from zikao.portals.secrecy import forms

TONES: Mapping[str, Any] = {"held": "info", "retired": "due", "destroyed": "plain"}
PATH = (KeyState.HELD, KeyState.RETIRED, KeyState.DESTROYED)
tell(
    **{
        "custody.keys-recorded": "登记密钥",
        "custody.key-added": "启用新密钥",
        "custody.resealing-ordered": "开始重新加密",
        "custody.reindexing-ordered": "开始重写索引",
        "custody.resealed": "重新加密一批",
        "custody.reindexed": "重写一批索引",
        "custody.key-retired": "停用旧密钥",
        "custody.destruction-proposed": "提请销毁密钥",
        "exchange.peer-keys-learned": "采用对方节点的新公钥",
        "exchange.keys-known-to-peer": "对方节点已知本节点新公钥",
    }
)


def _state(key: KeyNow) -> Pill:
    return Pill(key.state_label, "done" if key.is_newest else "due" if key.state == KeyState.HELD else "plain")


@staff_page(posts=policies.READERS)
def key_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every key that lies here, what is sealed with it, and what should be done now."""
    known = set(queries.node_keys().values_list("key_id", flat=True))
    table = Table(
        queries.keys_now(),
        (
            Column("label", "种类"),
            Column("number", "序号", "number"),
            Column("key_id", "编号", "code"),
            Column("uses", "现有数据", value=lambda key: f"{key.uses:,}" if key.kind == KeyKind.DATA else "—"),
            Column(
                "seals", "加密次数（不超过）", value=lambda key: f"{key.seals:,}" if key.kind == KeyKind.DATA else "—"
            ),
            Column("state", "状态", "pill", value=_state),
        ),
        link=lambda key: reverse("secrecy:key", args=[key.key_id]) if key.key_id in known else "",
        empty="密钥目录中没有密钥。",
    )
    warnings = queries.warnings(clock.now())
    intro = "密钥文件只在服务器的密钥目录中，页面和数据库都看不到密钥本身。" + "".join(
        f"【{each}】" for each in warnings
    )
    acts = [
        Action("更换密钥", "secrecy:rotate"),
        Action("重新加密", "secrecy:reseal"),
        Action("重写索引", "secrecy:reindex"),
    ]
    return table_page(request, title="密钥", intro=intro, table=table, actions=acts)


@staff_page(posts=policies.READERS)
def key_page(request: HttpRequest, actor: Actor, key_id: str) -> HttpResponse:
    """One key: what needs it still, and what may be done with it."""
    key = queries.node_key(key_id)
    newest = not NodeKey.objects.filter(kind=key.kind, number__gt=key.number).exists()
    found = uses_of(key.kind, key.key_id) if key.state == KeyState.HELD and not newest else Counter()
    reached = {KeyState.HELD: key.added_at, KeyState.RETIRED: key.retired_at, KeyState.DESTROYED: key.destroyed_at}
    return object_page(
        request,
        kicker="密钥",
        title=f"{KeyKind(key.kind).label} {key.number:04d}",
        pill=Pill.of(key.state, KeyState, TONES),
        facts={"密钥": _facts(key, newest=newest), "还需要它的数据": _uses(key, found, newest=newest)},
        steps=steps_of(KeyState, key.state, path=PATH, reached={s: at for s, at in reached.items() if at}),
        actions=_actions(key, found.total(), newest=newest),
        history=f"custody.nodekey:{key.pk}",
        back=Link("密钥", reverse("secrecy:keys")),
    )


def _facts(key: NodeKey, *, newest: bool) -> list[Fact]:
    return [
        Fact("编号", key.key_id, "code"),
        Fact(
            "用途", "新数据都用它" if newest else "只用于打开、核验旧数据" if key.state == KeyState.HELD else "不再使用"
        ),
        Fact("启用时间", key.added_at, "datetime", clause="EA-47"),
    ]


def _uses(key: NodeKey, found: Counter[str], *, newest: bool) -> list[Fact]:
    if newest or key.state != KeyState.HELD:
        return [Fact("说明", "最新的密钥始终需要。" if newest else "没有数据需要它。")]
    titles = {field.name: field.title for field in sealed_fields()}
    return [Fact(titles.get(name, "存储的文件"), count, "number") for name, count in found.items()] or [
        Fact("合计", 0, "number", note="可以停用")
    ]


def _actions(key: NodeKey, uses: int, *, newest: bool) -> list[Action]:
    here = {"key_id": key.key_id}
    return [
        Action("停用", "secrecy:retire", here, "移出使用；没有任何数据需要它时才可以。", clause="EA-49.1", danger=True)
        .open_if(key.state == KeyState.HELD, "这个密钥已经停用。", "EA-49.1")
        .open_if(not newest, "最新的密钥正在使用，不能停用。", "EA-49.1")
        .open_if(uses == 0, f"还有 {uses:,} 处数据需要它，先重新加密（或重写索引）。", "EA-49.1")
        .open_if(key.kind != KeyKind.MAC, "防伪标记密钥须长期保留。", "EA-49.1"),
        Action("提请销毁", "secrecy:destroy", here, "由两人签字后覆盖并删除；也可以不销毁，离线封存。", danger=True)
        .open_if(key.state == KeyState.RETIRED, "先停用，再提请销毁。", "EA-49.1"),
    ]  # fmt: skip


rotate = action(
    commands.rotate_key,
    forms.RotateForm,
    title="更换密钥",
    what="增加一个新密钥，所有进程立即改用它；旧密钥仍用来打开、核验旧数据。请先备份密钥目录。",
    clause="EA-47",
    button="启用新密钥",
    done="新密钥已启用。",
    back="secrecy:keys",
    posts=policies.KEEPERS,
    arguments=lambda data: {"kind": KeyKind(data["kind"])},
)
reseal = action(
    commands.order_resealing,
    title="重新加密",
    what="把用旧数据密钥加密的全部数据和文件换成最新密钥。按批进行，中断后接着做，期间照常办公。",
    clause="EA-47",
    button="开始",
    done="已开始重新加密。",
    back=lambda receipt, **kwargs: (
        reverse("work:one", args=[receipt.value.pk]) if receipt.value else reverse("work:mine")
    ),
)
reindex = action(
    commands.order_reindexing,
    title="重写索引",
    what="把查找用的索引换成最新索引密钥。期间新旧两种索引都能查到人。",
    clause="EA-47",
    button="开始",
    done="已开始重写索引。",
    back=lambda receipt, **kwargs: (
        reverse("work:one", args=[receipt.value.pk]) if receipt.value else reverse("work:mine")
    ),
)
retire = action(
    commands.retire_key,
    title="停用旧密钥",
    what="移入密钥目录的 retired/。系统先数遍全部加密的列和文件，还有一处需要它就不停用。",
    clause="EA-49.1",
    button="停用",
    danger=True,
    done="已停用。请离线封存。",
    back="secrecy:key",
    posts=policies.KEEPERS,
)
destroy = action(
    commands.propose_destruction,
    forms.DestroyForm,
    title="提请销毁密钥",
    what="两人签字后，密钥文件即被覆盖并删除；停用之前的备份从此不能再解开。",
    clause="EA-49.1",
    button="提请销毁",
    danger=True,
    done="已提请，等待两人签字。",
    back="secrecy:key",
)


def _page_of_key(pk: int) -> str:
    key_id = NodeKey.objects.filter(pk=pk).values_list("key_id", flat=True).first()
    return reverse("secrecy:key", args=[key_id]) if key_id else ""


subject_page("custody.nodekey", _page_of_key)


@trust_item("keys", order=70, title="密钥")
def keys_trusted(actor: Actor, at: datetime) -> TrustItem:
    """Whether a key is too old, has sealed too much, or is still needed beside a newer one."""
    warnings, url = queries.warnings(at), reverse("secrecy:keys")
    if warnings:
        return TrustItem("密钥", "due", warnings[0], url=url, clause="EA-47")
    return TrustItem("密钥", "ok", "全部数据用最新数据密钥加密，次数和使用时间在限度之内。", url=url, clause="EA-47")
