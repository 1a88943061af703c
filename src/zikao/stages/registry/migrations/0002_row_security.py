"""A registration is shown to the county of its candidate and above, and to the candidate (EA-5.1, EA-47)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("graduation", "0002_row_security")]
    operations = [
        row_security(
            "registry_registration",
            own="certificate_id IN (SELECT c.id FROM graduation_graduationcertificate c"
            " JOIN graduation_application a ON a.id = c.application_id WHERE a.candidate_id = {candidate})",
        ),
    ]
