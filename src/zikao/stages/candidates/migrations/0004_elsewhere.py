"""Who is registered in another province, too, is found without reading the register (EA-15)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0003_row_security")]
    operations = [
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                fields=["agency_code", "id"], condition=models.Q(("elsewhere", ""), _negated=True), name="candidate_elsewhere"
            ),
        ),
    ]
