"""The score archive's schema, made by its own role: `as_archive(sql)` for every migration that touches it.

The role is lent to the migrations' role while they run (`GRANT ... WITH SET`), and taken back afterwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.operations.base import Operation

SCRIPTS = Path(__file__).parent / "archive"
LEAF = (
    "sha256(convert_to(ROW(row.id, row.list_id, row.line, row.candidate_id, row.course_id, row.sitting_id,"
    " row.sitting_label, row.how, row.standing, row.value, row.grade, row.passed, row.source, row.evidence,"
    " row.version, row.supersedes_id, encode(row.previous, 'hex'), extract(epoch FROM row.recorded_at),"
    " row.agency_code)::text, 'UTF8'))"
)
"""A version's leaf, form 1, over `... AS row`: staged and filed rows have the same."""
_LEND = """
GRANT USAGE ON SCHEMA public TO {archive};
GRANT REFERENCES ON candidates_candidate, programmes_course, programmes_sitting TO {archive};
"""
_VIEW = """
CREATE VIEW results_score WITH (security_invoker = true) AS
    SELECT id, candidate_id, course_id, sitting_id, sitting_label, how, standing, value, grade, passed, source, evidence,
           version, supersedes_id, recorded_at, agency_code FROM archive.score;
REVOKE ALL ON results_score FROM {app};
GRANT SELECT ON results_score TO {app};
"""


def roles() -> dict[str, str]:
    """The quoted names of the node's application, owner and archive roles."""
    base = settings.ZIKAO_APP_ROLE.removesuffix("_app")
    return {"app": f'"{base}_app"', "owner": f'"{base}_owner"', "archive": f'"{base}_archive"'}


class AsArchive(Operation):
    """Run SQL as the archive's role; `{app}`, `{owner}`, `{archive}` and `{leaf}` are filled in."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Become the archive's role for this SQL only."""
        names = {**roles(), "leaf": LEAF}
        sql = self.sql
        for name, value in names.items():
            sql = sql.replace(f"{{{name}}}", value)
        schema_editor.execute(f"SET LOCAL ROLE {names['archive']}", params=None)
        schema_editor.execute(sql, params=None)
        schema_editor.execute("RESET ROLE", params=None)

    def describe(self) -> str:
        """What `migrate` prints."""
        return "Change the score archive as its owner"


class MakeArchive(AsArchive):
    """The whole schema, and the view by which other stages read it."""

    def __init__(self) -> None:
        super().__init__("\n".join(path.read_text("utf-8") for path in sorted(SCRIPTS.glob("*.sql"))))

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes it."""
        return self.__class__.__qualname__, [], {}

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Lend the tables it refers to, make it, show it."""
        schema_editor.execute(_LEND.format(**roles()), params=None)
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute(_VIEW.format(**roles()), params=None)


def as_archive(sql: str) -> AsArchive:
    """The operation for a migration that changes the archive: `operations = [as_archive("ALTER TABLE archive....")]`."""
    return AsArchive(sql)
