"""Registers people one after another until told to stop, and says what it was told: ack KEY LINE, or unknown KEY.

When the outcome is unknown (the server went away in the middle) the same key is tried again until there is an answer.
"direct" calls the command; "web" fills in the form over HTTP as a signed-in clerk.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

import django

AT = datetime(2026, 8, 20, 10, tzinfo=timezone(timedelta(hours=8)))
PATIENCE_SECONDS = 0.05
BLOCK = 4_000
Attempt = Callable[[str, Any, int], int | None]


def say(*words: object) -> None:
    """One line at once: a killed writer loses nothing that it said."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def applicants(name: str) -> Iterator[Any]:
    """People enough, no two writers the same: a name begins with the number of its block."""
    from zikao.world import people

    first = int(name.partition("-")[0]) * BLOCK
    for person in people.people(BLOCK, seed=3, major_codes=["050101"], fee_fen=1000, first=first):
        yield replace(person, address="")


def by_the_clock(name: str) -> Attempt:
    """Call the command at the node's own time, right or wrong."""
    return direct(name, by_clock=True)


def direct(name: str, *, by_clock: bool = False) -> Attempt:
    """Call the command; None where its outcome is unknown."""
    from django.db import Error, connection

    from zikao.foundation import clock
    from zikao.foundation.actors import Actor, Post
    from zikao.stages.candidates.commands import register_candidate

    by = Actor("考务员", Post.PROVINCE_CLERK, "32")

    def attempt(key: str, person: Any, n: int) -> int | None:
        facts = {"county_code": f"32010{n % 4 + 1}", "sitting_code": "2026-10", "rules_accepted": True}
        at = clock.now() if by_clock else AT
        try:
            return register_candidate(applicant=person, key=key, by=by, at=at, **facts).line_id
        except (Error, OSError):
            connection.close()
            return None

    return attempt


def web(name: str, base: str) -> Attempt:
    """Send the form; None where no answer came. The line is not told over the web: 0."""
    import httpx
    from django.conf import settings
    from django.test import Client

    from zikao.foundation.access.models import Account

    session = Client()
    session.force_login(
        Account.objects.get(username=name.rpartition("-")[2]), backend="django.contrib.auth.backends.ModelBackend"
    )
    token = "f" * 32
    cookies = {
        settings.SESSION_COOKIE_NAME: session.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.CSRF_COOKIE_NAME: token,
    }
    client = httpx.Client(base_url=base, cookies=cookies, headers={"X-CSRFToken": token}, timeout=30)

    def attempt(key: str, person: Any, n: int) -> int | None:
        files = {"portrait": ("p.jpg", person.portrait, "image/jpeg")}
        try:
            answer = client.post("/staff/candidates/register/", data=form_of(key, person), files=files)
        except httpx.TransportError:
            return None
        if answer.status_code >= 500:
            return None
        if answer.status_code != 302:
            raise RuntimeError(f"{answer.status_code}: {answer.text[-2000:]}")
        return 0

    return attempt


def form_of(key: str, person: Any) -> dict[str, str]:
    """The form as a clerk fills it in."""
    return {
        "id_number": person.id_number, "name": person.name, "sex": person.sex, "born_on": person.born_on.isoformat(),
        "ethnic": "01", "major_code": "050101", "county_code": "320101", "sitting_code": "2026-10",
        "fee_yuan": f"{person.fee_fen / 100:.2f}", "rules_accepted": "on", "same_person": "on", "idempotency_key": key,
    }  # fmt: skip


def main(kind: str, name: str, *more: str) -> None:
    """Write until a line comes in."""
    django.setup()
    attempt: Attempt = {"direct": direct, "clock": by_the_clock, "web": web}[kind](name, *more)
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
    people = applicants(name)
    for n in count():
        key, person = f"{name}-{n}", next(people)
        while (line := attempt(key, person, n)) is None:
            say("unknown", key)
            time.sleep(PATIENCE_SECONDS)
        if n == 0:
            say("ready")
        say("ack", key, line)
        if stop.is_set():
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
