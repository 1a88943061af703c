from django.db import migrations

from zikao.foundation.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [AppendOnly("results_score")]
