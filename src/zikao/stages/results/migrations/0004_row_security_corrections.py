"""A proposed correction is shown to the county of its score and above (EA-5.1, SR-A1.8)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("results", "0003_row_security")]
    operations = [row_security("results_correction")]
