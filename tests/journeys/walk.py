"""Somebody walks through the pages in a real browser, and every page where they arrive is judged."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

JUDGE = Path(__file__).with_name("judge.js").read_text(encoding="utf-8")
HERE = {"127.0.0.1", "localhost"}
OWN_SCHEMES = {"data", "blob", "about"}
MOST_TABS = 60
DESK_WIDTH = 1000
LEFT = "data-left-behind"


def _codes_of(username: str) -> Callable[[], str] | None:
    """The authenticator of a person whose post asks for one; it is set up when the journey first needs it."""
    from tests.factories.accounts import with_totp  # after Django's set-up
    from zikao.foundation import clock
    from zikao.foundation.access import second_factor, totp
    from zikao.foundation.access.models import Account, TotpDevice

    account, at = Account.objects.filter(username=username).first(), clock.now()
    if account is None or not second_factor.is_required(account, at):
        return None
    if not TotpDevice.objects.filter(account=account).exists():
        with_totp(account, at)
    device = TotpDevice.objects.get(account=account)
    # the journey's clock stands still, so the present code has to serve at every sign-in
    TotpDevice.objects.filter(account=account).update(last_step=-1)
    return lambda: totp.code_at(second_factor.secret_of(device), clock.now())


class Walk:
    """A person at a page. `arrives` judges: status, scripts, requests, language, heading, width, labels, contrast."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self._name = name
        self._number = count(1)
        self._status = 0
        self._wrong: list[str] = []
        page.on("console", self._hear)
        page.on("request", self._watch)
        page.on("response", self._note)

    def goes_to(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)

    def arrives(self, heading: str, *, status: int = 200) -> None:
        """The page with this heading (or one that contains it) is here, with this status, and nothing is wrong."""
        expect(self.page.locator(f"html:not([{LEFT}])")).to_have_count(1)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        wrong = self.judges(status=status)
        self._keep_a_picture(heading)
        assert not wrong, "\n".join([heading, *wrong])

    def judges(self, *, status: int = 200) -> list[str]:
        """What is wrong with the page that is here, and with the way to it; empty when nothing is."""
        self.page.wait_for_load_state()
        answered = [] if self._status == status else [f"answered {self._status}"]
        wrong = [*answered, *self._wrong, *self.page.evaluate(JUDGE), *self._judge_zoomed()]
        self._wrong.clear()
        return [f"{self.page.url}: {each}" for each in wrong]

    def signs_in(self, door: str, username: str, password: str) -> None:
        """Through the form of a door."""
        self.goes_to(door)
        self.arrives("登录")
        self.fills_the_door(username, password)

    def fills_the_door(self, username: str, password: str) -> None:
        """The form of a door that is open, and the dynamic code where the person's post asks for one."""
        codes = _codes_of(username)
        self.page.get_by_role("textbox").first.fill(username)
        self.page.get_by_label("密码").fill(password)
        self.presses("登录")
        if codes is not None:
            expect(self.page.locator(f"html:not([{LEFT}])")).to_have_count(1)
            if self.page.url.endswith("/sign-in/second/"):
                self.page.get_by_label("动态码").fill(codes())
                self.presses("继续")

    def follows(self, name: str) -> None:
        """Click the first link of that name."""
        self._takes_leave()
        self.page.get_by_role("link", name=name).first.click()

    def presses(self, name: str) -> None:
        """Click the button of that name."""
        self._takes_leave()
        self.page.get_by_role("button", name=name, exact=True).click()

    def tabs_to(self, target: Locator) -> None:
        """By keyboard alone: Tab until the focus is there."""
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def types(self, label: str, text: str) -> None:
        """By keyboard alone: into the field of that label, in place of what is there."""
        field = self.page.get_by_label(label)
        self.tabs_to(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def enters(self, name: str, role: Literal["link", "button"] = "link", *, exact: bool = False) -> None:
        """By keyboard alone: to the first link or button of that name, and Enter."""
        self.tabs_to(self.page.get_by_role(role, name=name, exact=exact).first)
        self._takes_leave()
        self.page.keyboard.press("Enter")

    def looks(self, name: str) -> None:
        """Keep a picture of what is here now, without judging it."""
        self._keep_a_picture(name)

    def _takes_leave(self) -> None:
        # the next page may have the same heading as this one
        self.page.evaluate(f"document.documentElement.setAttribute('{LEFT}', '')")

    def _judge_zoomed(self) -> list[str]:
        # a desk at 200 % is a page half as wide; a telephone is narrow already
        size = self.page.viewport_size
        if size is None or size["width"] < DESK_WIDTH:
            return []
        self.page.set_viewport_size({"width": size["width"] // 2, "height": size["height"]})
        wrong = [f"at 200 %: {each}" for each in self.page.evaluate(JUDGE)]
        self.page.set_viewport_size(size)
        return wrong

    def _hear(self, message: ConsoleMessage) -> None:
        # what failed to load is judged by its answer
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self._wrong.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in OWN_SCHEMES and where.hostname not in HERE:
            self._wrong.append(f"asks elsewhere: {request.url}")

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._status = response.status
        elif not response.ok:
            self._wrong.append(f"answered {response.status}: {response.url}")

    def _keep_a_picture(self, heading: str) -> None:
        if folder := os.environ.get("ZIKAO_PICTURES"):
            name = re.sub(r"[^\w]+", "-", f"{self._name}-{next(self._number):02}-{heading}")
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
