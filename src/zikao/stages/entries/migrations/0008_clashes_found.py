"""The first page of every clerk asks who clashes: found without a look at all entries."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0009_known_person'),
        ('entries', '0007_corrected_timetables'),
        ('programmes', '0005_demand_counts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('clashing', True)), fields=['agency_code', 'id'], name='entry_clashing'),
        ),
    ]
