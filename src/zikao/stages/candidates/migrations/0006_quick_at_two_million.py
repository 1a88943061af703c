"""Lists of candidates by agency, state and the beginning of a name: an index each, so that none reads the whole."""

from django.db import migrations, models
from django.db.models.functions import Collate


class Migration(migrations.Migration):
    dependencies = [("candidates", "0005_row_security_in_full")]
    operations = [
        migrations.AddIndex("candidate", models.Index(fields=["agency_code", "id"], name="candidate_by_agency")),
        migrations.AddIndex("candidate", models.Index(fields=["state", "agency_code", "id"], name="candidate_by_state")),
        migrations.AddIndex("candidate", models.Index(Collate("name", "C"), name="candidate_by_name")),
    ]
