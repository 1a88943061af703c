"""Fonts: the operator's official families first, Noto Sans SC always.

`ZIKAO_FONTS` names a folder with the operator's own licensed fonts (FangSong, Song, Hei); their families come first
in the stacks. Without it every document is set in the Noto Sans SC that comes with the program.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

ALWAYS = "Noto Sans SC"
TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", "Source Han Serif SC", "Noto Serif CJK SC")
BODY = ("FangSong_GB2312", "FangSong", "STFangsong", "SimSun", "Source Han Serif SC", "Noto Serif CJK SC")
HEAD = ("SimHei", "STHeiti", "Source Han Sans SC", "Noto Sans CJK SC")
BOLD_FROM = 600


@dataclass(frozen=True)
class FontBook:
    """The fonts found, and the stacks the library sets its text in."""

    fonts: Any
    title: tuple[str, ...]
    body: tuple[str, ...]
    head: tuple[str, ...]
    has_bold: bool

    def inputs(self) -> dict[str, str]:
        """The stacks as Typst inputs; `bold` tells whether bold exists or is drawn with a stroke."""
        stacks = {"title": self.title, "body": self.body, "head": self.head}
        joined = {f"font-{role}": "|".join((*stack, ALWAYS)) for role, stack in stacks.items()}
        return {**joined, "bold": "weight" if self.has_bold else "stroke"}


def shipped_folder() -> Path:
    """The folder of the font that comes with the program (OFL)."""
    spec = find_spec("zhplot")
    if spec is None or spec.origin is None:
        raise RuntimeError("the font package zhplot is not installed")
    return Path(spec.origin).parent / "fonts"


@cache
def font_book() -> FontBook:
    """The fonts of this process; the system's fonts are left out, so that every machine prints the same."""
    own = os.environ.get("ZIKAO_FONTS", "")
    folders = [shipped_folder(), *([Path(own)] if own else [])]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    present = set(fonts.families())

    def stack(wanted: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(family for family in wanted if family in present)

    head = stack(HEAD)
    lead = {family for chosen in (stack(BODY), head) for family in chosen[:1]} or {ALWAYS}
    bold = {font.family for font in fonts.fonts() if font.weight >= BOLD_FROM}
    return FontBook(fonts, stack(TITLE), stack(BODY), head, has_bold=lead <= bold)


@cache
def _covered() -> frozenset[int]:
    points: set[int] = set()
    for font in font_book().fonts.fonts():
        if font.path:
            points |= set(TTFont(font.path, fontNumber=font.index, lazy=True).getBestCmap())
    return frozenset(points)


def uncovered(text: str) -> str:
    """The characters of a text that no font here can draw: a name with one of these would print as a box."""
    return "".join(sorted({char for char in text if ord(char) not in _covered() and not char.isspace()}))
