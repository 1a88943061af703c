"""A dump restored into another server: transaction ids start again, and the ledger goes on."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.foundation.test_ledger import verified, write
from tests.throwaway import NODE
from zikao.foundation import ledger
from zikao.foundation.ledger.models import Leaf, Line
from zikao.node.postgres import destroy_cluster, ensure_cluster
from zikao.node.postgres.binaries import wheel_binaries


@pytest.fixture
def other_server():
    home = Path(tempfile.mkdtemp(prefix="zikao-test-other-"))
    home.chmod(0o711)
    yield ensure_cluster(home, is_throw_away=True)
    destroy_cluster(home)
    shutil.rmtree(home, ignore_errors=True)


def move(test_node, other, database):
    """Dump this test's database and restore it there; then Django works there."""
    dump = [wheel_binaries().path("pg_dump"), "--dbname", test_node.cluster.superuser_url(database)]
    target = other.create_node_database(NODE)
    with psycopg.connect(other.superuser_url(target.name), autocommit=True) as superuser:
        superuser.execute("DROP SCHEMA archive")  # the dump brings its own
    restore = [wheel_binaries().path("psql"), "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    text = subprocess.run(dump, check=True, capture_output=True).stdout
    subprocess.run([*restore, "--dbname", other.superuser_url(target.name)], input=text, check=True)
    connection.close()
    parts = psycopg.conninfo.conninfo_to_dict(target.app_url)
    connection.settings_dict.update(
        NAME=parts["dbname"], USER=parts["user"], PASSWORD=parts["password"], PORT=str(parts["port"])
    )
    return target


@pytest.mark.django_db(transaction=True)
def test_ledger_goes_on_after_a_restore_elsewhere(at, test_node, other_server):
    with psycopg.connect(test_node.cluster.superuser_url("postgres"), autocommit=True) as superuser:
        for _ in range(8000):  # this server is older: its ids are higher than the other's
            superuser.execute("SELECT pg_current_xact_id()")
    placed = [write(at, number) for number in range(5)]
    ledger.sequence()
    ledger.checkpoint(at)
    left = write(at, 5)
    target = move(test_node, other_server, connection.settings_dict["NAME"])

    first = write(at, 6)
    assert Line.objects.get(pk=first).xid < Line.objects.get(pk=left).xid
    with pytest.raises(ledger.LedgerMoved):
        ledger.sequence()
    assert ledger.rebase() == 2
    last = [write(at, 7), write(at, 8)]
    assert ledger.sequence() == 2
    ledger.checkpoint(at)
    assert list(Leaf.objects.values_list("line_id", flat=True)) == [*placed, left, first, *last]
    assert verified().problems == []
    with psycopg.connect(target.owner_url) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("DELETE FROM ledger_line")
