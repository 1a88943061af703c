"""What hangs on candidates, and the queue before the register, is shown to their county and above, and to themselves."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("candidates", "0004_enrolment_in_full"), ("commands", "0001_row_settings")]
    operations = [
        row_security("candidates_preregistration"),
        row_security("candidates_accommodation", own="candidate_id = {candidate}"),
        row_security("candidates_identitycorrection", own="candidate_id = {candidate}"),
        row_security("candidates_declaredrelative", through=("candidates_candidate", "candidate_id")),
    ]
