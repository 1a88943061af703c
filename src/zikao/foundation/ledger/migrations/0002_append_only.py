from django.db import migrations

from zikao.foundation.ledger.append_only import append_only

# id, xid and recorded_at are the server's to give
LINE_COLUMNS = (
    "at",
    "account_id",
    "appointment_id",
    "post",
    "agency_code",
    "command",
    "subject",
    "clauses",
    "facts",
    "before",
    "after",
    "idempotency_key",
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        append_only("ledger_line", insert_columns=LINE_COLUMNS),
        append_only("ledger_leaf"),
        append_only("ledger_batch"),
        append_only("ledger_checkpoint"),
        append_only("ledger_subtree"),
    ]
