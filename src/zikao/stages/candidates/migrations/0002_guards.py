"""The counter's rows leave room for updates in place; the integrity file takes no change."""

from django.db import migrations

from zikao.foundation.ledger.append_only import append_only

COUNTER = "ALTER TABLE candidates_admissioncounter SET (fillfactor = 20)"


class Migration(migrations.Migration):
    dependencies = [("candidates", "0001_initial")]
    operations = [
        migrations.RunSQL(COUNTER, "ALTER TABLE candidates_admissioncounter RESET (fillfactor)"),
        append_only("candidates_integrityentry"),
    ]
