"""Worlds that stand while several tests look at them: built once, each test on a savepoint, all undone at the end.

    @pytest.fixture(scope="module")
    def paper(django_db_setup, django_db_blocker):
        with held(django_db_blocker, marking.a_sat_paper) as made:
            yield made

Only for modules whose tests do not commit. An object that tests change in memory is fetched anew by each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TypeVar

import pytest
from pytest_django import DjangoDbBlocker

AT = datetime(2026, 8, 20, 10, 0, tzinfo=timezone(timedelta(hours=8)))
"""The moment at which most tests happen: 20 August 2026, ten in the morning in Beijing."""
World = TypeVar("World")


@contextmanager
def held(blocker: DjangoDbBlocker, build: Callable[[datetime], World]) -> Iterator[World]:
    """What `build` makes at `AT`, in a transaction that is undone afterwards."""
    from django.core.cache import cache
    from django.db import transaction

    from zikao.foundation import clock
    from zikao.foundation.commands import all_rows

    with blocker.unblock(), transaction.atomic():
        try:
            cache.clear()
            with pytest.MonkeyPatch.context() as patch, all_rows("测试的准备"):
                patch.setattr(clock, "now", lambda: AT)
                world = build(AT)
            yield world
        finally:
            transaction.set_rollback(True)
