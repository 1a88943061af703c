"""Whoever takes boxes of papers is a registered person (EA-10): their name stays in the line as it was that day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("papers", "0002_guards"), ("personnel", "0002_guards")]
    operations = [
        migrations.AddField(
            model_name="handover",
            name="taker_person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="boxes_taken",
                to="personnel.person",
                verbose_name="接收人员",
            ),
        ),
    ]
