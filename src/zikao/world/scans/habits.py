"""How candidates fill cards: mixes of careful and careless hands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zikao.stages.marking.cards.judging import BLANK
from zikao.stages.marking.cards.layout import OPTIONS
from zikao.world.scans.pencil import Stroke


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares (0 to 1) of what happens on an item; the rest is a plain fill."""

    light: float = 0.03  # pressed lightly
    faint: float = 0.004  # hardly to be seen
    half: float = 0.006
    cross: float = 0.003
    tick: float = 0.002
    dash: float = 0.002
    changed: float = 0.03  # erased and filled elsewhere
    double: float = 0.003
    darkness: tuple[float, float] = (0.5, 0.85)  # of a candidate's pencil


CAREFUL = Habits(light=0, faint=0, half=0, cross=0, tick=0, dash=0, changed=0.02, double=0)
USUAL = Habits()
CARELESS = Habits(
    light=0.15,
    faint=0.05,
    half=0.05,
    cross=0.05,
    tick=0.03,
    dash=0.03,
    changed=0.12,
    double=0.02,
    darkness=(0.32, 0.85),
)

Drawn = tuple[int, Stroke, float]  # option, stroke, darkness


def strokes_for(answer: str, hand: float, habits: Habits, rng: np.random.Generator) -> list[Drawn]:
    """What is drawn for one item whose intended answer is a letter or blank, by a hand of darkness `hand`."""
    drawn: list[Drawn] = []
    meant = OPTIONS.find(answer) if answer != BLANK else -1
    chance = float(rng.random())
    if chance < habits.changed:
        other = int((meant + 1 + rng.integers(3)) % 4) if meant >= 0 else int(rng.integers(4))
        drawn.append((other, Stroke.TRACE, float(rng.uniform(0.04, 0.18))))
    if meant < 0:
        return drawn
    if rng.random() < habits.double:
        other = int((meant + 1 + rng.integers(3)) % 4)
        return [*drawn, (meant, Stroke.FILL, hand), (other, Stroke.FILL, hand)]
    drawn.append((meant, *_manner(float(rng.random()), hand, habits, rng)))
    return drawn


def _manner(chance: float, hand: float, habits: Habits, rng: np.random.Generator) -> tuple[Stroke, float]:
    ways: tuple[tuple[float, Stroke, float], ...] = (
        (habits.light, Stroke.FILL, float(rng.uniform(0.3, 0.45))),
        (habits.faint, Stroke.FILL, float(rng.uniform(0.12, 0.3))),
        (habits.half, Stroke.HALF, hand),
        (habits.cross, Stroke.CROSS, hand),
        (habits.tick, Stroke.TICK, hand),
        (habits.dash, Stroke.DASH, hand),
    )
    for share, stroke, darkness in ways:
        if chance < share:
            return stroke, darkness
        chance -= share
    return Stroke.FILL, float(np.clip(hand + rng.normal(0, 0.06), 0.25, 0.95))
