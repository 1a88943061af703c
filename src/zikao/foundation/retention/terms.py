"""The law's terms, written into the database by whoever migrates it: the application may read them only."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from zikao.foundation import clock
from zikao.foundation.regulation import retention_schedule

_WRITE = """
INSERT INTO retention_term (kind, clause, event, months) VALUES (%s, %s, %s, %s)
ON CONFLICT (kind) DO UPDATE SET clause = excluded.clause, event = excluded.event, months = excluded.months
"""


def write_terms() -> None:
    """Bring the table of terms up to the law of today, with the province's own longer terms."""
    today, province = clock.today(), settings.ZIKAO_NODE_CODE or None
    with connection.cursor() as cursor:
        for kind, keeping in retention_schedule().items():
            cursor.execute(_WRITE, [kind, keeping.clause, keeping.event, keeping.months(today, province)])
