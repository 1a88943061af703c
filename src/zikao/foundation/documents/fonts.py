"""Fonts: the operator's official families first, Noto Sans SC always.

`ZIKAO_FONTS` names a folder with the operator's own licensed fonts (FangSong, Song, Hei); their families come first
in the stacks. Without it every document is set in the Noto Sans SC that comes with the program.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import category

import typst
from fontTools.ttLib import TTFont

ALWAYS = "Noto Sans SC"
TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", "Source Han Serif SC", "Noto Serif CJK SC")
BODY = ("FangSong_GB2312", "FangSong", "STFangsong", "SimSun", "Source Han Serif SC", "Noto Serif CJK SC")
HEAD = ("SimHei", "STHeiti", "Source Han Sans SC", "Noto Sans CJK SC")
BOLD_FROM = 600
UNSEEN = {"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"}
"""Kinds of characters that leave no ink, or leave it on the character before: none of them prints as a box."""


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


def legible(text: str) -> str:
    """The text with each character that no font here can draw as its code point: 王〔U+20BB7〕, not 王□."""
    return text if text.isascii() else _undrawn().sub(lambda found: _spelt(found[0]), text)


def _spelt(char: str) -> str:
    return char if category(char) in UNSEEN else f"〔U+{ord(char):04X}〕"


@cache
def _undrawn() -> re.Pattern[str]:
    """One character that no font here has; ASCII is taken as drawn."""
    drawn = sorted(_covered() | set(range(0x80)))
    firsts = [point for before, point in pairwise([-2, *drawn]) if point != before + 1]
    lasts = [point for point, after in pairwise([*drawn, sys.maxunicode + 2]) if after != point + 1]
    # "none of these" is found seventy times faster than "one of those": most characters are drawn
    return re.compile("[^" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in zip(firsts, lasts, strict=True)) + "]")
