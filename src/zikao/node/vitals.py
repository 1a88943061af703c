"""The node's numbers: ledger, outbox, jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection

from zikao.foundation.ledger.models import Batch, Checkpoint, Line

JOB_STATES = ("todo", "doing", "succeeded", "failed")


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
    outbox: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    def lines(self) -> Iterator[tuple[str, str]]:
        """The same for people."""
        yield "账本", f"{self.ledger_lines:,} 行，已入树 {self.ledger_sequenced:,}"
        yield "最近检查点", f"{self.checkpoint_size:,} 行，{self.checkpoint_at}" if self.checkpoint_at else "尚无"
        yield "发件箱", "，".join(f"{state} {count}" for state, count in sorted(self.outbox.items())) or "空"
        yield "队列", "，".join(f"{state} {self.jobs.get(state, 0)}" for state in JOB_STATES)

    def gauges(self) -> Iterator[Gauge]:
        """The same as named numbers for Prometheus."""
        yield Gauge("zikao_ledger_lines", "Lines in the ledger.", [("", self.ledger_lines)])
        yield Gauge("zikao_ledger_sequenced", "Ledger lines that are in the tree.", [("", self.ledger_sequenced)])
        yield Gauge("zikao_ledger_checkpoint", "Lines under the last signed checkpoint.", [("", self.checkpoint_size)])
        outbox = [(f'{{state="{state}"}}', count) for state, count in sorted(self.outbox.items())]
        yield Gauge("zikao_outbox_messages", "Messages to other nodes by state.", outbox)
        jobs = [(f'{{state="{state}"}}', self.jobs.get(state, 0)) for state in JOB_STATES]
        yield Gauge("zikao_jobs", "Jobs in the queue by state.", jobs)


def take_vitals() -> Vitals:
    """Read them from the database; raises DatabaseError when it does not answer."""
    batch = Batch.objects.order_by("-id").first()
    last = Checkpoint.objects.order_by("-tree_size").first()
    return Vitals(
        ledger_lines=Line.objects.count(),
        ledger_sequenced=batch.tree_size if batch else 0,
        checkpoint_size=last.tree_size if last else 0,
        checkpoint_at=last.signed_at.isoformat() if last else "",
        outbox=_by_state("exchange_outgoing", "state") if apps.is_installed("zikao.foundation.exchange") else {},
        jobs=_by_state("procrastinate_jobs", "status"),
    )


def _by_state(table: str, column: str) -> dict[str, int]:
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name(column)}::text, count(*) FROM {name(table)} GROUP BY 1")  # noqa: S608
        return {str(state): int(count) for state, count in cursor.fetchall()}
