"""The keys of the node as they lie there and as the ledger knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from zikao.foundation import crypto
from zikao.foundation.clock import local_day
from zikao.foundation.custody.models import NodeKey
from zikao.foundation.custody.states import KeyKind, KeyState
from zikao.foundation.custody.uses import data_uses, stale_total
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import parameter


@dataclass(frozen=True)
class KeyNow:
    """A key: what it is, its state, what is sealed with it now, and how often it was used to seal (at most)."""

    kind: str
    number: int
    key_id: str
    state: str
    uses: int
    seals: int
    is_newest: bool

    @property
    def label(self) -> str:
        """The kind's name."""
        return str(KeyKind(self.kind).label)

    @property
    def state_label(self) -> str:
        """In words, with whether it is the one that is used for new things."""
        return "在用（最新）" if self.is_newest else str(KeyState(self.state).label)


def keys_now() -> list[KeyNow]:
    """Every key that lies in the directory, with its use."""
    files, uses = crypto.key_files(Path(settings.ZIKAO_KEYS)), data_uses()
    newest = {each.kind: each.key_id for each in files if not each.is_retired}
    return [
        KeyNow(
            each.kind,
            each.number,
            each.key_id,
            KeyState.RETIRED if each.is_retired else KeyState.HELD,
            sum(uses.get(each.key_id, {}).values()),
            crypto.seals_of(Path(settings.ZIKAO_KEYS), each.key_id),
            newest.get(each.kind) == each.key_id,
        )
        for each in files
    ]


def node_keys() -> QuerySet[NodeKey]:
    """The keys as recorded, destroyed ones as well."""
    return NodeKey.objects.order_by("kind", "-number")


def node_key(key_id: str) -> NodeKey:
    """One key; NotFound where there is none."""
    found = NodeKey.objects.filter(key_id=key_id).first()
    if found is None:
        raise NotFound("key-not-found", facts={"key": key_id}, message=f"没有编号为 {key_id} 的密钥。")
    return found


def warnings(at: datetime) -> list[str]:
    """What the keepers of the keys should do now."""
    day, told = local_day(at), []
    current = crypto.data_key_id()
    seals, limit = crypto.seals_of(Path(settings.ZIKAO_KEYS), current), parameter("data-key-seals-warning").on(day)
    if seals >= limit:
        told.append(f"数据密钥已加密约 {seals:,} 次，达到 {limit:,} 次的提示线，请更换数据密钥。")
    days = int(parameter("data-key-age-warning").on(day))
    known = NodeKey.objects.filter(key_id=current).first()
    if known is not None and at - known.added_at >= timedelta(days=days):
        told.append(f"数据密钥已使用满 {days} 天，请更换数据密钥。")
    if stale := stale_total():
        told.append(f"还有 {stale:,} 处数据用旧数据密钥加密，请运行重新加密。")
    return told
