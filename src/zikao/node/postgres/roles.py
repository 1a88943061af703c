"""What a node needs of a PostgreSQL server: a database, the role that owns it, and the role that works in it.

Migrations run as the owner. Everything else runs as the application's role, which cannot change the schema, cannot
own anything, and cannot enter another node's database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from psycopg import Connection, sql


@dataclass(frozen=True)
class NodeDatabase:
    """The two ways into a node's database."""

    name: str
    owner_url: str
    app_url: str
    owner_role: str
    app_role: str


REPLICATOR = "zikao_backup"


def slug(node_code: str) -> str:
    """A node's code as part of a database name: "province:32" -> "province_32"."""
    return re.sub(r"[^a-z0-9]+", "_", node_code.lower()).strip("_")


def names(node_code: str) -> tuple[str, str, str]:
    """The names of a node's database, owner and application role."""
    base = f"zikao_{slug(node_code)}"
    return base, f"{base}_owner", f"{base}_app"


def url(role: str, password: str, port: int, database: str, *, host: str = "127.0.0.1") -> str:
    """A connection URL."""
    return f"postgresql://{quote(role, safe='')}:{quote(password, safe='')}@{host}:{port}/{quote(database, safe='')}"


def ensure_role(connection: Connection, role: str, password: str) -> None:
    """Make a role that can log in and nothing else, or give an existing one this password."""
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if found else "CREATE")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}").format(
            verb, sql.Identifier(role), sql.Literal(password)
        )
    )


def ensure_replicator(connection: Connection, password: str) -> None:
    """Make the role that copies the cluster for a backup; it may enter no database but for that."""
    ensure_role(connection, REPLICATOR, password)
    connection.execute(sql.SQL("ALTER ROLE {} REPLICATION").format(sql.Identifier(REPLICATOR)))


def ensure_database(connection: Connection, database: str, owner: str, *, template: str = "template0") -> bool:
    """Make the database of this owner if it is missing; returns whether it was made."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        return False
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(database), sql.Identifier(owner), sql.Identifier(template)
        )
    )
    return True


def close_to_public(connection: Connection, database: str, app: str) -> None:
    """Only the owner and this application role may enter the database."""
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(database=sql.Identifier(database), app=sql.Identifier(app)))


INSIDE = (
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "GRANT ALL ON SCHEMA public TO {owner}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {app}",
)


def divide_rights(connection: Connection, owner: str, app: str) -> None:
    """Inside the node's database: what the owner makes, the application may use but not change or empty."""
    for statement in INSIDE:
        connection.execute(sql.SQL(statement).format(owner=sql.Identifier(owner), app=sql.Identifier(app)))


def role_statements(node_code: str) -> str:
    """The SQL an administrator of an outside server runs once for this node (passwords left to fill in)."""
    database, owner, app = names(node_code)
    inside = "\n".join(f"{line.format(owner=owner, app=app)};" for line in INSIDE)
    return (
        f"CREATE ROLE {owner} LOGIN PASSWORD '…';\n"
        f"CREATE ROLE {app} LOGIN PASSWORD '…';\n"
        f"CREATE DATABASE {database} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8';\n"
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;\n"
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app};\n"
        f"\\connect {database}\n{inside}\n"
    )
