"""The test bench itself keeps its promises."""

import psycopg
import pytest
from django.db import connection, transaction


@pytest.mark.django_db
def test_the_tests_work_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        role, database = cursor.fetchone()
    assert role == "zikao_province_32_app"
    assert database.startswith("zikao_test_")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["CREATE TABLE x (i int)", "DROP TABLE django_migrations", "TRUNCATE django_migrations"]
)
def test_the_application_role_cannot_change_the_schema(statement):
    with pytest.raises(Exception, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_leaves_nothing_behind(turn):
    from django.contrib.contenttypes.models import ContentType

    assert not ContentType.objects.filter(app_label="left-behind").exists()
    ContentType.objects.create(app_label="left-behind", model="x")


@pytest.mark.django_db
def test_the_owner_enters_by_a_connection_of_its_own(owner_connection):
    assert owner_connection.execute("SELECT current_user").fetchone() == ("zikao_province_32_owner",)
    assert isinstance(owner_connection, psycopg.Connection)
