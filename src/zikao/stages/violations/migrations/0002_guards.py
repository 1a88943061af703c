from django.db import migrations

from zikao.foundation.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("violations", "0001_initial")]
    operations = [AppendOnly("violations_voidedentry")]
