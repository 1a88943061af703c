"""What machines ask a node."""

import pytest
from django.db import OperationalError, connection


def test_a_probe_learns_that_the_process_lives(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_probe_learns_that_the_process_lives_while_its_database_does_not_answer(client, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("gone")

    connection.ensure_connection()
    with monkeypatch.context() as patch:
        patch.setattr("zikao.foundation.commands.rows.prepared", gone)
        assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_probe_learns_that_the_node_is_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["problems"]) == (200, [])


@pytest.mark.django_db
def test_a_probe_learns_that_migrations_are_missing(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'access'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "not applied" in answer.json()["problems"][0]


@pytest.mark.django_db
def test_a_monitor_reads_the_metrics(client):
    lines = client.get("/metrics").content.decode().splitlines()
    assert "zikao_up 1" in lines
    assert "zikao_ledger_lines 0" in lines
    assert 'zikao_jobs{state="todo"} 0' in lines


@pytest.mark.django_db
def test_a_monitor_learns_that_the_database_is_gone(client, monkeypatch):
    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr("zikao.node.health.take_vitals", gone)
    answer = client.get("/metrics")
    assert (answer.status_code, answer.content) == (503, b"zikao_up 0\n")
