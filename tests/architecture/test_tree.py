"""The house keeps its shape: sizes, names, and nothing of the machines it is built on."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "src" / "zikao"
LONGEST_FILE, LONGEST_TEST_FILE = 400, 500
LONGEST_FUNCTION = 40
LONGEST_VIEW = 30  # most of it a declared table
NO_PYTHON = {"law"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    return tuple(path for name in listed.stdout.decode().split("\0") if name and (path := PROJECT / name).is_file())


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def apps() -> list[str]:
    from django.apps import apps as registry

    return [config.label for config in registry.get_app_configs() if config.name.startswith("zikao.")]


def layers_of(section: str) -> set[str]:
    contracts = configparser.ConfigParser()
    contracts.read(PROJECT / ".importlinter")
    return set(re.findall(r"[a-z_]+", contracts[f"importlinter:contract:{section}"]["layers"]))


@pytest.mark.parametrize(("floor", "section"), [(".", "floors"), ("stages", "stages"), ("foundation", "foundation")])
def test_a_folder_belongs_to_a_contract(floor, section):
    folders = {path.name for path in (PACKAGE / floor).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - NO_PYTHON <= layers_of(section)


def test_every_stage_and_the_centre_keep_the_order_of_rooms():
    contracts = configparser.ConfigParser()
    contracts.read(PROJECT / ".importlinter")
    held = set(contracts["importlinter:contract:rooms"]["containers"].split())
    stages = {f"zikao.stages.{path.name}" for path in (PACKAGE / "stages").iterdir() if (path / "apps.py").exists()}
    assert stages | {"zikao.national"} == held


def test_no_file_is_too_long():
    long = {str(path.relative_to(PROJECT)): text_of(path).count("\n") for path in python_files()}
    most = {name: LONGEST_TEST_FILE if name.startswith("tests/") else LONGEST_FILE for name in long}
    assert {name: lines for name, lines in long.items() if lines > most[name]} == {}


def functions(path: Path) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            is_told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            begin = (first.end_lineno or 0) + 1 if is_told else first.lineno
            found.append((f"{path.relative_to(PROJECT)}:{node.name}", (node.end_lineno or 0) - begin + 1))
    return found


def test_no_function_is_too_long():
    every = [pair for path in python_files() for pair in functions(path)]
    assert [pair for pair in every if pair[1] > LONGEST_FUNCTION] == []


def test_views_only_translate():
    views = [path for path in python_files() if "views" in (*path.parts, path.stem) and PACKAGE in path.parents]
    every = [pair for path in views for pair in functions(path)]
    assert [pair for pair in every if pair[1] > LONGEST_VIEW] == []


def test_functions_are_short_as_a_rule():
    lengths = sorted(length for path in python_files() if PACKAGE in path.parents for _, length in functions(path))
    assert lengths[len(lengths) // 2] <= 9


def test_there_is_no_room_for_odds_and_ends():
    names = {"utils", "helpers", "misc", "common"}
    assert [path for path in tracked() if path.stem in names or names & set(path.parts)] == []


def test_nothing_tells_where_the_project_was_built():
    hosts = ("py" + "pi", "python" + "hosted", "npm" + "js", "deb.debian" + ".org", "conda" + ".anaconda")
    places = ("/wor" + "k/", "/ro" + "ot/", "/home" + "/")
    pattern = re.compile("|".join(map(re.escape, (*hosts, *places))), re.IGNORECASE)
    telling = {
        f"{path.relative_to(PROJECT)}: {found.group()}"
        for path in tracked()
        if path != Path(__file__) and (found := pattern.search(text_of(path)))
    }
    assert telling == set()


def test_the_locks_hold_names_versions_and_hashes_and_no_addresses():
    line = re.compile(r"#.*|[a-z0-9._-]+(\[[a-z,]+\])?==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", re.I)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        strange = [text for text in (PROJECT / lock).read_text().splitlines() if not line.fullmatch(text)]
        assert strange == []


def test_the_lock_for_developers_holds_all_of_the_lock():
    def pins(name: str) -> set[str]:
        return {line for line in (PROJECT / name).read_text().splitlines() if "==" in line}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_only_the_regulation_room_reads_the_law():
    readers = [path for path in python_files() if PACKAGE in path.parents and re.search(r'"law"', text_of(path))]
    strangers = [path for path in readers if PACKAGE / "foundation" / "regulation" not in path.parents]
    assert [str(path.relative_to(PROJECT)) for path in strangers] == []


def test_every_app_with_models_has_migrations_in_step(settings):
    from django.apps import apps as registry
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(registry)).changes(
        graph=loader.graph
    )
    assert sorted(set(changes) & set(apps())) == []


def test_views_and_forms_never_write():
    writing = re.compile(r"\.save\(|\.objects\b[^\n]*\.(create|bulk_create|update|delete|update_or_create)\(")
    rooms = {"views", "forms", "queries", "policies", "rules"}
    guilty = [
        f"{path.relative_to(PROJECT)}: {found.group()}"
        for path in python_files()
        if PACKAGE in path.parents and rooms & {*path.parts, path.stem}
        for found in [writing.search(text_of(path))]
        if found
    ]
    assert guilty == []


def test_every_table_has_a_name_in_chinese() -> None:
    from django.apps import apps

    own = [model for model in apps.get_models() if model.__module__.startswith("zikao.")]
    assert own
    assert [model._meta.label for model in own if str(model._meta.verbose_name).isascii()] == []


def classes_alone(sheet: Path) -> set[str]:
    """The classes that a sheet styles wherever they stand: `.desk`, not `.room .desk` or `.desk.free`."""
    text = re.sub(r"/\*.*?\*/", "", text_of(sheet), flags=re.DOTALL)
    return {
        name
        for group in re.findall(r"([^{}]+)\{", text)
        for name in re.findall(r"(?:^|,)\s*\.([\w-]+)\s*(?=,|$)", group)
    }


def test_no_stage_styles_a_class_that_the_shared_sheet_styles() -> None:
    shared = next(path for path in tracked() if path.name == "zikao.css")
    own = [path for path in tracked() if path.suffix == ".css" and path != shared]
    assert own
    assert {path.name: both for path in own if (both := classes_alone(path) & classes_alone(shared))} == {}
