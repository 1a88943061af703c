import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Reveal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(db_collation='C', max_length=60, verbose_name='内容')),
                ('title', models.CharField(max_length=30, verbose_name='内容名称')),
                ('subject', models.CharField(db_collation='C', max_length=60, verbose_name='对象')),
                ('reason_code', models.CharField(choices=[('identity', '核对本人身份'), ('correction', '更正登记信息'), ('contact', '联系本人'), ('complaint', '处理申诉、举报'), ('inquiry', '有权机关依法查询'), ('other', '其他（须写明）')], max_length=12, verbose_name='事由')),
                ('reason', models.CharField(max_length=200, verbose_name='事由说明')),
                ('account_id', models.BigIntegerField(null=True, verbose_name='账号')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('post', models.CharField(max_length=30, verbose_name='岗位')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
            ],
            options={
                'verbose_name': '查看完整信息记录',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['account_id', 'at'], name='reveal_account_at')],
            },
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('questions', '试题'), ('backup', '副题'), ('key', '参考答案'), ('rubric', '评分细则'), ('scripts', '考生答卷')], max_length=10, verbose_name='事项')),
                ('subject', models.CharField(db_collation='C', max_length=60, verbose_name='对象')),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('sitting_code', models.CharField(db_collation='C', max_length=7, verbose_name='考次')),
                ('level', models.CharField(choices=[('top-secret', '绝密'), ('confidential', '机密'), ('secret', '秘密')], max_length=12, verbose_name='密级')),
                ('clause', models.CharField(max_length=20, verbose_name='依据')),
                ('since_at', models.DateTimeField(verbose_name='定密时间')),
                ('lowered_at', models.DateTimeField(null=True, verbose_name='解密时间')),
                ('lowered_by', models.CharField(blank=True, max_length=60, verbose_name='解密依据')),
                ('lowered_by_account', models.BigIntegerField(null=True, verbose_name='经办账号')),
            ],
            options={
                'verbose_name': '涉密事项',
                'ordering': ['-sitting_code', 'kind', 'id'],
                'indexes': [models.Index(fields=['sitting_code', 'kind'], name='secret_sitting')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject'), name='secret_once'), models.CheckConstraint(condition=models.Q(models.Q(('lowered_at', None), ('lowered_by', '')), models.Q(('lowered_at__isnull', False), models.Q(('lowered_by', ''), _negated=True)), _connector='OR'), name='secret_lowered_by_an_act')],
            },
        ),
        migrations.CreateModel(
            name='SecretAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('questions', '试题'), ('backup', '副题'), ('key', '参考答案'), ('rubric', '评分细则'), ('scripts', '考生答卷')], max_length=10, verbose_name='事项')),
                ('subject', models.CharField(db_collation='C', max_length=60, verbose_name='对象')),
                ('what', models.CharField(max_length=60, verbose_name='做什么')),
                ('granted', models.BooleanField(verbose_name='准许')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='拒绝原因')),
                ('account_id', models.BigIntegerField(null=True, verbose_name='账号')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('post', models.CharField(max_length=30, verbose_name='岗位')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('secret', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='secrecy.secret')),
            ],
            options={
                'verbose_name': '涉密接触记录',
                'ordering': ['-id'],
            },
        ),
    ]
