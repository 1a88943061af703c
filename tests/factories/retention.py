"""Things that are kept, some of them long enough, made through their commands."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from tests.factories.accounts import an_account, appointed
from zikao.foundation.access.queries import actor_of
from zikao.foundation.actors import Actor, Post
from zikao.foundation.retention import commands
from zikao.foundation.retention.models import Destruction, Holding

MATTER = "2021-04"
PUBLISHED = date(2021, 6, 10)


def somebody(at: datetime, post: Post, agency_code: str = "32", number: int = 1) -> Actor:
    """A member of staff with an account."""
    account = an_account(at, f"{post.value}-{number}", agency_code)
    appointed(account, post, agency_code, at)
    actor = actor_of(account, at)
    assert actor is not None
    return actor


def a_holding(at: datetime, *, kind: str = "scripts", matter: str = MATTER, title: str = "答卷 南京考区") -> Holding:
    """Scripts of an old sitting in the province's store."""
    return commands.register_holding(
        kind=kind,
        matter=matter,
        title=title,
        place="答卷库 3 排",
        keeper="邓刚",
        quantity=120,
        unit="袋",
        agency_code="32",
        by=Actor("邓刚", Post.PAPERS_OFFICER, "32"),
        at=at,
    ).value


def started_long_ago(owner_url: str, matter: str = MATTER, on: date = PUBLISHED) -> None:
    """The matter's time, entered on the day itself: only the owner can write the instant of entry."""
    import psycopg

    with psycopg.connect(owner_url) as owner:
        owner.execute(
            "INSERT INTO retention_clock (matter, event, started_on, recorded_at) VALUES (%s, 'publication', %s, %s)",
            [matter, on, on],
        )


def owner_url() -> str:
    """The way into this process's database as its owner."""
    from tests.conftest import HOME, WORKER
    from tests.throwaway import TestNode

    node = TestNode(HOME, WORKER)
    return node.cluster.node_database("province:32", database=connection.settings_dict["NAME"]).owner_url


def a_proposal(at: datetime, *holdings: Holding, by: Actor) -> Destruction:
    """A list put before the chain."""
    return commands.propose_destruction(
        holding_ids=[each.pk for each in holdings],
        method="pulped",
        place="指定造纸厂",
        reason="保存期满",
        by=by,
        at=at,
    ).value
