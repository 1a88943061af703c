"""The accounts of a demonstration, listed at its doors; a node in real use lists none."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings

FILE = "demo-accounts.json"
"""In the node's home: [{"username": ..., "password": ..., "name": ..., "post": "县区报名员", "kind": "staff"}]."""


@dataclass(frozen=True)
class DemoAccount:
    """An account that anybody may use in a demonstration."""

    username: str
    password: str
    name: str
    post: str


def demo_accounts(kind: str) -> list[DemoAccount]:
    """The accounts of a kind (staff or candidate) that the demonstration wrote down."""
    path = settings.ZIKAO_NODE_HOME / FILE
    if not settings.ZIKAO_IS_DEMO or not path.exists():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        DemoAccount(row["username"], row["password"], row["name"], row.get("post", ""))
        for row in rows
        if row.get("kind", "staff") == kind
    ]
