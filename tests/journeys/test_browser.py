"""The browser itself: it draws Chinese, and it reaches the test's own server."""

import pytest

pytestmark = pytest.mark.browser


def drawn(page, text: str) -> bytes:
    page.set_content(f'<p id="text" style="font-size: 40px; margin: 0; width: 200px">{text}</p>')
    return page.locator("#text").screenshot()


def test_the_browser_draws_each_chinese_character_as_itself(page):
    # without a Chinese font every character is the same box
    assert len({drawn(page, character) for character in "自学考试"}) == 4


def test_a_visitor_reaches_the_node(page):
    answer = page.goto("/healthz")
    assert answer.json() == {"status": "ok"}


def test_a_visitor_sees_the_style_sheet(phone):
    phone.goto("/sign-in/")
    assert phone.evaluate("document.styleSheets.length") > 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
