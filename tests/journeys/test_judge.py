"""The judge of pages: a good page passes, and each fault that it looks for is found."""

import pytest
from playwright.sync_api import Page

from tests.journeys.walk import JUDGE, Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOOD = (
    '<html lang="zh-CN"><title>好</title><h1>好</h1><label for="a">甲</label><input id="a"><a href="#a">甲</a></html>'
)
FAULTS = [
    ('lang="zh-CN"', 'lang="en"', "language is en"),
    ("<h1>好</h1>", "", "0 first headings"),
    ("<title>好</title>", "", "no title"),
    ("<h1>", '<div style="width: 400px; height: 1px"></div><h1>', "scrolls sideways, 408 in 360"),
    ('for="a"', "", "no label: <input"),
    (">甲</a>", "></a>", "no name: <a"),
    ("<h1>", '<img src="data:,"><h1>', "no alternative: <img"),
    ("<h1>", '<img alt="甲" src="data:,"><h1>', "no picture: <img"),
    ("<h1>", '<h1 id="a">', "two elements named a"),
    ('href="#a"', 'href="#b"', "nobody is named b"),
    ("<h1>", '<h1 style="color: #999">', "contrast 2.8"),
    ("<a ", '<a style="color: #888; background: #fff" ', "contrast 3.5"),
]


def verdict(page: Page, html: str) -> list[str]:
    page.set_content(html)
    wrong: list[str] = page.evaluate(JUDGE)
    return wrong


def test_a_good_page_passes(phone: Page) -> None:
    assert verdict(phone, GOOD) == []


def test_each_fault_is_found(phone: Page) -> None:
    for good, bad, expected in FAULTS:
        assert good in GOOD
        wrong = verdict(phone, GOOD.replace(good, bad))
        assert any(each.startswith(expected) for each in wrong), (expected, wrong)


def test_what_scripts_say_and_whom_pages_ask_is_heard(phone: Page) -> None:
    phone.route("http://elsewhere.invalid/**", lambda route: route.abort())
    phone.route("**/good/", lambda route: route.fulfill(body=GOOD, content_type="text/html; charset=utf-8"))
    walk = Walk(phone, "heard")
    walk.goes_to("/good/")
    assert walk.judges() == []
    for act in (
        "console.error('oh')",
        "fetch('http://elsewhere.invalid/').catch(() => 0)",
        "fetch('/nowhere/').then()",
    ):
        phone.evaluate(act)
    heard = [each.partition("/good/: ")[2].partition(" http")[0] for each in walk.judges()]
    assert heard == ["console: oh", "asks elsewhere:", "answered 404:"]
    assert walk.judges(status=404) == [f"{phone.url}: answered 200"]
