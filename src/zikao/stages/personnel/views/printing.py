"""Papers for many: printed in parts that one file can hold."""

from __future__ import annotations

from dataclasses import replace

from zikao.foundation.pages import Action

AT_ONCE = 500


def in_parts(action: Action, count: int) -> list[Action]:
    """The action that prints so many pieces: one for each part, named by the numbers that it holds."""
    if count <= AT_ONCE:
        return [action]
    first = range(1, count + 1, AT_ONCE)
    return [
        replace(
            action,
            label=f"{action.label}（{begin}—{min(begin + AT_ONCE - 1, count)}）",
            url_name=f"{action.url_name}-part",
            kwargs={**action.kwargs, "part": number},
        )
        for number, begin in enumerate(first, 1)
    ]
