"""A student record and its certificates are shown to their county and above, and to the candidate (EA-5.1, EA-47)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("commands", "0001_row_settings")]
    operations = [
        row_security("records_record", own="candidate_id = {candidate}"),
        row_security(
            "records_passcertificate",
            own="record_id IN (SELECT id FROM records_record WHERE candidate_id = {candidate})",
        ),
    ]
