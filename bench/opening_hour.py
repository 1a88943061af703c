"""The opening hour: 200 candidates at once enter and pay through HTTP, against the node's own web server.

Each candidate is signed in before, and goes as people do: the page of choosing, the answers once more, the entry, the
order, the gateway's signed call-back, the order paid; between two steps they think for some seconds, so that 200 are
inside at any time. Two workers of granian serve as `./zikao node serve` starts them; the clients run on the same cores.
Afterwards every order is counted: each candidate has one, paid once, every place counted, every fen accounted for.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from bench import Line
from bench._node import throw_away_node
from bench.seating import _PEOPLE, _SITES, _WORLD

INSIDE = int(os.environ.get("ZIKAO_BENCH_INSIDE", "200"))
PEOPLE = 3 * INSIDE
THINK_SECONDS = (3.0, 9.0)
GOAL_SECONDS = 0.3
PORT = 8357
AREAS = 2
WORKERS = 2
SITTING = "2026-10"
_MORE = """
INSERT INTO programmes_papermajor (paper_id, major_id)
    SELECT p.id, m.id FROM programmes_paper p JOIN programmes_course c ON c.id = p.course_id, programmes_major m
    WHERE c.code::int <= 16;
INSERT INTO access_account (username, name, kind, agency_code, candidate_id, created_at, password, is_active)
    SELECT admission_number, name, 'candidate', agency_code, id, now(), '!', true FROM candidates_candidate;
"""


def bench() -> list[Line]:
    """Two lines: the 99th percentile of all requests, and orders that were lost or made twice."""
    with throw_away_node() as database:
        _fill(database.owner_url)
        cookies = _prepared()
        with _served():
            times = asyncio.run(_rush(cookies))
        wrong = _wrong()
    times.sort()
    p99 = times[int(len(times) * 0.99)]
    return [
        Line("opening hour, p99", p99, None, "", None, GOAL_SECONDS, "秒", len(times), lower_is_better=True),
        Line("opening hour, median", times[len(times) // 2], None, "", None, None, "秒", len(times)),
        Line("opening hour, lost or double", wrong, None, "", None, 0, "订单", PEOPLE, lower_is_better=True),
    ]


def _fill(owner_url: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for part in (_WORLD, _SITES, _PEOPLE, _MORE):
            for statement in part.format(areas=AREAS, people=PEOPLE, sites=2).split(";\n"):
                if statement.strip():
                    owner.execute(statement)  # type: ignore[call-overload]


def _prepared() -> list[str]:
    """The window open, places as the sites have seats; every candidate signed in: their session cookies."""
    from django.conf import settings
    from django.test import Client

    from zikao.foundation import clock
    from zikao.foundation.access.models import Account
    from zikao.foundation.actors import Actor, Post
    from zikao.foundation.commands import all_rows
    from zikao.foundation.crypto import index_of
    from zikao.stages.candidates.models import ID_NUMBER, Candidate
    from zikao.stages.entries import commands

    now, by = clock.now(), Actor("考务", Post.EXAM_AFFAIRS_HEAD, "32")
    commands.open_window(
        sitting_code=SITTING, opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(hours=8), by=by, at=now
    )
    commands.set_places(sitting_code=SITTING, by=by, at=now)
    cookies = []
    with all_rows("基准：准备登录"):
        for person in Candidate.objects.order_by("pk"):
            number = f"320102{person.pk:012d}"
            sealed = {"id_number_sealed": ID_NUMBER.seal(number, person.pk), "id_number_index": index_of(number)}
            Candidate.objects.filter(pk=person.pk).update(**sealed)
        for account in Account.objects.filter(kind="candidate").order_by("pk"):
            client = Client()
            client.force_login(account, "django.contrib.auth.backends.ModelBackend")
            cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    return cookies


@contextmanager
def _served() -> Iterator[None]:
    """The node's web server with two workers, and its caretaker beside it."""
    from zikao.node.serving import BLOCKING_THREADS, wait_until_ready

    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src"), "ZIKAO_GATEWAY": "simulated"}
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT)),
        *("--workers", str(WORKERS), "--blocking-threads", str(BLOCKING_THREADS), "--no-ws", "--log-level", "warning"),
        "zikao.node.wsgi:application",
    ]
    caretaker = [sys.executable, "-m", "zikao.foundation.jobs", "caretaker"]
    children = [subprocess.Popen(each, env=environment) for each in (web, caretaker)]
    try:
        wait_until_ready(PORT)
        yield
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()


async def _rush(cookies: list[str]) -> list[float]:
    """All candidates, of whom 200 are inside at any time; the seconds of every request."""
    inside = asyncio.Semaphore(INSIDE)
    times: list[float] = []

    async def one(number: int, cookie: str) -> None:
        async with inside:
            await _Candidate(number, cookie, times).go()

    await asyncio.gather(*(one(number, cookie) for number, cookie in enumerate(cookies)))
    return times


class _Candidate:
    """One candidate's way through the pages; any unexpected answer ends the benchmark."""

    def __init__(self, number: int, cookie: str, times: list[float]) -> None:
        self.random, self.cookie, self.times = random.Random(number), cookie, times

    async def go(self) -> None:
        """Choose, check, confirm, order; the gateway calls back; look at the order."""
        await self.think()
        page = await self.ask("GET", f"/my/entries/{SITTING}/choose/")
        units = [re.findall(r'value="(\d+)"', part) for part in page.split("<fieldset")[1:]]
        papers = [self.random.choice(unit) for unit in units[:2]]
        area = re.findall(r'<option value="(\d{4})"', page)
        wish = [*(("papers", each) for each in papers), ("area_code", self.random.choice(area)), ("site_code", "")]
        await self.think()
        page = await self.ask("GET", f"/my/entries/{SITTING}/check/?{urlencode(wish)}")
        key = re.search(r'name="idempotency_key" value="(\w+)"', page)
        assert key, page[:2000]
        await self.think()
        told = [*wish, ("pledge", "on"), ("idempotency_key", key[1])]
        await self.ask("POST", f"/my/entries/{SITTING}/confirm/", told, page, 302)
        await self.think()
        till = await self.ask("POST", f"/my/entries/{SITTING}/pay/", [], page, 302)
        number = re.search(r"/till/(\d+)/", till)
        assert number, till
        await self.think()
        await self.bank(number[1])
        page = await self.ask("GET", f"/my/entries/orders/{number[1]}/")
        assert "已支付" in page, page[:2000]

    async def think(self) -> None:
        """A person reads and decides."""
        await asyncio.sleep(self.random.uniform(*THINK_SECONDS))

    async def bank(self, number: str) -> None:
        """The gateway's call-back, signed; twice, as gateways do."""
        from zikao.stages.entries.gateway.signing import money_body, signed
        from zikao.stages.entries.states import Money

        now = datetime.now(UTC)
        money = Money(number, f"G{number}", 7400, now)
        for expected in (200, 200):
            told = signed(money_body(money), nonce=secrets.token_hex(16), sent_at=now)
            headers = {
                "X-Gateway-Time": now.isoformat(), "X-Gateway-Nonce": told.nonce,
                "X-Gateway-Signature": told.signature, "Content-Type": "application/json",
            }  # fmt: skip
            await self.send("POST", "/entries/gateway/notice/", told.body, headers, expected)

    async def ask(
        self, method: str, path: str, form: list[tuple[str, str]] | None = None, page: str = "", expected: int = 200
    ) -> str:
        """A request as the browser sends it; the body, or where it leads."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        if form is not None and token:
            form = [*form, ("csrfmiddlewaretoken", token[1])]
        return await self.send(method, path, urlencode(form or []).encode(), headers, expected)

    async def send(self, method: str, path: str, body: bytes, headers: dict[str, str], expected: int) -> str:
        """One request on a connection of its own, timed from the first byte sent to the last received."""
        begin = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        lines = {"Host": f"127.0.0.1:{PORT}", "Connection": "close", "Content-Length": str(len(body)), **headers}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(head.encode() + b"\r\n" + body)
        answer = (await reader.read()).decode()
        writer.close()
        self.times.append(time.perf_counter() - begin)
        top, _, text = answer.partition("\r\n\r\n")
        status = int(top.split(" ", 2)[1])
        if status != expected:
            raise RuntimeError(f"{method} {path}: {status}, not {expected}\n{text[:1500]}")
        for line in top.split("\r\n"):
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self.cookie = _with(self.cookie, value.partition(";")[0])
            if name.lower() == "location":
                return value
        return text


def _with(cookie: str, new: str) -> str:
    """The cookies with one set anew."""
    known = dict(each.split("=", 1) for each in [*cookie.split("; "), new])
    return "; ".join(f"{name}={value}" for name, value in known.items())


def _wrong() -> int:
    """How many candidates do not have exactly one order, paid once; every fen and every place is counted, too."""
    from zikao.foundation.commands import all_rows
    from zikao.stages.entries import queries
    from zikao.stages.entries.models import Entry, Order, Payment

    with all_rows("基准：清点"):
        if not queries.balance(SITTING).adds_up or queries.counters_off(SITTING):
            raise RuntimeError("the money or the places do not add up")
        paid = Order.objects.filter(state="paid").count()
        once = Payment.objects.filter(way="gateway").count()
        entered = Entry.objects.filter(state="paid").count()
        wrong = abs(Order.objects.count() - PEOPLE) + abs(paid - PEOPLE) + abs(once - PEOPLE)
    return wrong + abs(entered - 2 * PEOPLE)
