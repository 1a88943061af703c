"""The node's numbers: jobs, ledger, outbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

JOB_STATES = ("todo", "doing", "succeeded", "failed")


@dataclass(frozen=True)
class Gauge:
    """One number (or one for each label) with its meaning."""

    name: str
    meaning: str
    values: list[tuple[str, int | float]]


@dataclass(frozen=True)
class Vitals:
    """How the node is doing now."""

    jobs: dict[str, int] = field(default_factory=dict)

    def gauges(self) -> Iterator[Gauge]:
        """The same as named numbers for Prometheus."""
        jobs = [(f'{{state="{state}"}}', self.jobs.get(state, 0)) for state in JOB_STATES]
        yield Gauge("zikao_jobs", "Jobs in the queue by state.", list(jobs))


def take_vitals() -> Vitals:
    """Read them from the database; raises DatabaseError when it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        jobs = {str(state): int(count) for state, count in cursor.fetchall()}
    return Vitals(jobs=jobs)
