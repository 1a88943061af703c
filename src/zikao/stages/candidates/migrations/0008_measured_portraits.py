"""What was measured of a picture when it was checked, by its digest."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0007_places_taken_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='MeasuredPortrait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32, verbose_name='照片摘要（SM3）')),
                ('checker', models.CharField(db_collation='C', max_length=32, verbose_name='检测程序')),
                ('facts', models.JSONField(verbose_name='检测结果')),
                ('measured_at', models.DateTimeField(verbose_name='检测时间')),
            ],
            options={
                'verbose_name': '照片检测结果',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['measured_at'], name='measured_portrait_age')],
                'constraints': [models.UniqueConstraint(fields=('digest', 'checker'), name='portrait_measured_once')],
            },
        ),
    ]
