from django.db import migrations

from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("storage", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [append_only("storage_storedfile"), append_only("storage_erasedfile")]
