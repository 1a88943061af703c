import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_initial'),
        ('candidates', '0001_initial'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Roster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch_on', models.DateField(unique=True, verbose_name='发证日期（批次）')),
                ('count', models.PositiveIntegerField(verbose_name='人数')),
                ('digest', models.CharField(max_length=64, verbose_name='名册摘要')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
            ],
            options={
                'verbose_name': '毕业生名册',
                'ordering': ['-batch_on'],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch_on', models.DateField(verbose_name='发证日期（批次）')),
                ('state', models.CharField(choices=[('submitted', '已受理'), ('reviewed', '地市已审核'), ('approved', '省级已审定'), ('confirmed', '主考学校已审定'), ('certified', '已制证'), ('handed-out', '已发证'), ('returned', '不予办理')], default='submitted', max_length=12, verbose_name='状态')),
                ('appraisal_passed', models.BooleanField(verbose_name='思想品德鉴定合格')),
                ('prior_certificate', models.CharField(blank=True, max_length=40, verbose_name='专科（或以上）学历证书编号')),
                ('prior_verified', models.BooleanField(default=False, verbose_name='学历证书已核验')),
                ('credits', models.PositiveSmallIntegerField(verbose_name='学分')),
                ('courses', models.PositiveSmallIntegerField(verbose_name='课程门数')),
                ('submitted_at', models.DateTimeField(verbose_name='受理时间')),
                ('submitted_by', models.BigIntegerField(null=True, verbose_name='受理人账号')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='地市审核时间')),
                ('reviewed_by', models.BigIntegerField(null=True, verbose_name='地市审核人账号')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='省级审定时间')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='主考学校审定时间')),
                ('returned_reason', models.CharField(blank=True, max_length=300, verbose_name='不予办理的理由')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='candidates.candidate')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='programmes.plan')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='agencies.school')),
            ],
            options={
                'verbose_name': '毕业申请',
                'ordering': ['-batch_on', 'candidate__admission_number'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('candidate', 'plan'), name='application_once_a_plan'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('returned_reason', ''), _negated=True), _connector='OR'), name='returned_application_says_why')],
            },
        ),
        migrations.CreateModel(
            name='GraduationCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=20, unique=True, verbose_name='证书编号')),
                ('issued_on', models.DateField(verbose_name='发证日期')),
                ('made_at', models.DateTimeField(verbose_name='制证时间')),
                ('registered_at', models.DateTimeField(null=True, verbose_name='电子注册时间')),
                ('handed_out_at', models.DateTimeField(null=True, verbose_name='发证时间')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='graduation.application')),
                ('roster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='graduation.roster')),
            ],
            options={
                'verbose_name': '毕业证书',
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('handed_out_at__isnull', True), ('registered_at__isnull', False), _connector='OR'), name='certificate_registered_before_handed_out')],
            },
        ),
    ]
