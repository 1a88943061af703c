"""The node's numbers: ledger, outbox, jobs, and its state of trust."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.urls import get_resolver
from django.utils.timezone import localtime

from zikao.foundation import clock
from zikao.foundation.actors import node_actor
from zikao.foundation.commands import all_rows
from zikao.foundation.exchange.queries import Balance, balance
from zikao.foundation.ledger.models import Batch, Checkpoint, Line
from zikao.foundation.pages import state_of_trust

JOB_STATES = {"todo": "待办", "doing": "在办", "succeeded": "完成", "failed": "失败"}
TRUST_STATES = {"ok": "正常", "due": "待处理", "broken": "异常"}


@dataclass(frozen=True)
class Gauge:
    """One number, or one for each label, with its meaning."""

    name: str
    meaning: str
    values: Sequence[tuple[str, int | float]]


@dataclass(frozen=True)
class Vitals:
    """How the node is doing now."""

    ledger_lines: int
    ledger_sequenced: int
    checkpoint_size: int
    checkpoint_at: str
    outbox: list[Balance]
    jobs: dict[str, int]
    trust: list[dict[str, str]]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    def lines(self) -> Iterator[tuple[str, str]]:
        """The same for people."""
        yield "台账", f"{self.ledger_lines:,} 行，已编入哈希树 {self.ledger_sequenced:,} 行"
        yield "最近检查点", f"{self.checkpoint_size:,} 行，{self.checkpoint_at}" if self.checkpoint_at else "尚无"
        for each in self.outbox:
            sums = f"发出 {each.sent} = 接受 {each.accepted} + 拒绝 {each.rejected} + 待送达 {each.pending}"
            yield f"与 {each.peer} 往来", sums if each.holds else f"{sums}（不相符！）"
        yield "队列", "，".join(f"{label} {self.jobs.get(state, 0)}" for state, label in JOB_STATES.items())
        for item in self.trust:
            yield f"信任 · {item['title']}", f"{TRUST_STATES[item['state']]}，{item['sentence']}"

    def gauges(self) -> Iterator[Gauge]:
        """The same as named numbers for Prometheus."""
        yield Gauge("zikao_ledger_lines", "Lines in the ledger.", [("", self.ledger_lines)])
        yield Gauge("zikao_ledger_sequenced", "Ledger lines that are in the tree.", [("", self.ledger_sequenced)])
        yield Gauge("zikao_ledger_checkpoint", "Lines under the last signed checkpoint.", [("", self.checkpoint_size)])
        yield Gauge("zikao_outbox_messages", "Messages to other nodes by state.", list(self._outbox_values()))
        jobs = [(f'{{state="{state}"}}', self.jobs.get(state, 0)) for state in JOB_STATES]
        yield Gauge("zikao_jobs", "Jobs in the queue by state.", jobs)
        trust = [(f'{{state="{state}"}}', sum(each["state"] == state for each in self.trust)) for state in TRUST_STATES]
        yield Gauge("zikao_trust_items", "Items of the state of trust by state.", trust)

    def _outbox_values(self) -> Iterator[tuple[str, int]]:
        for each in self.outbox:
            for state in ("accepted", "rejected", "pending"):
                yield f'{{peer="{each.peer}",state="{state}"}}', getattr(each, state)


def take_vitals() -> Vitals:
    """Read them from the database; raises DatabaseError when it does not answer."""
    batch = Batch.objects.order_by("-id").first()
    last = Checkpoint.objects.order_by("-tree_size").first()
    return Vitals(
        ledger_lines=Line.objects.count(),
        ledger_sequenced=batch.tree_size if batch else 0,
        checkpoint_size=last.tree_size if last else 0,
        checkpoint_at=localtime(last.signed_at).isoformat(timespec="seconds") if last else "",
        outbox=balance(),
        jobs=_jobs(),
        trust=_trust(),
    )


def _trust() -> list[dict[str, str]]:
    get_resolver().url_patterns  # noqa: B018 - rooms register their items with their pages
    with all_rows("节点自查：信任状态的数目跨机构"):
        found = state_of_trust(node_actor(), clock.now())
    return [
        {
            "title": item.title,
            "state": item.state,
            "sentence": item.sentence,
            "since": item.since.isoformat() if item.since else "",
            "clause": item.clause,
        }
        for item in found
    ]


def _jobs() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        return {str(state): int(count) for state, count in cursor.fetchall()}
