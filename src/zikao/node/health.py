"""What a machine asks a node: is it alive, can it work, how is it doing."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from zikao.node.vitals import Vitals, take_vitals

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of the database."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and every migration is applied, else 503 with the reason."""
    problems = _problems()
    return JsonResponse(
        {"status": "not ready" if problems else "ok", "problems": problems}, status=503 if problems else 200
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """The node's numbers as Prometheus text; 503 when the database does not answer."""
    try:
        vitals = take_vitals()
    except DatabaseError:
        return HttpResponse("zikao_up 0\n", content_type=METRICS_TYPE, status=503)
    return HttpResponse("\n".join(_lines(vitals)) + "\n", content_type=METRICS_TYPE)


def missing_migrations() -> list[str]:
    """The migrations that are not applied; raises DatabaseError when the database does not answer."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _problems() -> list[str]:
    try:
        missing = missing_migrations()
    except DatabaseError:
        return ["the database does not answer"]
    return [f"{len(missing)} migrations are not applied"] if missing else []


def _lines(vitals: Vitals) -> Iterator[str]:
    yield "# HELP zikao_up Whether the node and its database answer."
    yield "# TYPE zikao_up gauge"
    yield "zikao_up 1"
    for gauge in vitals.gauges():
        yield f"# HELP {gauge.name} {gauge.meaning}"
        yield f"# TYPE {gauge.name} gauge"
        yield from (f"{gauge.name}{labels} {value}" for labels, value in gauge.values)
