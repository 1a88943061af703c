"""Lists are counted and sorted by their indexes alone; the indexes that another one holds already go."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0002_guards'),
        ('candidates', '0005_places'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='candidate',
            name='candidate_by_name',
        ),
        migrations.AlterField(
            model_name='candidate',
            name='admission_number',
            field=models.CharField(db_collation='C', max_length=12, verbose_name='准考证号'),
        ),
        migrations.AlterField(
            model_name='candidate',
            name='agency_code',
            field=models.CharField(db_collation='C', max_length=12, verbose_name='报名县（区）'),
        ),
        migrations.AddIndex(
            model_name='candidate',
            index=models.Index(django.db.models.functions.comparison.Collate('name', 'C'), models.F('agency_code'), models.F('id'), name='candidate_by_name'),
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.UniqueConstraint(fields=('admission_number',), include=('agency_code', 'id'), name='candidate_number_once'),
        ),
    ]
