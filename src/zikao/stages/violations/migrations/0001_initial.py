import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('candidates', '0001_initial'),
        ('entries', '0001_initial'),
        ('personnel', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, verbose_name='违规代码')),
                ('found_in', models.CharField(choices=[('room', '考场'), ('marking', '评卷'), ('replay', '录像回放')], max_length=10, verbose_name='发现环节')),
                ('account_of_facts', models.CharField(max_length=500, verbose_name='事实经过')),
                ('told_candidate', models.BooleanField(verbose_name='已向考生告知记录内容')),
                ('state', models.CharField(choices=[('recorded', '已记录'), ('notified', '已告知'), ('decided', '已决定'), ('delivered', '已送达'), ('dismissed', '不予处理')], default='recorded', max_length=10, verbose_name='状态')),
                ('recorded_at', models.DateTimeField(verbose_name='记录时间')),
                ('notified_at', models.DateTimeField(null=True, verbose_name='告知时间')),
                ('statement', models.CharField(blank=True, max_length=1000, verbose_name='陈述和申辩')),
                ('stated_at', models.DateTimeField(null=True, verbose_name='陈述时间')),
                ('decision_number', models.CharField(blank=True, max_length=40, verbose_name='决定文号')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                ('decided_by', models.BigIntegerField(null=True, verbose_name='决定人账号')),
                ('decided_agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='决定机构代码')),
                ('dismissal_reason', models.CharField(blank=True, max_length=500, verbose_name='不予处理的理由')),
                ('scope', models.CharField(blank=True, choices=[('subject', '该科目成绩无效'), ('session', '该次考试各科成绩无效')], max_length=10, verbose_name='处理')),
                ('delivered_at', models.DateTimeField(null=True, verbose_name='送达时间')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='candidates.candidate')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='entries.entry')),
                ('first_recorder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='personnel.person')),
                ('second_recorder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='personnel.person')),
            ],
            options={
                'verbose_name': '违规案件',
                'ordering': ['-recorded_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('entry', 'code'), name='case_once_an_entry_and_code'), models.CheckConstraint(condition=models.Q(('first_recorder', models.F('second_recorder')), _negated=True), name='case_two_recorders'), models.UniqueConstraint(condition=models.Q(('decision_number', ''), _negated=True), fields=('decision_number',), name='case_decision_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['decided', 'delivered']), _negated=True), models.Q(('scope', ''), _negated=True), _connector='OR'), name='decided_case_says_what')],
            },
        ),
        migrations.CreateModel(
            name='VoidedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voided', to='violations.case')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voided_by', to='entries.entry')),
            ],
            options={
                'verbose_name': '成绩无效的科目',
                'ordering': ['case_id', 'entry_id'],
                'constraints': [models.UniqueConstraint(fields=('case', 'entry'), name='voided_entry_once_a_case')],
            },
        ),
    ]
