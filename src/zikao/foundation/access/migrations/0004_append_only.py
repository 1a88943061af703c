from django.db import migrations

from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("access", "0003_proofs_used_once"), ("ledger", "0002_append_only")]
    operations = [append_only("access_signin")]
