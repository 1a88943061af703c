import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('candidates', '0001_initial'),
        ('results', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reader_name', models.CharField(max_length=60, verbose_name='查阅人')),
                ('reader_unit', models.CharField(max_length=100, verbose_name='单位')),
                ('reader_account_id', models.BigIntegerField(blank=True, null=True, verbose_name='查阅人账号')),
                ('letter', models.CharField(blank=True, db_collation='C', max_length=64, verbose_name='介绍信')),
                ('purpose', models.CharField(max_length=300, verbose_name='事由')),
                ('parts', models.JSONField(default=list, verbose_name='查阅内容')),
                ('place', models.CharField(max_length=100, verbose_name='指定地点')),
                ('opens_at', models.DateTimeField(verbose_name='起')),
                ('closes_at', models.DateTimeField(verbose_name='止')),
                ('state', models.CharField(choices=[('requested', '待批准'), ('approved', '已批准'), ('reading', '查阅中'), ('ended', '已结束'), ('refused', '不予查阅')], max_length=10, verbose_name='状态')),
                ('requested_by', models.BigIntegerField(verbose_name='申请人账号')),
                ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                ('approval_id', models.BigIntegerField(blank=True, null=True, verbose_name='签批')),
                ('attended_by', models.BigIntegerField(blank=True, null=True, verbose_name='接待人账号')),
                ('attendant_name', models.CharField(blank=True, max_length=60, verbose_name='接待人')),
                ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='到场时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='离场时间')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='机构代码')),
            ],
            options={
                'verbose_name': '档案查阅',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ConsultationView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('basics', '考生基本情况'), ('exams', '考试信息'), ('conduct', '奖惩记录'), ('scores', '考试成绩'), ('later', '转考与毕业')], max_length=10, verbose_name='内容')),
                ('viewed_at', models.DateTimeField(verbose_name='时间')),
                ('account_id', models.BigIntegerField(verbose_name='账号')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='views', to='records.consultation')),
            ],
            options={
                'verbose_name': '档案查阅内容',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('held', '在籍'), ('transferred', '已转出'), ('graduated', '已毕业')], default='held', max_length=12, verbose_name='在籍状态')),
                ('opened_at', models.DateTimeField(verbose_name='建档时间')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='机构代码')),
                ('candidate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='record', to='candidates.candidate')),
                ('opened_by_score', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.score', verbose_name='建档依据成绩')),
            ],
            options={
                'verbose_name': '考籍档案',
                'ordering': ['candidate__admission_number'],
                'indexes': [models.Index(fields=['agency_code', 'opened_at'], name='record_by_agency')],
            },
        ),
        migrations.CreateModel(
            name='PassCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='编号')),
                ('issued_at', models.DateTimeField(verbose_name='签发时间')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='机构代码')),
                ('score', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pass_certificate', to='results.score')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='records.record')),
            ],
            options={
                'verbose_name': '合格证',
                'ordering': ['number'],
            },
        ),
        migrations.AddField(
            model_name='consultation',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='records.record'),
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(fields=['agency_code', 'id'], name='consultation_by_agency'),
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(fields=['reader_account_id', 'id'], name='consultation_by_reader'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='consultation_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('reader_account_id__isnull', False), models.Q(('letter', ''), _negated=True), _connector='OR'), name='consultation_visitor_has_letter'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['reading', 'ended']), _negated=True), models.Q(('attended_by__isnull', False), ('began_at__isnull', False)), _connector='OR'), name='consultation_is_attended'),
        ),
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(('attended_by__isnull', True), ('reader_account_id__isnull', True), models.Q(('attended_by', models.F('reader_account_id')), _negated=True), _connector='OR'), name='consultation_by_another'),
        ),
    ]
