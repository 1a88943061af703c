"""What a home remembers of its demonstration: how large, which seed, and whether it was lived to the end."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class DemoState:
    """Kept in `demo.json` of the home; written anew after every phase. `lived` has the seconds each phase took."""

    candidates: int
    seed: int
    ports: dict[str, int]
    lived: dict[str, float] = field(default_factory=dict)
    is_whole: bool = False
    summary: dict[str, Any] = field(default_factory=dict)

    def save(self, home: Path) -> None:
        """Write it so that a crash leaves the old or the new, never half."""
        part = home / "demo.json.part"
        part.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(home / "demo.json")

    @classmethod
    def load(cls, home: Path) -> DemoState | None:
        """The state of a home; None where no demonstration was begun or its note cannot be read."""
        try:
            return cls(**json.loads((home / "demo.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
