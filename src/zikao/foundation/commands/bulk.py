"""Many rows at once into a table under row security, where PostgreSQL refuses COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from psycopg import sql


def copied_in(table: str, columns: str, rows: Iterable[Sequence[object]]) -> int:
    """Insert rows in their order, by way of a temporary table; returns how many. `columns` as COPY has them: "a, b"."""
    names = {"table": sql.Identifier(table), "columns": sql.SQL(", ").join(map(sql.Identifier, columns.split(", ")))}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE copied_in ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")
            .format(**names)
            .as_string()
        )
        with cursor.copy("COPY copied_in FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        insert = sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM copied_in").format(**names)
        cursor.execute(insert.as_string())
        count: int = cursor.rowcount
        cursor.execute("DROP TABLE copied_in")
    return count
