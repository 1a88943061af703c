"""Pay lines and conduct records are only added; family and signs of interests are shown by range (EA-5.1, EA-47)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security
from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("personnel", "0001_initial"), ("commands", "0001_row_settings")]
    operations = [
        append_only("personnel_payline"),
        append_only("personnel_conductrecord"),
        row_security("personnel_kin", own="candidate_id = {candidate}"),
        row_security("personnel_interestflag"),
    ]
