"""The cluster of a home: made when new, started when down, mended when it was killed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from zikao.node.files import locked, write_private
from zikao.node.postgres import place as places
from zikao.node.postgres import roles
from zikao.node.postgres.account import server_account
from zikao.node.postgres.binaries import reachable_binaries
from zikao.node.postgres.place import Place
from zikao.node.postgres.roles import NodeDatabase
from zikao.node.postgres.server import SUPERUSER, Server
from zikao.node.trouble import NodeTrouble

Say = Callable[[str], None]


def _silent(text: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Cluster:
    """A running server and the passwords kept for it in the home."""

    home: Path
    server: Server
    port: int

    def superuser_url(self, database: str = "postgres") -> str:
        """How the superuser enters; only this module and attack tests use it."""
        return roles.url(SUPERUSER, _secret(self.home, "superuser"), self.port, database)

    def create_node_database(self, node_code: str) -> NodeDatabase:
        """Make (once) the database, owner and application role of a node; returns the ways in."""
        database, owner, app = roles.names(node_code)
        with self._superuser() as connection:
            for role in (owner, app):
                roles.ensure_role(connection, role, _secret(self.home, role))
            if roles.ensure_database(connection, database, owner):
                roles.close_to_public(connection, database, app)
        with self._superuser(database) as connection:
            roles.divide_rights(connection, owner, app)
            roles.ensure_archive(connection, owner, app)
        return self.node_database(node_code)

    @contextmanager
    def archive_lent(self, node_code: str) -> Iterator[None]:
        """While migrations run: the owner may become the archive's role. Afterwards nobody may."""
        database, owner, app = roles.names(node_code)
        with self._superuser(database) as connection:
            roles.lend_archive(connection, owner, app)
        try:
            yield
        finally:
            with self._superuser(database) as connection:
                roles.take_archive_back(connection, owner, app)

    def node_database(self, node_code: str, *, database: str | None = None) -> NodeDatabase:
        """The ways into a node's database (or into a copy of it by another name), without making anything."""
        name, owner, app = roles.names(node_code)
        name = database or name
        return NodeDatabase(
            name=name,
            owner_url=roles.url(owner, _secret(self.home, owner), self.port, name),
            app_url=roles.url(app, _secret(self.home, app), self.port, name),
            owner_role=owner,
            app_role=app,
        )

    def copy_node_database(self, node_code: str, copy: str) -> NodeDatabase:
        """A fresh copy of a node's database, replacing an older copy of that name; nobody may be connected to it."""
        database, owner, app = roles.names(node_code)
        self.drop_database(copy)
        with self._superuser() as connection:
            roles.ensure_database(connection, copy, owner, template=database)
            roles.close_to_public(connection, copy, app)
        return self.node_database(node_code, database=copy)

    def drop_database(self, database: str) -> None:
        """Remove a database and whoever is connected to it."""
        with self._superuser() as connection:
            name = psycopg.sql.Identifier(database)
            connection.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def drop_node_database(self, node_code: str) -> None:
        """Remove a node's database; its roles stay."""
        self.drop_database(roles.names(node_code)[0])

    def replication_url(self) -> str:
        """How whoever makes backups enters: a role that may copy the whole cluster and change nothing."""
        with self._superuser() as connection:
            roles.ensure_replicator(connection, _secret(self.home, roles.REPLICATOR))
        return roles.url(roles.REPLICATOR, _secret(self.home, roles.REPLICATOR), self.port, "postgres")

    @contextmanager
    def _superuser(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.superuser_url(database), autocommit=True, connect_timeout=10) as connection:
            yield connection


def ensure_cluster(home: Path, *, is_throw_away: bool = False, say: Say = _silent) -> Cluster:
    """The running cluster of a home: made when there is none, started when it is down.

    Two starters wait for each other. `is_throw_away` gives up durability for speed (tests). Raises NodeTrouble.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "postgres.lock"):
        server = _server(home, is_throw_away=is_throw_away)
        if not (server.place.data / "PG_VERSION").exists():
            say("正在建立内置数据库……")
            server.initialise(_secret(home, "superuser"))
            places.record(home, server.place)
            fresh = True
        else:
            fresh = False
        place = _run(home, server, say)
        cluster = Cluster(home, server, place.port)
        _check_entry(cluster)
        if fresh:
            _close_defaults(cluster)
    return cluster


def stop_cluster(home: Path) -> None:
    """Stop the cluster of a home, if it runs."""
    home = home.resolve()
    if places.recorded_place(home) is None:
        return
    with locked(home / "postgres.lock"):
        _server(home).stop()


def destroy_cluster(home: Path) -> None:
    """Stop the cluster of a home and delete it with all its data."""
    home = home.resolve()
    place = places.recorded_place(home)
    if place is not None:
        stop_cluster(home)
    places.forget(home, place)


def _server(home: Path, *, is_throw_away: bool = False) -> Server:
    account = server_account()
    place = places.recorded_place(home) or places.choose_place(home, account)
    return Server(reachable_binaries(account, place.path), account, place, is_throw_away)


def _run(home: Path, server: Server, say: Say) -> Place:
    if server.pid() is not None:
        return server.place
    place = server.start()
    if server.place.port and place.port != server.place.port:
        say(f"端口 {server.place.port} 已被其他程序占用，数据库改用端口 {place.port}。")
    places.record(home, place)
    return place


def _check_entry(cluster: Cluster) -> None:
    try:
        with psycopg.connect(cluster.superuser_url(), connect_timeout=10) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError as error:
        raise NodeTrouble(
            "cannot-enter",
            facts={"home": cluster.home, "port": cluster.port},
            message=f"内置数据库在端口 {cluster.port} 上不能登录：{str(error).strip()[:200]}",
            remedy=f"请检查 {cluster.home}/postgres/secrets 中的口令文件是否还在。",
        ) from None


def _close_defaults(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        for database in ("postgres", "template1"):
            name = psycopg.sql.Identifier(database)
            connection.execute(psycopg.sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))


def _secret(home: Path, name: str) -> str:
    path = home / "postgres" / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text()


def fresh_secret(home: Path, name: str) -> str:
    """A new password for a role of a cluster that was copied, kept in the home instead of an older one."""
    (home / "postgres" / "secrets" / name).unlink(missing_ok=True)
    return _secret(home, name)
