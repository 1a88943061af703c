from django.db import migrations

from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [append_only("results_archivebackup"), append_only("results_comparison")]
