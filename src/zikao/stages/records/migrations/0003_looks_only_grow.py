"""Who looked at what only grows; a consultation is shown to its record's county and above."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security
from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_row_security"),
        ("ledger", "0002_append_only"),
        ("commands", "0001_row_settings"),
    ]
    operations = [
        append_only("records_consultationview"),
        row_security("records_consultation"),
        row_security("records_consultationview", through=("records_consultation", "consultation_id")),
    ]
