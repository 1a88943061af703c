from django.conf import settings
from django.db import migrations

from zikao.foundation.ledger.append_only import append_only
from zikao.foundation.retention.guards import FUNCTIONS, trigger_sql


def only_read(apps, schema_editor):
    role = schema_editor.quote_name(settings.ZIKAO_APP_ROLE)
    schema_editor.execute(f"REVOKE ALL ON retention_term FROM {role}; GRANT SELECT ON retention_term TO {role};", None)


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial"), ("storage", "0002_append_only"), ("approvals", "0001_initial")]
    operations = [
        append_only("retention_clock", insert_columns=("matter", "event", "started_on")),
        append_only("retention_heldthing"),
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL(trigger_sql()),
        migrations.RunPython(only_read, migrations.RunPython.noop),
    ]
