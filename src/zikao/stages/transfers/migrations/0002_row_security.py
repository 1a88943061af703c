"""A transfer, or a move, is shown to the county of its candidate and above, and to the candidate (EA-5.1, EA-47, SR-16)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("transfers", "0001_initial"), ("commands", "0001_row_settings")]
    operations = [
        row_security("transfers_transfer", own="candidate_id = {candidate}"),
        row_security("transfers_transfercourse", through=("transfers_transfer", "transfer_id")),
        row_security("transfers_move", own="candidate_id = {candidate}"),
    ]
