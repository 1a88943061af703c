"""A duty for a whole sitting may be held for some of its units: before and after it was handed over."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("personnel", "0003_changes_and_recalls")]
    operations = [
        migrations.AddField(
            model_name="duty",
            name="since_unit",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="自第几单元接替"),
        ),
        migrations.AddField(
            model_name="duty",
            name="until_unit",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="到第几单元为止（不含）"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=Q(since_unit__isnull=True, until_unit__isnull=True) | Q(unit_number__isnull=True),
                name="duty_in_part_of_a_sitting",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=Q(since_unit__isnull=True) | Q(until_unit__isnull=True) | Q(until_unit__gt=F("since_unit")),
                name="duty_in_part_ordered",
            ),
        ),
    ]
