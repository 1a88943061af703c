"""A move is shown to the county of its candidate and above, and to the candidate (SR-16, EA-47)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("transfers", "0003_moves")]
    operations = [row_security("transfers_move", own="candidate_id = {candidate}")]
