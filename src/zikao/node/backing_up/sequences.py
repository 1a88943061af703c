"""Messages between nodes after a restore to an earlier instant: which numbers each side knows, and what is missing.

A restored node may have forgotten messages that it had answered, and messages it had sent. Each peer prints what it
knows (`zikao node sequences --json`), the restored node compares. Nothing is mended silently: a peer sends again what
was lost here, and what we had sent is known to the peer, by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

_SQL = """
SELECT peer.code, peer.last_sequence,
       (SELECT coalesce(max(sequence), 0) FROM exchange_inbox WHERE peer_id = peer.id),
       (SELECT coalesce(array_agg(number ORDER BY number), '{}')
        FROM generate_series(1, (SELECT max(sequence) FROM exchange_inbox WHERE peer_id = peer.id)) AS number
        WHERE NOT EXISTS (SELECT FROM exchange_inbox inbox WHERE inbox.peer_id = peer.id AND inbox.sequence = number))
FROM exchange_peer peer ORDER BY 1
"""


@dataclass(frozen=True)
class Known:
    """What this node knows of one peer: the last number sent and received, and the numbers missing in between."""

    peer: str
    sent: int
    received: int
    gaps: tuple[int, ...]


def known_sequences() -> list[Known]:
    """What this node knows of every peer."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        return [Known(code, sent, received, tuple(gaps)) for code, sent, received, gaps in cursor.fetchall()]


def compare(here: str, ours: list[Known], theirs: Mapping[str, list[Known]]) -> Iterator[str]:
    """What two nodes know differently, in sentences; `theirs` are the statements of the peers by their code."""
    for mine in ours:
        said = next((each for each in theirs.get(mine.peer, ()) if each.peer == here), None)
        if said is None:
            yield f"{mine.peer}：没有对方的说明，请对方执行 ./zikao node sequences --json 并提供结果。"
            continue
        if said.received > mine.sent:
            lost = f"{mine.sent + 1} 至 {said.received}"
            yield f"{mine.peer}：对方收到过本节点第 {lost} 号消息，本节点已没有记录；请对方导出核对，不要重发。"
        if said.sent > mine.received:
            lost = f"{mine.received + 1} 至 {said.sent}"
            yield f"{mine.peer}：对方发出过第 {lost} 号消息，本节点没有收到的记录；请对方对其中已获答复的逐件补发。"
        if mine.gaps:
            numbers = "、".join(map(str, mine.gaps[:20]))
            yield f"{mine.peer}：收到的消息缺第 {numbers} 号{'等' if len(mine.gaps) > 20 else ''}。"
