"""What the node says of its trust outside the pages: status, metrics, files to take away."""

from __future__ import annotations

import json

import pytest

from tests.factories.witness import lines_written
from zikao.node import nodes
from zikao.node.cli import main
from zikao.node.vitals import take_vitals

committed = pytest.mark.django_db(transaction=True)


class Here:
    """The test's own node, entered already."""

    def enter(self) -> None:
        """Nothing to do."""


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(nodes, "existing_node", lambda code, say: Here())


@pytest.mark.django_db
def test_status_and_metrics_tell_the_state_of_trust():
    vitals = take_vitals()
    titles = {each["title"] for each in vitals.trust}
    assert {"账本检查点", "见证", "账本核验"} <= titles
    assert json.dumps(vitals.as_dict(), ensure_ascii=False)
    assert any(label == "信任 · 见证" for label, _ in vitals.lines())
    gauge = next(each for each in vitals.gauges() if each.name == "zikao_trust_items")
    assert sum(count for _, count in gauge.values) == len(vitals.trust)


@committed
def test_ledger_and_keys_are_taken_away_and_verified_by_commands(here, at, tmp_path, capsys):
    lines_written(at, 9)
    ledger, keys = tmp_path / "ledger.zkl", tmp_path / "keys.json"
    assert main(["export", "ledger", str(ledger)]) == 0
    assert main(["export", "keys", str(keys)]) == 0
    assert main(["verify", "ledger", "--export", str(ledger), "--keys", str(keys)]) == 0
    assert "台账完整" in capsys.readouterr().out
    assert main(["export", "keys", str(keys)]) == 1
    assert "从不覆盖" in capsys.readouterr().err
    assert main(["export", "ledger", str(tmp_path / "no" / "such")]) == 1
