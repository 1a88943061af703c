"""Migration operations that put a table under row-level security by range of agency codes (EA-5.1).

    operations = [
        row_security("entries_entry", own="candidate_id = {candidate}"),
        row_security("entries_payment", through=("candidates_candidate", "candidate_id")),
        also_shown("entries_entry", "area", "{place} AND {within:area_code}"),
    ]

Whoever is not the table's owner sees, changes, deletes and inserts only rows whose code lies in the range that
`rows_of` told the connection; told nothing, none. The owner (migrations, the guards' functions) is not bound: it is a
role that no part of the running program enters as. The settings are read while a statement is planned, so that a
range is an index condition like a query's own; when it runs, `PLANNED` asks once whether they are still the same.

What PostgreSQL does not do here: COPY ... FROM is refused on such a table (use `copied_in`); unique and foreign keys
still look at all rows; ON CONFLICT DO UPDATE on a row out of sight is an error; a view needs security_invoker.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.migrations.operations.base import Operation

PLANNED = "(SELECT public.zikao_as_planned(public.zikao_plan_told())) IS NOT NULL"
"""Whether the settings are still those that the statement was planned with: a plan kept too long shows nothing."""
CANDIDATE = "public.zikao_plan_candidate()"
_PLACES = {"{candidate}": CANDIDATE, "{place}": "public.zikao_plan_place()", "{below}": "public.zikao_plan_below()"}
_ROOT = "public.zikao_plan_root()"
_RANGE = "{column} >= public.zikao_plan_lo() AND {column} < public.zikao_plan_hi()"
_ENABLE = "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
_POLICY = "CREATE POLICY {name} ON {table} FOR {kind} TO PUBLIC USING ({when})"


def within(column: str) -> str:
    """The condition that a column's code lies in the range shown."""
    return f"({_RANGE.format(column=column)})"


def of_node(column: str) -> str:
    """The check that lets `shown_below` leave the comparison out for whoever sees the whole node."""
    return f"CHECK ({column} ^@ public.zikao_root())"


def shown_below(column: str) -> str:
    """The condition that a checked column's code lies in the range shown, or that all of the node is shown."""
    return f"({_ROOT} OR {_RANGE.format(column=column)})"


def _filled(when: str) -> str:
    text = re.sub(r"\{within:([\w.]+)\}", lambda found: within(found[1]), when)
    for name, call in _PLACES.items():
        text = text.replace(name, call)
    return text


def shown_when(when: str, own: str = "") -> str:
    """A policy's condition: as planned, and `when` or, for a candidate, `own`."""
    mine = f" OR {CANDIDATE} IS NOT NULL AND ({_filled(own)})" if own else ""
    return f"{PLANNED} AND ({_filled(when)}{mine})"


class RowSecurity(Operation):
    """Show and take rows of `table` by the range of `column`, or as the row of another table that they hang on."""

    reduces_to_sql = True
    reversible = True

    def __init__(
        self,
        table: str,
        column: str = "agency_code",
        own: str = "",
        through: tuple[str, str] = ("", ""),
        of_node: bool = True,
    ):
        self.table, self.column, self.own, self.through = table, column, own, tuple(through)
        self.is_checked = of_node and not self.through[0]

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes it."""
        return self.__class__.__qualname__, [self.table, self.column, self.own, self.through, self.is_checked], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Enable it, with one policy for everything; a row with a code of its own belongs to the node."""
        table = _quoted(schema_editor, self.table)
        policy = _POLICY.format(name="zikao_rows", table=table, kind="ALL", when=self._when())
        if self.is_checked:
            schema_editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {self._check} {of_node(self.column)}", params=None
            )
        schema_editor.execute(_ENABLE.format(table=table), params=None)
        schema_editor.execute(policy, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take it away again."""
        table = _quoted(schema_editor, self.table)
        schema_editor.execute(f"DROP POLICY zikao_rows ON {table}", params=None)
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", params=None)
        if self.is_checked:
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {self._check}", params=None)

    @property
    def _check(self) -> str:
        return f"{self.table.rpartition('.')[2]}_of_node"

    def _when(self) -> str:
        parent, key = self.through
        short = self.table.rpartition(".")[2]
        below = shown_below(self.column) if self.is_checked else within(self.column)
        hangs = f"{_ROOT} OR EXISTS (SELECT FROM {parent} parent WHERE parent.id = {short}.{key})"
        return shown_when(hangs if parent else below, self.own)

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Put {self.table} under row-level security"


class AlsoShown(Operation):
    """Show, for reading only, further rows of a table under row security."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, name: str, when: str) -> None:
        self.table, self.name, self.when = table, name, when

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes it."""
        return self.__class__.__qualname__, [self.table, self.name, self.when], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add the policy; policies are joined by OR."""
        table, name = _quoted(schema_editor, self.table), self._policy
        policy = _POLICY.format(name=name, table=table, kind="SELECT", when=shown_when(self.when))
        schema_editor.execute(policy, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take it away again."""
        table = _quoted(schema_editor, self.table)
        schema_editor.execute(f"DROP POLICY {self._policy} ON {table}", params=None)

    @property
    def _policy(self) -> str:
        # PostgreSQL joins policies in the reverse order of their names: this one is asked after zikao_rows
        return f"zikao_also_{self.name}"

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Also show rows of {self.table}: {self.name}"


def _quoted(schema_editor: Any, table: str) -> str:
    quote = schema_editor.connection.ops.quote_name
    return ".".join(quote(part) for part in table.split("."))


def row_security(
    table: str,
    column: str = "agency_code",
    *,
    own: str = "",
    through: tuple[str, str] = ("", ""),
    of_node: bool = True,
) -> RowSecurity:
    """The operation for a migration.

    `own` is the condition by which a candidate has their own rows ({candidate} is their id). `through` = (parent
    table, column): a row without a code of its own is shown and taken where its parent is shown. `of_node` says that
    every row belongs to this node's agencies, which the table then checks.
    """
    return RowSecurity(table, column, own, through, of_node)


def also_shown(table: str, name: str, when: str) -> AlsoShown:
    """The operation that shows more rows for reading: `when` is SQL, with {candidate} and {within:column}.

    {place} is whether somebody of an area or a site asks, {below} whether somebody below the province: what begins with
    it costs the others nothing.
    """
    return AlsoShown(table, name, when)
