"""What every phase knows: whose life it is, how many live it, who acts, and how to say how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from zikao.foundation.actors import Actor
from zikao.world.cast import Cast

T = TypeVar("T")
Tell = Callable[[str, int, int], None]

MOVER_NAME = "何远行"
"""The candidate who moves from one province to the other."""
PROVINCES = {"32": "江苏", "33": "浙江"}
AREAS = {
    "32": (("3201", "南京市"), ("3205", "苏州市")),
    "33": (("3301", "杭州市"), ("3302", "宁波市")),
}
COUNTIES = {
    "3201": (("320102", "玄武区"), ("320106", "鼓楼区")),
    "3205": (("320508", "姑苏区"), ("320506", "吴中区")),
    "3301": (("330102", "上城区"), ("330106", "西湖区")),
    "3302": (("330203", "海曙区"), ("330205", "江北区")),
}


@dataclass
class Life:
    """A node living the cycle. `root` is its agency code ("" for the centre)."""

    root: str
    candidates: int
    seed: int
    tell: Tell
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        self.cast = Cast(self.root)

    @property
    def is_centre(self) -> bool:
        """Whether this is the national centre."""
        return self.root == ""

    @property
    def areas(self) -> tuple[str, ...]:
        """The codes of the province's prefectures."""
        return tuple(code for code, _ in AREAS[self.root])

    @property
    def counties(self) -> tuple[str, ...]:
        """The codes of the province's counties."""
        return tuple(code for area in self.areas for code, _ in COUNTIES[area])

    def who(self, username: str, at: datetime) -> Actor:
        """The actor of an account of the cast."""
        return self.cast(username, at)

    def each(self, label: str, items: Sequence[T] | Iterable[T]) -> Iterator[T]:
        """Go through items and tell how far it is."""
        rows = list(items)
        for done, item in enumerate(rows):
            self.tell(label, done, len(rows))
            yield item
        self.tell(label, len(rows), len(rows))

    def wait_for(self, what: str, ready: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until another node has answered. Raises TimeoutError, naming what was waited for."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}：{seconds:.0f} 秒内没有等到")
            time.sleep(0.1)
