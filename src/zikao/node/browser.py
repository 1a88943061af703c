"""Chromium for screenshots and journeys: where it is, how it starts quietly, and a Chinese font for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
INSTALL = ("install", "-y", "--no-install-recommends", "chromium")
INSTALL_SECONDS = 600

FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern"><edit name="family" mode="append_last"><string>Noto Sans SC</string></edit></match>
</fontconfig>
"""


def chromium_path() -> str | None:
    """The browser's program (ZIKAO_CHROMIUM names another), or None when there is none."""
    wanted = os.environ.get("ZIKAO_CHROMIUM")
    return shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, NAMES)), None)


def launch_flags() -> list[str]:
    """The arguments to start it with; as root it cannot have its sandbox."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def browser_environment() -> dict[str, str]:
    """The environment to start it in: Chinese text is drawn even where the system has no Chinese font."""
    return {**os.environ, "FONTCONFIG_FILE": str(_fonts_conf())}


@cache
def _fonts_conf() -> Path:
    from zikao.foundation.documents.fonts import shipped_folder  # slow to load, and seldom needed

    folder = Path(tempfile.gettempdir()) / f"zikao-fonts-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    conf = folder / "fonts.conf"
    draft = folder / f"fonts.conf.{os.getpid()}"
    draft.write_text(FONTS_CONF.format(fonts=shipped_folder(), cache=folder / "cache"), encoding="utf-8")
    draft.replace(conf)
    return conf


def install_chromium(*, say: Callable[[str], None]) -> bool:
    """Install Debian's chromium where that is possible: as root, with apt. Returns whether it is there now."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    say("正在安装 Chromium（浏览器测试需要，只装一次）……")
    for steps in ([INSTALL], [("update",), INSTALL]):
        if all(_succeeds([apt, "-q", *step]) for step in steps) and chromium_path():
            return True
    return False


def _succeeds(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        answer = subprocess.run(
            command,
            env=environment,
            timeout=INSTALL_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
