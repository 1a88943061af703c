"""Lists are counted and sorted by their indexes alone; the indexes that another one holds already go."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0006_counted_by_index'),
        ('entries', '0005_reconciled_lines'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='entry',
            name='entry_by_agency',
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['agency_code', 'id'], include=('area_code',), name='entry_by_agency'),
        ),
    ]
