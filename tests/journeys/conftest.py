"""A real Chromium for journeys: `page` is a desk (1366 px wide), `phone` is a telephone (360 px)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect, sync_playwright

from zikao.foundation import clock
from zikao.node.browser import browser_environment, chromium_path, launch_flags

DESK = {"width": 1366, "height": 900}
PHONE = {"width": 360, "height": 740}
PATIENCE_MS = 15_000


@dataclass
class NodeClock:
    """The clock of the test's own server: it stands still until the journey moves it."""

    moment: datetime


@pytest.fixture
def node_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> NodeClock:
    """The node's clock stands at `at`; nothing is remembered from the test before."""
    standing = NodeClock(at)
    monkeypatch.setattr(clock, "now", lambda: standing.moment)
    cache.clear()
    return standing


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the session."""
    # playwright keeps an event loop in this thread; the database is used by this thread alone all the same
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[flag for flag in launch_flags() if flag != "--headless"],
            env=browser_environment(),
        )
        yield started
        started.close()


def _opened(browser: Browser, size: dict[str, int], base_url: str, **more: Any) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=base_url, **more)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == [], "errors in the page's scripts"


@pytest.fixture
def page(browser: Browser, live_server: object) -> Iterator[Page]:
    """A page on a desk, at the address of the test's own server."""
    yield from _opened(browser, DESK, str(live_server))


@pytest.fixture
def phone(browser: Browser, live_server: object) -> Iterator[Page]:
    """A page on a telephone, at the address of the test's own server."""
    yield from _opened(browser, PHONE, str(live_server))


@pytest.fixture
def plain_phone(browser: Browser, live_server: object) -> Iterator[Page]:
    """A telephone at night: the browser runs no scripts and asks for dark colours."""
    yield from _opened(browser, PHONE, str(live_server), java_script_enabled=False, color_scheme="dark")
