"""Stored data files against their digests: a file that was altered or lost on disk is found (EA-A9.2.1.2).

`./zikao verify files` reads every file; a verification of the ledger reads a stretch that begins at a random place.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from zikao.foundation import storage
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger.audit import Problem
from zikao.foundation.storage.files import FileDamaged

PAGE = 1000
_PAGE = "SELECT id, digest FROM storage_storedfile WHERE id > %s ORDER BY id LIMIT %s"


def check_files(digests: Iterable[str]) -> tuple[int, list[Problem]]:
    """Read each file and compare; what was destroyed in due form is no problem. Returns how many, and what is wrong."""
    count, problems = 0, []
    for digest in digests:
        count += 1
        try:
            storage.get(digest)
        except FileDamaged as trouble:
            problems.append(Problem(trouble.code, detail=digest[:12]))
        except NotFound:
            continue
    return count, problems


def some_digests(limit: int) -> Iterator[str]:
    """The digests of up to so many files, from a random place on and round."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0), count(*) FROM storage_storedfile")
        last, count = cursor.fetchone()
        start = secrets.randbelow(last) if last else 0
        left = min(limit, count)
        for first, until in ((start, last), (0, start)):
            cursor.execute(
                "SELECT digest FROM storage_storedfile WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",
                [first, until, left],
            )
            found = [row[0] for row in cursor.fetchall()]
            left -= len(found)
            yield from found


def all_digests() -> Iterator[str]:
    """The digests of all files, a thousand at a time."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_PAGE, [last, PAGE])
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield from (row[1] for row in rows)


def main(args: Sequence[str]) -> int:
    """`./zikao verify files [--json]`: 0 when every file is as it was stored, 1 when not, 2 on wrong usage."""
    if list(args) not in ([], ["--json"]):
        sys.stderr.write("usage: zikao verify files [--json]\n")
        return 2
    count, problems = check_files(all_digests())
    if args:
        print(json.dumps({"holds": not problems, "files": count, "problems": [each.detail for each in problems]}))
        return 1 if problems else 0
    for each in problems[:50]:
        print(f"文件 {each.detail}……缺失或被改动。")
    print(f"数据文件 {count} 个" + (f"，{len(problems)} 个有问题。" if problems else "，全部与入库时的摘要相符。"))
    return 1 if problems else 0
