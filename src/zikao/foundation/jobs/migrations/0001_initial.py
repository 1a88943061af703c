from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Work',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='种类')),
                ('title', models.CharField(max_length=120, verbose_name='事项')),
                ('given', models.JSONField(default=dict, verbose_name='内容')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('account_id', models.BigIntegerField(blank=True, null=True, verbose_name='提出人账号')),
                ('post', models.CharField(max_length=30, verbose_name='提出人岗位')),
                ('state', models.CharField(choices=[('waiting', '排队中'), ('running', '进行中'), ('done', '已完成'), ('failed', '未完成')], default='waiting', max_length=10, verbose_name='状态')),
                ('total', models.IntegerField(verbose_name='总数')),
                ('done', models.IntegerField(default=0, verbose_name='已完成')),
                ('queued_at', models.DateTimeField(verbose_name='提出时间')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='开始时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('result', models.CharField(blank=True, db_collation='C', max_length=64, verbose_name='结果文件')),
                ('result_name', models.CharField(blank=True, max_length=120, verbose_name='结果文件名')),
                ('media_type', models.CharField(blank=True, max_length=60, verbose_name='结果类型')),
                ('summary', models.JSONField(default=dict, verbose_name='结果摘要')),
                ('trouble', models.CharField(blank=True, max_length=300, verbose_name='未完成的原因')),
            ],
            options={
                'verbose_name': '后台工作',
                'ordering': ['-id'],
                'indexes': [models.Index(models.F('account_id'), models.F('id'), name='work_mine')],
                'constraints': [models.CheckConstraint(condition=models.Q(('done__gte', 0), ('done__lte', models.F('total'))), name='work_done_within_total'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('done', models.F('total')), ('ended_at__isnull', False)), _connector='OR'), name='work_done_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(models.Q(('trouble', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='work_failed_says_why')],
            },
        ),
    ]
