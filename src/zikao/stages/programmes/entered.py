"""What is entered for the papers of a timetable: asked of the entries, and settled by them when a correction comes.

from zikao.stages.programmes.entered import when_corrected
when_corrected(hold=..., foresee=..., settle=...)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Aftermath:
    """What a correction does to papers (ids): where one moves, which are gone for all or for a major (paper, major).

    `was_at`: for every paper whose time changes, when it was before, in words.
    """

    moved: Mapping[int, int]
    dropped: tuple[int, ...]
    narrowed: tuple[tuple[int, int], ...]
    was_at: Mapping[int, str]

    @property
    def papers(self) -> list[int]:
        """Every paper that is touched."""
        return sorted({*self.was_at, *self.dropped, *(paper for paper, _ in self.narrowed)})


@dataclass(frozen=True)
class Foreseen:
    """The entries that a correction touches: on the frozen list; told another time; withdrawn; clashing then."""

    listed: int = 0
    retimed: int = 0
    withdrawn: int = 0
    clashing: int = 0


@dataclass(frozen=True)
class Settled:
    """What a correction did: entries told another time, withdrawn, what is due back for them, and clashing now."""

    retimed: int = 0
    withdrawn: int = 0
    refund_fen: int = 0
    clashing: int = 0


class Settle(Protocol):
    """Withdraws, moves and marks entries inside the command of the correction."""

    def __call__(self, sitting_id: int, aftermath: Aftermath, at: datetime) -> Settled: ...


Hold = Callable[[int], None]
Foresee = Callable[[int, Aftermath], Foreseen]
_hold: list[Hold] = []
_foresee: list[Foresee] = []
_settle: list[Settle] = []


def when_corrected(*, hold: Hold, foresee: Foresee, settle: Settle) -> None:
    """Register what keeps entering and freezing out, counts the entries that a correction touches, and settles them."""
    _hold[:], _foresee[:], _settle[:] = [hold], [foresee], [settle]


def hold(sitting_id: int) -> None:
    """Wait for those who are entering, and let nobody enter or freeze before the end of this command."""
    if _hold:
        _hold[0](sitting_id)


def foreseen(sitting_id: int, aftermath: Aftermath) -> Foreseen:
    """The entries that a correction would touch; none while nobody knows of entries."""
    return _foresee[0](sitting_id, aftermath) if _foresee else Foreseen()


def settle(sitting_id: int, aftermath: Aftermath, at: datetime) -> Settled:
    """Bring the entries in line with the corrected timetable."""
    return _settle[0](sitting_id, aftermath, at) if _settle and aftermath.papers else Settled()
