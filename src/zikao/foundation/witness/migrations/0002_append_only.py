from django.db import migrations

from zikao.foundation.ledger.append_only import append_only

TABLES = (
    "alarm",
    "cosigned",
    "offer",
    "restore",
    "restoreanswer",
    "seen",
    "settlement",
    "storedrenewal",
    "verification",
)


class Migration(migrations.Migration):
    dependencies = [("witness", "0001_initial")]
    operations = [append_only(f"witness_{name}") for name in TABLES]
