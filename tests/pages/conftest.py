"""Pages are tested through Django's client, signed in as real accounts, at the moment `at`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from zikao.foundation import clock
from zikao.foundation.actors import Post


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """The node's clock stands at `at`; nothing is remembered from the test before."""
    monkeypatch.setattr(clock, "now", lambda: at)
    cache.clear()


@pytest.fixture
def signed_in(db: None, at: datetime) -> Callable[..., Client]:
    """A client of somebody: `signed_in(Post.COUNTY_CLERK, "320102")`, `signed_in(Post.CANDIDATE)`, `signed_in()`.

    The candidate is the one registered last, where there is one, else a stranger; "other" asks for the stranger.
    """

    from tests.factories.accounts import a_candidates_account, a_member_of_staff, sign_in  # after Django's set-up
    from zikao.foundation.access.models import Account

    def own_account() -> Account | None:
        return Account.objects.filter(kind="candidate").order_by("-pk").first()

    def as_(post: Post | None = None, agency_code: str | None = None) -> Client:
        client = Client(enforce_csrf_checks=False)
        if post is Post.CANDIDATE:
            account = None if agency_code == "other" else own_account()
            sign_in(client, account or a_candidates_account(at))
        elif post is not None:
            sign_in(client, a_member_of_staff(at, post, agency_code))
        return client

    return as_
