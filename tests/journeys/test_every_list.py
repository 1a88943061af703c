"""Staff open every list that their post may open, and the first thing in each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Page

from tests.factories.accounts import PASSWORD, a_member_of_staff
from tests.factories.registry import an_answered_batch
from tests.factories.results import published
from tests.journeys.conftest import NodeClock
from tests.journeys.walk import Walk
from zikao.foundation.actors import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("post", [Post.EXAM_AFFAIRS_HEAD, Post.RECORDS_CLERK])
def test_staff_find_every_list_and_its_first_thing_in_order(
    page: Page, node_clock: NodeClock, at: datetime, post: Post
) -> None:
    published(at)
    an_answered_batch(at)
    walk = Walk(page, post.value)
    walk.signs_in("/sign-in/staff/", a_member_of_staff(at, post).username, PASSWORD)
    walk.arrives("待办")
    wrong = [each for url in addresses(page, ".side a") for each in opens(walk, url)]
    assert not wrong, "\n".join(wrong)


def opens(walk: Walk, url: str) -> Iterator[str]:
    """What is wrong with a list and with the first thing in it."""
    walk.goes_to(url)
    yield from walk.judges()
    walk.looks(url)
    for row in addresses(walk.page, "main .row-link")[:1]:
        walk.goes_to(row)
        yield from walk.judges()
        walk.looks(row)


def addresses(page: Page, selector: str) -> list[str]:
    """The addresses of links that are here."""
    return [found.get_attribute("href") or "" for found in page.locator(selector).all()]
