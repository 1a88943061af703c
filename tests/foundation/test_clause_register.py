"""The clause register: a claim counts only with its evidence."""

from pathlib import Path

import pytest

from zikao.foundation.regulation import (
    Claim,
    LawError,
    coverage,
    coverage_problems,
    register,
)


def test_clause_is_implemented_only_with_all_its_evidence() -> None:
    test = "tests/foundation/test_clause_register.py::test_clause_is_implemented_only_with_all_its_evidence"
    commands = {"test.number": ("EA-14",)}
    full = Claim(["implemented"], pages=["candidates:staff_candidate"], tests=[test])
    assert _status(full, commands) == "implemented"
    assert coverage_problems(commands, claims={"EA-14": full}) == []

    lacking = [
        (full, {"test.other": ("EA-15",)}, "no rule or command", "EA-A6.8"),
        (Claim(["implemented"], tests=[test]), commands, "no page or document", "EA-14"),
        (Claim(["implemented"], pages=["p"]), commands, "no test", "EA-14"),
        (Claim(["implemented"], pages=["p"], tests=["tests/no.py"]), commands, "does not exist", "EA-14"),
        (Claim(["implemented"], pages=["p"], tests=[test + "_not"]), commands, "does not exist", "EA-14"),
        (Claim(["implemented"], documents=["candidates/no.typ"], tests=[test]), commands, "does not exist", "EA-14"),
    ]
    for claim, known, why, clause_id in lacking:
        assert any(why in text for text in coverage_problems(known, claims={clause_id: claim})), why
        assert _status(claim, known, clause_id) == "owed"


def _status(claim: Claim, commands: dict[str, tuple[str, ...]], clause_id: str = "EA-14") -> str:
    return next(line.status for line in coverage(commands, claims={clause_id: claim}) if line.id == clause_id)


def test_page_must_be_among_the_routes_when_they_are_known() -> None:
    claims = {"EA-14": Claim(["owed"], pages=["candidates:nowhere"])}
    assert coverage_problems(claims=claims) == []
    assert coverage_problems(claims=claims, routes=["candidates:home"]) == [
        "EA-14: page candidates:nowhere does not exist"
    ]


def test_context_clause_is_not_software_and_owed_clause_names_its_stage() -> None:
    lines = {line.id: line for line in coverage(claims={})}
    assert lines["EA-1"].status == "not-software"
    assert lines["EA-1"].why
    assert lines["EA-14"].status == "owed"
    assert lines["EA-14"].stage == "candidates"
    assert lines["EA-14"].as_dict()["commands"] == []


def test_stages_may_join_in_one_clause_and_one_owed_part_keeps_it_owed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "EA-14: {status: implemented, pages: [p], tests: [tests/rules/test_cases.py]}", encoding="utf-8"
    )
    (tmp_path / "b.yaml").write_text("EA-14: {status: owed, why: 还缺一半, pages: [p, q]}", encoding="utf-8")
    claim = register.load_claims(tmp_path)["EA-14"]
    assert (claim.statuses, claim.pages, claim.why) == (["implemented", "owed"], ["p", "q"], "还缺一半")
    assert coverage_problems({"c": ("EA-14",)}, claims={"EA-14": claim}) == []
    assert _status(claim, {"c": ("EA-14",)}) == "owed"
    for wrong in ("EA-14: {status: done}", "EA-14: {status: owed, page: [x]}"):
        (tmp_path / "b.yaml").write_text(wrong, encoding="utf-8")
        with pytest.raises(LawError):
            register.load_claims(tmp_path)
