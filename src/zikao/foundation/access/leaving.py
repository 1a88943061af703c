"""What else ends when somebody is out of a post: a registry that rooms above fill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Follower = Callable[[int, datetime], None]
_followers: list[Follower] = []


def when_out_of_post(follower: Follower) -> Follower:
    """Call `follower(account_id, at)` within the command that ends an appointment at once or closes an account."""
    _followers.append(follower)
    return follower


def out_of_post(account_id: int, at: datetime) -> None:
    """An appointment of the account has ended, or the account is closed."""
    for follower in _followers:
        follower(account_id, at)
