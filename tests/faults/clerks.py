"""Opens the accounts of county clerks who register over the web."""

from __future__ import annotations

import sys
from datetime import date

import django

PASSWORD = "Cheng-shi-ying-kao-1"


def main(*names: str) -> None:
    """One account a name, appointed in the first county."""
    django.setup()
    from zikao.foundation import clock
    from zikao.foundation.access.commands import appoint, open_account
    from zikao.foundation.actors import Post, node_actor

    by, at = node_actor("32"), clock.now()
    for name in names:
        account = open_account(
            username=name, name="报名员", password=PASSWORD, agency_code="320101", by=by, at=at
        ).value
        appoint(
            account_id=account.pk, post=Post.COUNTY_CLERK, agency_code="320101", since_on=date(2026, 1, 1), by=by, at=at
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
