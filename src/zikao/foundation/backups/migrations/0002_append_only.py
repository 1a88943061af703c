from django.db import migrations

from zikao.foundation.ledger.append_only import append_only

TABLES = ("custodykey", "destination", "backup", "failure", "drill", "removal", "escrow", "restoration")


class Migration(migrations.Migration):
    dependencies = [("backups", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [append_only(f"backups_{table}") for table in TABLES]
