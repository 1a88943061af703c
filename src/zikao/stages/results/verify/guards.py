"""What only a superuser or an owner can do to the archive's guards, found from the server's own catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from zikao.stages.results.archive.form import LEAF
from zikao.stages.results.migrations._archive import SCRIPTS
from zikao.stages.results.verify.checking import ScoreProblem

KEPT = ("score", "staged", "segment", "staged_segment", "presence", "commit_check")
TRIGGERS = {(table, name) for table in KEPT for name in ("refuse_row", "refuse_statement")} | {
    ("filing_window", "refuse_row"),
    ("filing_window", "refuse_statement"),
    ("filing_window", "guard_window"),
    ("score", "guard_scores"),
    ("commit_check", "commit_in_time"),
}
_FUNCTION = re.compile(r"CREATE FUNCTION archive\.(\w+)\(.*?AS \$\$(.*?)\$\$", re.DOTALL)
_VIEW = "id, candidate_id, course_id, sitting_id, sitting_label, standing, value, grade, passed, version, agency_code"


def check_guards() -> list[ScoreProblem]:
    """Triggers, functions, owners, members, rights, the view."""
    return [
        *_triggers(), *_functions(), *_owners(), *_members(), *_rights(), *_view(), *_presences(),
    ]  # fmt: skip


def _rows(query: str, *given: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given or None)
        return list(cursor.fetchall())


def _triggers() -> Iterator[ScoreProblem]:
    held = _rows(
        "SELECT relname, tgname FROM pg_trigger JOIN pg_class held ON held.oid = tgrelid"
        " WHERE relnamespace = 'archive'::regnamespace AND tgenabled = 'A'"
    )
    for table, name in sorted(TRIGGERS - {(str(table), str(name)) for table, name in held}):
        yield ScoreProblem("guard", detail=f"{table} 的触发器 {name} 缺失或被停用")


def _functions() -> Iterator[ScoreProblem]:
    made = "\n".join(path.read_text("utf-8") for path in sorted(SCRIPTS.glob("*.sql"))).replace("{leaf}", LEAF)
    expected = {name: body.strip() for name, body in _FUNCTION.findall(made)}
    held = {
        str(name): str(body).strip()
        for name, body in _rows("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'archive'::regnamespace")
    }
    for name in sorted(expected.keys() | held.keys()):
        if expected.get(name) != held.get(name):
            yield ScoreProblem("guard", detail=f"函数 {name} 与程序中的不同")


def _owners() -> Iterator[ScoreProblem]:
    role = settings.ZIKAO_APP_ROLE.removesuffix("_app") + "_archive"
    strangers = _rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'archive'::regnamespace AND relkind IN ('r', 'S')"
        " AND pg_get_userbyid(relowner) <> %s",
        role,
    )
    for (name,) in strangers:
        yield ScoreProblem("guard", detail=f"{name} 不属于档案库的角色")


def _members() -> Iterator[ScoreProblem]:
    role = settings.ZIKAO_APP_ROLE.removesuffix("_app") + "_archive"
    members = _rows(
        "SELECT pg_get_userbyid(member) FROM pg_auth_members WHERE pg_get_userbyid(roleid) = %s AND set_option"
        " AND NOT (SELECT rolsuper FROM pg_roles WHERE oid = member)",
        role,
    )
    for (name,) in members:
        yield ScoreProblem("guard", detail=f"{name} 可以冒用档案库的角色")


def _rights() -> Iterator[ScoreProblem]:
    for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
        for table in ("score", "presence", "filing_window", "segment"):
            ((may,),) = _rows("SELECT has_table_privilege(%s, %s)", f"archive.{table}", right)
            if may:
                yield ScoreProblem("guard", detail=f"应用角色对 {table} 有 {right} 权限")


def _view() -> Iterator[ScoreProblem]:
    differing = _rows(
        f"(SELECT {_VIEW} FROM results_score EXCEPT SELECT {_VIEW} FROM archive.score) UNION ALL"  # noqa: S608
        f" (SELECT {_VIEW} FROM archive.score EXCEPT SELECT {_VIEW} FROM results_score) LIMIT 200"
    )
    for number in sorted({int(str(row[0])) for row in differing}):
        yield ScoreProblem("view", score=number)


def _presences() -> Iterator[ScoreProblem]:
    lonely = _rows(
        "SELECT held.number FROM archive.filing_window held WHERE held.number IS NOT NULL AND (SELECT count(DISTINCT"
        " account_id) FROM archive.presence WHERE window_id = held.id) <> 3 ORDER BY 1"
    )
    for (number,) in lonely:
        yield ScoreProblem("presence", int(str(number)))
