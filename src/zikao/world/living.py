"""The process that lives a node's phases: told one phase a line, it answers with progress and an end.

In:   {"phase": "register", "facts": {...}}   or   {"keys": true}   or   {"accounts": true}
Out:  {"progress": [label, done, total]} any number of times, then {"done": {...}} or {"failed": "..."}
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zikao.world.life.context import Life

TELL_EVERY_SECONDS = 0.1


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class _Teller:
    """Passes progress on, but not more often than anybody can see."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, label: str, done: int, total: int) -> None:
        if done < total and time.monotonic() - self._last < TELL_EVERY_SECONDS:
            return
        self._last = time.monotonic()
        _say({"progress": [label, done, total]})


def _told() -> Iterator[dict[str, Any]]:
    for line in sys.stdin:
        if line.strip():
            yield json.loads(line)


def _live(life: Life, order: dict[str, Any]) -> dict[str, Any]:
    from zikao.foundation import crypto
    from zikao.world.life.accounts import accounts, figures, registered_by_province
    from zikao.world.life.phases import AT_CENTRE, AT_PROVINCE

    if order.get("keys"):
        return {"key": crypto.public_key_pem(), "envelope": crypto.envelope_key_pem()}
    if order.get("accounts"):
        lines = [{**asdict(each), "holds": each.holds} for each in accounts(life)]
        more = registered_by_province() if life.is_centre else figures(life)
        return {"accounts": lines, "figures": more}
    lived = (AT_CENTRE if life.is_centre else AT_PROVINCE)[order["phase"]]
    return lived(life, order.get("facts", {})) or {}


def main(root: str, candidates: int, seed: int) -> int:
    """Live what is told until standard input ends."""
    import django

    django.setup()
    from zikao.foundation.commands import all_rows
    from zikao.world.life.context import Life

    life = Life(root=root, candidates=candidates, seed=seed, tell=_Teller())
    with all_rows("示例世界扮演一省所有的人，并核对其账目；所办的事仍各按其人的范围"):
        for order in _told():
            try:
                _say({"done": _live(life, order)})
            except Exception:
                _say({"failed": traceback.format_exc()})
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
