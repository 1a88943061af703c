"""A migration operation that makes a table append-only, for the ledger and for every room that needs such a table.

The application's role may SELECT and INSERT and nothing else. UPDATE, DELETE and TRUNCATE are refused to every role,
the owner too, by triggers that are ENABLE ALWAYS: session_replication_role does not switch them off. A superuser can
drop the triggers; that is what the signed checkpoints are for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.migrations.operations.base import Operation

_REFUSE = """
CREATE OR REPLACE FUNCTION zikao_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
_GUARD = """
CREATE TRIGGER {name}_refuse_row BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION zikao_refuse_change();
CREATE TRIGGER {name}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION zikao_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}_refuse_row;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}_refuse;
REVOKE ALL ON {table} FROM PUBLIC;
REVOKE ALL ON {table} FROM {role};
GRANT SELECT, INSERT{columns} ON {table} TO {role};
"""
_UNGUARD = """
DROP TRIGGER IF EXISTS {name}_refuse_row ON {table};
DROP TRIGGER IF EXISTS {name}_refuse ON {table};
"""


class AppendOnly(Operation):
    """Guard `table`; with `insert_columns` the application may give values for these columns only."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, insert_columns: Sequence[str] = ()) -> None:
        self.table = table
        self.insert_columns = tuple(insert_columns)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes it."""
        return self.__class__.__qualname__, [self.table, self.insert_columns], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add the triggers and set the rights."""
        quote = schema_editor.connection.ops.quote_name
        columns = f" ({', '.join(map(quote, self.insert_columns))})" if self.insert_columns else ""
        role = quote(settings.ZIKAO_APP_ROLE)
        sql = _GUARD.format(table=quote(self.table), name=self.table, role=role, columns=columns)
        schema_editor.execute(_REFUSE + sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the triggers away again."""
        quote = schema_editor.connection.ops.quote_name
        schema_editor.execute(_UNGUARD.format(table=quote(self.table), name=self.table), params=None)

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Make {self.table} append-only"


def append_only(table: str, *, insert_columns: Sequence[str] = ()) -> AppendOnly:
    """The operation for a migration: `operations = [..., append_only("results_score")]`."""
    return AppendOnly(table, insert_columns)
