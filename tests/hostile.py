"""Hostile input for any form: values no honest browser sends, and what an answer to them must not do.

    for form in forms_of(page): for body in bodies(form): attack(client, form.action, body)

A form is read from the page as a browser reads it. An answer may refuse, but never fail (500), and may change nothing
but what its ledger line says: after each attack the rows of every table that was written to are compared with those
before; more than the traces of signing in and asking may differ only where a line was added.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client

from zikao.foundation.commands import all_rows

HUGE = "自" * 350_000
TEXTS = (
    "", " ", "\x00", "a\x00b", "\ufffe\u202e\u200b", "㐀𠀀𬴂䶮𱍐", "'; DROP TABLE candidates_candidate; --",
    '"><script>alert(1)</script>', "-1", "0", "1" + "0" * 40, "-" + "9" * 40, "1e309", "NaN", "Infinity", "１２３",
    "٣٤", "0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "9999-12-31T23:59", "0001-01-01T00:00",
    "2026-10-25T02:30:00+99:99", "../../etc/passwd", "{{ 7 }}%s%(x)s{0}", "null", "[]", '{"a":', "true",
    "\r\nSet-Cookie: a=b", "2147483648", "9223372036854775808", "0.05", "3201" * 8, HUGE,
)  # fmt: skip
"""Each is sent in every field of a form at once, and alone."""
RAW = b"\xed\xa0\x80\xff\xfe%00%ed%a0%80"
"""Bytes that are no UTF-8: a lone surrogate, and what no encoding has."""
TRACES = {
    "access_signin", "access_livesession", "access_accountevent", "django_session", "axes_accessattempt",
    "axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accesslog", "access_account", "access_failure",
    "access_proof", "access_challenge", "access_tries",
}  # fmt: skip
"""What signing in and asking leave behind of themselves, with or without a command."""
_WRITTEN = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE schemaname = 'public' AND relname NOT LIKE 'procrastinate%'
"""


@dataclass
class Form:
    """A form of a page: where it goes, and its fields with what stands in them."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms = url, []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action") or self.url, given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and (name := given.get("name")):
            self._take(tag, name, given)
        elif tag == "option" and self._form is not None and self._select and given.get("value"):
            stands = self._form.fields[self._select]
            self._form.fields[self._select] = given["value"] if "selected" in given or not stands else stands

    def _take(self, tag: str, name: str, given: dict[str, str]) -> None:
        assert self._form is not None
        self._select = name if tag == "select" else ""
        if given.get("type") == "file":
            self._form.files.add(name)
        else:
            self._form.fields.setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def forms_of(url: str, html: str) -> list[Form]:
    """The forms of a page, each once by its way and its fields."""
    reader = _Reader(url)
    reader.feed(html)
    return list({(each.action, each.method, *sorted(each.fields)): each for each in reader.forms}.values())


def bodies(form: Form, *, at_length: bool) -> Iterator[dict[str, Any]]:
    """What is sent to a form: nothing, everything hostile alike, each field hostile alone (at length), bad files."""
    names = [name for name in form.fields if name != "csrfmiddlewaretoken"]
    yield {}
    for text in TEXTS if at_length else TEXTS[1::3]:
        yield {**dict.fromkeys(names, text), **dict.fromkeys(form.files, text)}
    if at_length:
        for place, name in enumerate(names):
            for text in TEXTS[place % 5 :: 5]:
                yield {**form.fields, name: text}
    if names:
        yield {name: [value, value, "x"] for name, value in form.fields.items()}
        yield {name: SimpleUploadedFile("x.txt", b"\x00\xff") for name in names}
    for wrong in _files() if form.files else ():
        yield {**form.fields, **dict.fromkeys(form.files, wrong)}


def _files() -> Iterator[SimpleUploadedFile]:
    yield SimpleUploadedFile("empty.csv", b"")
    yield SimpleUploadedFile("x.csv", b"\xff\xfe\x00\xd8" * 50, "text/csv")
    yield SimpleUploadedFile("x.csv", b"a" * 140_000 + b",b\n1,2\n", "text/csv")
    yield SimpleUploadedFile("x.csv", b'a,b\r1,"2\n\r3', "text/csv")
    yield SimpleUploadedFile("x.csv", "姓名,性别\n\x00,'=1+1\n".encode() * 3, "text/csv")
    yield SimpleUploadedFile(
        "x.png", b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff", "image/png"
    )
    yield SimpleUploadedFile("x.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 40, "image/jpeg")
    yield SimpleUploadedFile("x.xlsx", _bomb(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    yield SimpleUploadedFile("x.pdf", b"%PDF-1.7 MZ\x90\x00", "application/pdf")
    yield SimpleUploadedFile("../../" + "长" * 300 + ".exe", b"MZ" * 99)


def _bomb() -> bytes:
    """A workbook whose one sheet unpacks to 40 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return made.getvalue()


class Attacked(AssertionError):
    """An answer failed, or changed what no line of the ledger tells."""


def attack(client: Client, method: str, url: str, body: Any, content_type: str = "") -> int:
    """Send it, undo what it did, and return the status. Raises Attacked."""
    faults: list[BaseException | None] = []

    def note(sender: object, **more: object) -> None:
        import sys

        faults.append(sys.exc_info()[1])

    got_request_exception.connect(note)
    cache.clear()
    try:
        with all_rows("测试：对照攻击前后"):
            written, lines = _written(), _count_of_lines()
        sent: dict[str, Any] = {"content_type": content_type} if content_type else {}
        with transaction.atomic():
            answer = getattr(client, method)(url, body, **sent)
            b"".join(answer.streaming_content) if answer.streaming else answer.content
            with transaction.atomic():
                suspects, added, after = _state(written, lines)
            transaction.set_rollback(True)
        if answer.status_code >= 500 and answer.status_code != 501:
            raise Attacked(f"{method} {url}: {answer.status_code} by {_short(body)}: {faults!r:.300}")
        if suspects and not added:
            with all_rows("测试：对照攻击前后"):
                before = _digests(suspects)
            if changed := [name for name in suspects if before[name] != after[name]]:
                raise Attacked(f"{method} {url}: {changed} changed without a line by {_short(body)}")
        return int(answer.status_code)
    finally:
        got_request_exception.disconnect(note)


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def _state(before: dict[str, int], lines: int) -> tuple[list[str], int, dict[str, Any]]:
    with all_rows("测试：对照攻击前后"):
        now = _written()
        suspects = sorted(name for name in now if now[name] > before.get(name, 0) and name not in TRACES)
        added = _count_of_lines() - lines
        return suspects, added, _digests(suspects) if suspects and not added else {}


def _count_of_lines() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_line")
        return int(cursor.fetchone()[0])


def _digests(tables: list[str]) -> dict[str, Any]:
    found = {}
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM {name} t")
            found[name] = cursor.fetchone()
    return found


def _short(body: Any) -> str:
    return f"{ {name: str(value)[:30] for name, value in body.items()} if isinstance(body, dict) else body!r:.300}"[
        :400
    ]
