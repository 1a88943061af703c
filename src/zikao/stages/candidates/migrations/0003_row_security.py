"""A candidate, what hangs on them, and the queue before the register are shown to their county and above, and to themselves (EA-5.1, EA-47)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("candidates", "0002_guards"), ("commands", "0001_row_settings")]
    operations = [
        row_security("candidates_candidate", own="id = {candidate}"),
        row_security("candidates_suspension", of_node=False),
        row_security("candidates_pledge", through=("candidates_candidate", "candidate_id")),
        row_security("candidates_integrityentry", through=("candidates_candidate", "candidate_id")),
        row_security("candidates_preregistration", of_node=False),
        row_security("candidates_accommodation", own="candidate_id = {candidate}"),
        row_security("candidates_identitycorrection", own="candidate_id = {candidate}"),
        row_security("candidates_declaredrelative", through=("candidates_candidate", "candidate_id")),
    ]
