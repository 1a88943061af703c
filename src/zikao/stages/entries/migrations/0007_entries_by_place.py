"""Entries of a sitting in a state, below a place: one index for the list, the overview and the funnel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("entries", "0006_list_version")]
    operations = [
        migrations.AddIndex(
            "entry", models.Index(fields=["sitting", "state", "agency_code"], name="entry_sitting_state_place")
        ),
        migrations.RemoveIndex("entry", "entry_sitting_state"),
    ]
