"""Each worked case of law/cases is one test."""

import pytest

from zikao.foundation.regulation import WorkedCase, cases, check_case


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_rule_decides_when_worked_case_is_given(case: WorkedCase) -> None:
    assert check_case(case) is None
