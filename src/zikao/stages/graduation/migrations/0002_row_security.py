"""An application and its certificate are shown to their county and above, and to the candidate (EA-5.1, EA-47)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("graduation", "0001_initial"), ("commands", "0001_row_settings")]
    operations = [
        row_security("graduation_application", own="candidate_id = {candidate}"),
        row_security(
            "graduation_graduationcertificate",
            own="application_id IN (SELECT id FROM graduation_application WHERE candidate_id = {candidate})",
        ),
    ]
