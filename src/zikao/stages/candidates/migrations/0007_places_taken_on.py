"""A counter of a county that went into another is taken on there, once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0006_counted_by_index")]
    operations = [
        migrations.AddField(
            model_name="registrationplace",
            name="taken_from",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_on_as",
                to="candidates.registrationplace",
                verbose_name="承接自",
            ),
        ),
    ]
