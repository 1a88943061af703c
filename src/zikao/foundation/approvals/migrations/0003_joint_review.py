import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='JointReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('since_on', models.DateField(verbose_name='起')),
                ('until_on', models.DateField(verbose_name='止')),
                ('listed', models.PositiveIntegerField(verbose_name='件数')),
                ('digest', models.BinaryField(max_length=32, verbose_name='清单摘要')),
                ('inspectors', models.TextField(verbose_name='纪检监察部门参加人员')),
                ('findings', models.TextField(verbose_name='审查意见')),
                ('minutes', models.CharField(blank=True, db_collation='C', db_default='', max_length=64, verbose_name='审查记录')),
                ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on__gt', models.F('since_on'))), name='joint_review_ends_after_start')],
            },
        ),
        append_only("approvals_jointreview"),
    ]
