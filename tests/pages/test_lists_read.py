"""Lists that no spreadsheet program writes: told in words, never a failure."""

from __future__ import annotations

from datetime import date

import pytest

from zikao.foundation.sheets import read_list
from zikao.stages.candidates.forms.rows import parse_candidates_csv
from zikao.stages.conduct.forms.sheets import SheetsForm
from zikao.stages.entries.gateway import statements
from zikao.stages.personnel.forms.rows import parse_staff_csv
from zikao.stages.personnel.forms.training import ScoresForm
from zikao.stages.results.forms.scores import parse_scores_csv

HUGE_CELL = b"a" * 140_000
UNREADABLE = [HUGE_CELL + b",b\n1,2\n", b'a,"b' + HUGE_CELL]


@pytest.mark.parametrize("data", UNREADABLE)
def test_list_with_a_huge_cell_is_refused_in_words(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for problems in (parse_candidates_csv(data)[1], parse_staff_csv(data)[1], parse_scores_csv(data)[1]):
        assert problems
        assert "field" not in problems[0].reason
    assert read_list(data, ("a", "b"), ("a",)).faults
    for form in (
        ScoresForm({"scores": data.decode(), "assessed_on": "2026-08-20"}),
        SheetsForm({"text": data.decode()}, rooms={}, on_duty={}),
    ):
        assert not form.is_valid()
        assert "一格太长" in str(form.errors)
    monkeypatch.setattr(statements, "is_mac", lambda body, mac: True)
    with pytest.raises(statements.BadStatement):
        statements.read(data + b"hmac-sm3,00", date(2026, 8, 20))
