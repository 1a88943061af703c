"""What is sealed with which key, counted over every registered column and every stored file."""

from __future__ import annotations

from collections import Counter

from django.db import connection

from zikao.foundation import crypto
from zikao.foundation.commands import all_rows
from zikao.foundation.custody.reindexing import stale_indexes
from zikao.foundation.exchange.models import Outbox, Peer
from zikao.foundation.exchange.states import MessageState
from zikao.foundation.secrecy import sealed_fields

FILES = "storage.files"
WHY = "EA-47：密钥更换须覆盖全部数据"


def data_uses() -> dict[str, Counter[str]]:
    """By data key id, how many rows of each sealed column (and how many stored files) need it."""
    uses: dict[str, Counter[str]] = {}
    with all_rows(WHY), connection.cursor() as cursor:
        for field in sealed_fields():
            table, column = field.model_class._meta.db_table, field.column
            cursor.execute(
                f'SELECT encode(substring("{column}" FROM 2 FOR 4), \'hex\'), count(*) FROM "{table}"'  # noqa: S608
                f' WHERE "{column}" IS NOT NULL GROUP BY 1'
            )
            for key_id, count in cursor.fetchall():
                uses.setdefault(key_id, Counter())[field.name] = count
        cursor.execute(
            "SELECT key_id, count(*) FROM storage_storedfile stored WHERE NOT EXISTS"
            " (SELECT FROM storage_erasedfile gone WHERE gone.digest = stored.digest) GROUP BY 1"
        )
        for key_id, count in cursor.fetchall():
            uses.setdefault(key_id, Counter())[FILES] = count
    return uses


def stale_total() -> int:
    """How many rows and files are not sealed with the newest data key."""
    newest = crypto.data_key_id()
    return sum(sum(found.values()) for key_id, found in data_uses().items() if key_id != newest)


def uses_of(kind: str, key_id: str) -> Counter[str]:
    """What still needs a key that is not the newest of its kind, by column."""
    if kind == "data":
        return data_uses().get(key_id, Counter())
    if kind == "index":
        with all_rows(WHY):
            return stale_indexes()
    return Counter()


def peers_unaware(kind: str) -> int:
    """How many peers have not yet answered that they know this node's newest keys."""
    if kind not in ("sign", "agree"):
        return 0
    waiting = Outbox.objects.filter(kind="exchange.keys", state=MessageState.PENDING).values("peer_id")
    return (Peer.objects.exclude(knows_key="") | Peer.objects.filter(pk__in=waiting)).distinct().count()
