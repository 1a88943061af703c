"""The node's clock a day ahead, then a day behind, while work goes on."""

from __future__ import annotations

import pytest

from tests.faults.node import KilledNode, Told

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
DAY_SECONDS = 86_400


def test_a_clock_a_day_off_loses_nothing_and_the_ledger_holds(killed_node: KilledNode) -> None:
    """Proves: order and gaplessness rest on the server's transactions, not on anybody's clock."""
    told, offset = Told(), killed_node.node.home / "clock-offset"
    try:
        for seconds in (0, DAY_SECONDS, -DAY_SECONDS, 0):
            offset.write_text(str(seconds))
            writers = killed_node.writers(1, "clock")
            killed_node.end(writers, told)
            killed_node.check(told)
    finally:
        offset.unlink()
    days = killed_node.one(
        "SELECT count(DISTINCT at::date) FROM ledger_line WHERE command = 'candidates.registered'"
        " AND abs(extract(epoch FROM at - recorded_at)) > 80000 AND abs(extract(epoch FROM at - recorded_at)) < 90000"
    )
    assert days[0] >= 2  # the lines do say that the clock was off: recorded_at is the server's


def test_a_window_of_the_score_archive_follows_the_servers_clock(killed_node: KilledNode) -> None:
    """Proves: moving the application's clock opens nothing: the archive's windows compare with the server's own."""
    query = (
        "SELECT string_agg(prosrc, ' ') FROM pg_proc JOIN pg_namespace space ON space.oid = pronamespace"
        " WHERE nspname = 'archive'"
    )
    body = killed_node.one(query)[0]
    assert "clock_timestamp()" in body
