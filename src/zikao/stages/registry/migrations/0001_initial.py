import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('graduation', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegistrationBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch_on', models.DateField(unique=True, verbose_name='发证日期')),
                ('state', models.CharField(choices=[('checked', '已整理核对'), ('approved', '已审批'), ('sent', '已上报'), ('registered', '注册办结')], default='checked', max_length=12, verbose_name='状态')),
                ('count', models.PositiveIntegerField(verbose_name='份数')),
                ('digest', models.CharField(max_length=64, verbose_name='上报清单摘要')),
                ('checked_at', models.DateTimeField(verbose_name='核对时间')),
                ('checked_by', models.BigIntegerField(null=True, verbose_name='核对人账号')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('approved_by', models.BigIntegerField(null=True, verbose_name='审批人账号')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='上报时间')),
                ('registered_at', models.DateTimeField(null=True, verbose_name='注册完成时间')),
            ],
            options={
                'verbose_name': '学历注册批次',
                'verbose_name_plural': 'registration batches',
                'ordering': ['-batch_on'],
            },
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('ready', '待注册'), ('registered', '已注册'), ('rejected', '退回'), ('revoked', '已撤销注册')], default='ready', max_length=12, verbose_name='状态')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='退回理由')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='撤销注册时间')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
                ('certificate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='registration', to='graduation.graduationcertificate')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='registry.registrationbatch')),
            ],
            options={
                'verbose_name': '学历注册',
                'ordering': ['certificate__number'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', False), ('state', 'revoked')), models.Q(models.Q(('state', 'revoked'), _negated=True), ('revoked_at__isnull', True)), _connector='OR'), name='revoked_registration_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['rejected', 'revoked']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='registration_taken_back_says_why')],
            },
        ),
    ]
