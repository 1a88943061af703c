"""Lists in files, handed in and confirmed as people do it on a page."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zikao.foundation.sheets import samples


def uploaded(client: Client, url: str, heads: tuple[str, ...], *rows: tuple[str, ...], **more: str) -> Any:
    """The page that looked at a list of these rows; `kind="xlsx"` for a workbook, other answers by name."""
    kind = more.pop("kind", "csv")
    file = SimpleUploadedFile(f"list.{kind}", samples(heads, *rows)[kind])
    return client.post(url, {"rows": file, **more})


def faults(page: Any) -> list[tuple[int, str, str]]:
    """What a look named: line, column, reason."""
    return [(each.line, each.column, each.reason) for each in page.context["problems"]]


def confirmed(client: Client, url: str, page: Any) -> Any:
    """The page after what was looked at is confirmed."""
    text = page.content.decode()
    told = {name: re.search(rf'name="{name}" value="([^"]+)"', text) for name in ("looked_at", "idempotency_key")}
    return client.post(url, {name: found[1] for name, found in told.items() if found}, follow=True)
