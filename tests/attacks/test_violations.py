"""Somebody tries to undo a decision, or to read another's case."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.violations import COPYING, decided
from zikao.stages.candidates.models import IntegrityEntry
from zikao.stages.violations.models import Case, VoidedEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM violations_voidedentry",
        "UPDATE violations_voidedentry SET entry_id = entry_id + 1",
        "TRUNCATE violations_voidedentry",
        "DELETE FROM candidates_integrityentry",
        "UPDATE candidates_integrityentry SET text = '无'",
        "UPDATE violations_case SET scope = ''",
        "UPDATE violations_case SET second_recorder_id = first_recorder_id",
    ],
)
def test_application_cannot_undo_a_decision(at, statement):
    """The database refuses to unvoid entries, edit the integrity file or make one of two recorders."""
    decided(at, COPYING)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert VoidedEntry.objects.count() == 2
    assert IntegrityEntry.objects.get().code == COPYING
    assert Case.objects.get().scope == "session"
