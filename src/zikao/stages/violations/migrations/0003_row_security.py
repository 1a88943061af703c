"""A case is shown where it happened and to the candidate concerned; what it voids, with the entry (EA-5.1, EA-47)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("violations", "0002_guards"), ("seating", "0003_row_security")]
    operations = [
        row_security("violations_case", own="candidate_id = {candidate}"),
        row_security("violations_voidedentry", through=("entries_entry", "entry_id")),
    ]
