"""Looking across agencies is rare, said with a reason, and listed."""

from __future__ import annotations

from pathlib import Path

from zikao.node.row_security import looks_across, markdown


def test_every_look_across_agencies_gives_its_reason_as_a_literal_in_chinese():
    places = list(looks_across())
    assert places
    without = [each.place for each in places if len(each.reason) < 6 or not any("一" <= c <= "鿿" for c in each.reason)]
    assert without == []


def test_no_reason_is_given_to_look_across_for_a_whole_page():
    assert [each.place for each in looks_across() if "/views" in each.place] == []


def test_the_reference_page_lists_every_place():
    text = markdown()
    assert [each.reason for each in looks_across() if each.reason not in text] == []


def test_a_look_across_without_a_literal_reason_is_found(tmp_path: Path):
    (tmp_path / "stage.py").write_text("with all_rows(reason):\n    pass\nwith all_rows('查'):\n    pass\n")
    assert [each.reason for each in looks_across(tmp_path)] == ["", "查"]


def test_nobody_else_sets_the_settings_or_switches_row_security(project: Path):
    own = {"foundation/commands/rows.py", "foundation/commands/row_security.py"}
    package = project / "src" / "zikao"
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ("set_config('zikao", "DISABLE ROW LEVEL", "NO FORCE ROW"))
    }
    assert found - own == set()
