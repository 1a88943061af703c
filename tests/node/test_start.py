"""The start script's decisions; it is tried whole, on a bare clone, by every run of the checks."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "zikao"


@pytest.fixture
def start(tmp_path, monkeypatch):
    loader = SourceFileLoader("zikao_start", str(SCRIPT))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("zikao_start", loader))
    loader.exec_module(module)
    venv = tmp_path / "with space" / ".venv"
    venv.parent.mkdir()
    lock = venv.parent / "requirements.lock"
    lock.write_text("a==1 \\\n")
    for name, value in {
        "PROJECT": venv.parent,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "zikao.json",
        "UNFINISHED": venv / "unfinished",
        "LOG": venv / "install.log",
        "LOCK": lock,
    }.items():
        monkeypatch.setattr(module, name, value)
    return module


def fill(start, monkeypatch) -> list[str]:
    """Let installations succeed without a network; returns what was done."""
    done: list[str] = []

    def make_venv() -> None:
        done.append("venv")
        start.PYTHON.parent.mkdir(parents=True)
        start.PYTHON.write_text("#!/bin/sh\n")
        start.PYTHON.chmod(0o755)

    monkeypatch.setattr(start, "make_venv", make_venv)
    monkeypatch.setattr(start, "run_pip", lambda lock: done.append("pip"))
    return done


def test_a_second_start_installs_nothing(start, monkeypatch):
    done = fill(start, monkeypatch)
    start.ensure_installed(start.LOCK)
    start.ensure_installed(start.LOCK)
    assert done == ["venv", "pip"]


def test_a_changed_lock_is_installed_into_the_same_environment(start, monkeypatch):
    done = fill(start, monkeypatch)
    start.ensure_installed(start.LOCK)
    start.LOCK.write_text("a==2 \\\n")
    start.ensure_installed(start.LOCK)
    assert done == ["venv", "pip", "pip"]


def test_an_interrupted_installation_is_begun_again(start, monkeypatch):
    done = fill(start, monkeypatch)

    def interrupted(lock: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(start, "run_pip", interrupted)
        with pytest.raises(KeyboardInterrupt):
            start.ensure_installed(start.LOCK)
    start.ensure_installed(start.LOCK)
    assert done == ["venv", "venv", "pip"]
    assert not start.UNFINISHED.exists()


def test_a_moved_project_gets_a_new_environment(start, monkeypatch, tmp_path):
    done = fill(start, monkeypatch)
    start.ensure_installed(start.LOCK)
    monkeypatch.setattr(start, "PROJECT", tmp_path)
    start.ensure_installed(start.LOCK)
    assert done == ["venv", "pip", "venv", "pip"]


def test_a_python_without_venv_says_what_to_install(start, monkeypatch):
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(start.Trouble, match="apt-get install -y python3-venv"):
        start.make_venv()


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("NewConnectionError('...')", "需要网络"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "不符"),
        ("ERROR: something else", "something else"),
    ],
)
def test_a_failed_installation_says_why(start, log, said):
    assert said in start.why_pip_failed(log)


def test_the_head_of_the_script_is_readable_for_an_old_python():
    import ast

    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 7))
    assert isinstance(tree.body[3], ast.If)


def test_the_script_starts_from_any_folder(tmp_path):
    answer = subprocess.run(
        [sys.executable, SCRIPT, "dance"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert answer.returncode in (1, 2)
    assert "Traceback" not in answer.stderr
