"""What a node needs of a PostgreSQL server: a database, the role that owns it, and the role that works in it.

Migrations run as the owner. Everything else runs as the application's role, which cannot change the schema, cannot
own anything, and cannot enter another node's database. The score archive belongs to a third role that cannot log in;
the owner may become it while migrations run, and nobody at any other time (ADR 0013).
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

    @property
    def archive_role(self) -> str:
        """The role that owns the score archive."""
        return archive_role(self.app_role)


REPLICATOR = "zikao_backup"


def slug(node_code: str) -> str:
    """A node's code as part of a database name: "province:32" -> "province_32"."""
    return re.sub(r"[^a-z0-9]+", "_", node_code.lower()).strip("_")


def names(node_code: str) -> tuple[str, str, str]:
    """The names of a node's database, owner and application role."""
    base = f"zikao_{slug(node_code)}"
    return base, f"{base}_owner", f"{base}_app"


def archive_role(app: str) -> str:
    """The role that owns the score archive of the node whose application's role this is."""
    return f"{app.removesuffix('_app')}_archive"


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


ARCHIVE = (
    "CREATE SCHEMA IF NOT EXISTS archive AUTHORIZATION {archive}",
    "REVOKE ALL ON SCHEMA archive FROM PUBLIC",
    "GRANT pg_signal_backend TO {archive}",
)
LEND_ARCHIVE = "GRANT {archive} TO {owner} WITH INHERIT FALSE, SET TRUE"
TAKE_ARCHIVE_BACK = "REVOKE {archive} FROM {owner}"


def ensure_archive(connection: Connection, owner: str, app: str) -> None:
    """The archive's role, which cannot log in, and its schema in this database; nobody is the role's member."""
    archive = archive_role(app)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [archive]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(archive)))
    for statement in ARCHIVE:
        connection.execute(sql.SQL(statement).format(archive=sql.Identifier(archive)))
    take_archive_back(connection, owner, app)


def lend_archive(connection: Connection, owner: str, app: str) -> None:
    """Let the owner become the archive's role, for the time of a migration."""
    _archive_statement(connection, LEND_ARCHIVE, owner, app)


def take_archive_back(connection: Connection, owner: str, app: str) -> None:
    """Nobody may become the archive's role."""
    _archive_statement(connection, TAKE_ARCHIVE_BACK, owner, app)


def _archive_statement(connection: Connection, statement: str, owner: str, app: str) -> None:
    names = {"archive": sql.Identifier(archive_role(app)), "owner": sql.Identifier(owner)}
    connection.execute(sql.SQL(statement).format(**names))


def divide_rights(connection: Connection, owner: str, app: str) -> None:
    """Inside the node's database: what the owner makes, the application may use but not change or empty."""
    for statement in INSIDE:
        connection.execute(sql.SQL(statement).format(owner=sql.Identifier(owner), app=sql.Identifier(app)))


def role_statements(node_code: str) -> str:
    """The SQL an administrator of an outside server runs once for this node (passwords left to fill in)."""
    database, owner, app = names(node_code)
    names_of = {"owner": owner, "app": app, "archive": archive_role(app)}
    inside = "\n".join(f"{line.format(**names_of)};" for line in (*INSIDE, *ARCHIVE))
    return (
        f"CREATE ROLE {owner} LOGIN PASSWORD '…';\n"
        f"CREATE ROLE {app} LOGIN PASSWORD '…';\n"
        f"CREATE ROLE {archive_role(app)} NOLOGIN;\n"
        f"CREATE DATABASE {database} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8';\n"
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;\n"
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app};\n"
        f"\\connect {database}\n{inside}\n\n"
        f"-- 每次建表或升级之前执行（成绩档案库的角色借给所有者）：\n{LEND_ARCHIVE.format(**names_of)};\n"
        f"-- 完成之后立即收回，此后任何角色都不能冒用成绩档案库的角色：\n{TAKE_ARCHIVE_BACK.format(**names_of)};\n"
    )
