"""Draws made through their commands, with secrets that tests know."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories.actors import PROVINCE, clerk, head
from tests.factories.agencies import a_site
from tests.factories.candidates import a_candidate
from tests.factories.entries import UNIT_1, UNIT_1_TOO, UNIT_2, a_frozen_list, a_window, after_window, paid_entries
from tests.factories.programmes import SITTING
from zikao.foundation.actors import Actor, Post
from zikao.stages.seating import commands, queries, rules
from zikao.stages.seating.models import Draw

SECRETS = ("11" * 32, "22" * 32)


def official(number: int, post: Post = Post.EXAM_AFFAIRS_HEAD, agency_code: str = PROVINCE) -> Actor:
    """An official with an account of their own."""
    return Actor(name=f"承诺人{number}", post=post, agency_code=agency_code, account_id=9000 + number)


def committed(at: datetime, secrets: tuple[str, ...] = SECRETS) -> Draw:
    """October 2026 open, and each official committed to their secret."""
    a_window(at)
    for number, secret in enumerate(secrets):
        digest = rules.digest_of_secret(secret)
        commands.commit_secret(sitting_code=SITTING, digest=digest, by=official(number), at=at)
    return queries.draw_of(SITTING)


def closed(
    at: datetime, candidates: int = 4, rooms: int = 2, secrets: tuple[str, ...] = SECRETS, wishes: int = 0
) -> Draw:
    """Committed, some candidates entered and paid (courses in turn), a site with rooms, the list frozen.

    With wishes there is a second site with as many rooms, and the first candidates wish for it.
    """
    draw = committed(at, secrets)
    if rooms:
        a_site(at, rooms=rooms)
    wish = a_site(at, rooms=rooms).code if wishes else ""
    for number in range(candidates):
        courses = ((UNIT_1, UNIT_2), (UNIT_1_TOO,))[number % 2]
        paid_entries(at, a_candidate(at), courses, site=wish if number < wishes else "")
    a_frozen_list(at)
    return draw


def revealed(at: datetime, **more: int) -> Draw:
    """Closed, and every secret revealed."""
    closed(at, **more)
    for number, secret in enumerate(SECRETS):
        commands.reveal_secret(sitting_code=SITTING, secret=secret, by=official(number), at=later(at))
    return queries.draw_of(SITTING)


def drawn(at: datetime, **more: int) -> Draw:
    """Everybody seated."""
    revealed(at, **more)
    return commands.draw_seats(sitting_code=SITTING, by=head(), at=later(at)).value


def issued(at: datetime, **more: int) -> Draw:
    """Notices out."""
    drawn(at, **more)
    return commands.issue_notices(sitting_code=SITTING, by=clerk(), at=later(at)).value


def later(at: datetime) -> datetime:
    """A while after the list was frozen."""
    return after_window(at) + timedelta(hours=2)
