"""The score archive: one list written in its window, beside COPY of the same rows into a table with the same indexes.

Ours is `archive.file` whole: leaves hashed, the list's digest recomputed from what was written, versions checked, the
window's head chained, the commit checked against the clock. The peer is COPY of the very same rows, with their leaves
computed beforehand, into an empty copy of the table with every index, check and foreign key, and nothing else. Both
commit, on one durable server, in turn. Staging (which is before the window) and the two backups are told by themselves.

ZIKAO_BENCH_SCORES rows (200,000 unless told; up to 1,000,000).
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from io import BytesIO

import psycopg

from bench import Line, clocked
from bench._node import throw_away_node

GOAL = 0.5
ROUNDS = 3
COURSES, LABELS = 50, ("2023-10", "2024-04", "2024-10", "2025-04")
AT = datetime(2026, 8, 20, 10, tzinfo=timezone(timedelta(hours=8)))
_WORLD = """
INSERT INTO programmes_major (code, level, name) VALUES ('050101', 'bachelor', '汉语言文学');
INSERT INTO programmes_sitting (code, year, month, digit, opened_at) VALUES ('2026-10', 2026, 10, 2, now());
INSERT INTO programmes_course (code, name, "national")
    SELECT lpad(i::text, 5, '0'), '课程' || i, false FROM generate_series(1, {courses}) i;
INSERT INTO candidates_candidate (admission_number, name, sex, born_on, ethnic, id_number_sealed, id_number_index,
        portrait, agency_code, major_id, first_sitting_id, rules_accepted_at, fee_fen, registered_at, state)
    SELECT lpad(i::text, 12, '0'), '考生', '1', '2000-01-01', '01', sha256(i::text::bytea), sha256(i::text::bytea), '',
        '32' || lpad((i % 13 + 1)::text, 2, '0') || '01', m.id, s.id, now(), 0, now(), 'registered'
    FROM generate_series(1, {people}) i, programmes_major m, programmes_sitting s;
"""
_STAGE = """
INSERT INTO archive.staged (list_id, line, candidate_id, course_id, sitting_label, how, standing, value, passed, source,
        recorded_at, agency_code)
    SELECT {number}, row_number() OVER (), c.id, k.id, '{label}', 'written', 'valid', (c.id + k.id) % 101,
        (c.id + k.id) % 101 >= 60, '网上评卷合分', '2026-08-20 10:00+08', c.agency_code
    FROM candidates_candidate c, programmes_course k
"""
_KEYS = """
ALTER TABLE peer ADD FOREIGN KEY (candidate_id) REFERENCES candidates_candidate (id),
    ADD FOREIGN KEY (course_id) REFERENCES programmes_course (id),
    ADD FOREIGN KEY (sitting_id) REFERENCES programmes_sitting (id),
    ADD FOREIGN KEY (supersedes_id) REFERENCES peer (id)
"""
_OPEN = """
UPDATE archive.filing_window SET opened_at = clock_timestamp(), closes_at = clock_timestamp() + interval '60 minutes'
    WHERE id = {number}
"""


def bench() -> list[Line]:
    """Filing beside COPY; staging; the verifier of everything that was filed."""
    count = int(os.environ.get("ZIKAO_BENCH_SCORES", "200000"))
    with throw_away_node() as database:
        superuser = _superuser_url(database.name)
        with psycopg.connect(superuser, autocommit=True) as root:
            root.execute(_WORLD.format(courses=COURSES, people=count // COURSES))  # type: ignore[arg-type]
        results = [_round(number, database.app_url, superuser) for number in range(1, ROUNDS + 1)]
        staging, ours, peer = (min(each[place] for each in results) for place in range(3))
        verifying = _verified()
    rows = count // COURSES * COURSES
    return [
        Line("archive: file", rows / ours, rows / peer, "COPY, same indexes", peer / ours, GOAL, "条/秒", rows),
        Line("archive: stage and digest", rows / staging, None, "—", None, None, "条/秒", rows),
        Line("archive: verify", rows * ROUNDS / verifying, None, "—", None, None, "条/秒", rows * ROUNDS),
    ]


def _round(number: int, app_url: str, superuser_url: str) -> tuple[float, float, float]:
    with psycopg.connect(app_url) as app, psycopg.connect(superuser_url, autocommit=True) as root:
        app.execute("SELECT set_config('zikao.lo', '*', false), set_config('zikao.hi', '*', false)")

        def stage() -> None:
            app.execute(_STAGE.format(number=number, label=LABELS[number - 1]))  # type: ignore[arg-type]
            app.execute("SELECT archive.digest_of(%s)", [number])
            app.commit()

        staging = clocked(stage)
        window = _opened(number, app, root)
        root.execute("CHECKPOINT")

        def file() -> None:
            app.execute("SELECT archive.file(%s)", [window])
            app.commit()

        ours = clocked(file)
        return staging, ours, _copied(number, root)


def _opened(number: int, app: psycopg.Connection, root: psycopg.Connection) -> int:
    asked = app.execute(
        "SELECT archive.request_window('scores', %s, '', archive.digest_of(%s), sha256(''), 60, 1, 1)", [number, number]
    ).fetchone()
    app.commit()
    assert asked is not None
    root.execute("ALTER TABLE archive.filing_window DISABLE TRIGGER guard_window")  # three people have their own tests
    root.execute(_OPEN.format(number=asked[0]))  # type: ignore[arg-type]
    root.execute("ALTER TABLE archive.filing_window ENABLE ALWAYS TRIGGER guard_window")
    return int(asked[0])


def _copied(number: int, root: psycopg.Connection) -> float:
    content = BytesIO()
    with (
        root.cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT * FROM archive.score WHERE list_id = {number} ORDER BY line) TO STDOUT"  # type: ignore[arg-type]
        ) as copy,
    ):
        for block in copy:
            content.write(block)
    root.execute("DROP TABLE IF EXISTS peer")
    root.execute("CREATE TABLE peer (LIKE archive.score INCLUDING ALL)")
    root.execute(_KEYS)
    if number > 1:  # the archive is not empty either
        root.execute("INSERT INTO peer SELECT * FROM archive.score WHERE list_id < %s", [number])
    root.execute("CHECKPOINT")

    def work() -> None:
        with root.cursor() as cursor, cursor.copy("COPY peer FROM STDIN") as copy:
            copy.write(content.getvalue())

    return clocked(work)


def _verified() -> float:
    from zikao.foundation.commands import all_rows
    from zikao.stages.results.verify.checking import check
    from zikao.stages.results.verify.reading import windows_here

    def work() -> None:
        with all_rows("bench"):
            check(windows_here(), {})

    return clocked(work)


def _superuser_url(name: str) -> str:
    from pathlib import Path

    from zikao.node.postgres import ensure_cluster

    return ensure_cluster(Path(os.environ["ZIKAO_HOME"])).superuser_url(name)
