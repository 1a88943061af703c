import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ExportCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.IntegerField(unique=True, verbose_name='年')),
                ('last', models.IntegerField(verbose_name='最后编号')),
            ],
            options={
                'verbose_name': '导出编号',
                'ordering': ['year'],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='编号')),
                ('year', models.IntegerField(verbose_name='年')),
                ('serial', models.IntegerField(verbose_name='序号')),
                ('dataset', models.CharField(max_length=60, verbose_name='名单')),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('params', models.JSONField(default=dict, verbose_name='筛选条件')),
                ('told', models.JSONField(default=list, verbose_name='筛选条件的说明')),
                ('columns', models.JSONField(default=list, verbose_name='栏目')),
                ('clear', models.JSONField(default=list, verbose_name='完整显示的个人信息栏')),
                ('rows_count', models.IntegerField(verbose_name='申请时行数')),
                ('form', models.CharField(choices=[('pdf', 'PDF（每页有水印）'), ('csv', 'CSV 表格（没有水印）')], max_length=4, verbose_name='格式')),
                ('copies_count', models.IntegerField(verbose_name='份数')),
                ('purpose', models.CharField(max_length=300, verbose_name='用途')),
                ('recipient', models.CharField(choices=[('own', '本机构工作使用'), ('agency', '考试系统内的其他机构'), ('outside', '考试系统以外的单位或个人')], max_length=10, verbose_name='提供给')),
                ('recipient_name', models.CharField(blank=True, max_length=100, verbose_name='接收单位或个人')),
                ('consent', models.CharField(blank=True, choices=[('', '不涉及'), ('ministry', '教育部'), ('province', '省级教育行政部门')], max_length=10, verbose_name='同意机关')),
                ('consent_number', models.CharField(blank=True, max_length=60, verbose_name='同意文号')),
                ('letter', models.CharField(blank=True, db_collation='C', max_length=64, verbose_name='同意函')),
                ('what', models.BinaryField(max_length=32, verbose_name='内容摘要')),
                ('requested_by', models.BigIntegerField(verbose_name='申请人账号')),
                ('requester_name', models.CharField(max_length=60, verbose_name='申请人')),
                ('requester_post', models.CharField(max_length=30, verbose_name='申请人岗位')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                ('approval_id', models.BigIntegerField(blank=True, null=True, verbose_name='签批')),
                ('work_id', models.BigIntegerField(blank=True, null=True, verbose_name='任务')),
                ('state', models.CharField(choices=[('requested', '待批准'), ('approved', '已批准，正在生成'), ('made', '可以领取'), ('collected', '已领取'), ('expired', '已过期'), ('refused', '不予导出')], max_length=10, verbose_name='状态')),
                ('refused_reason', models.CharField(blank=True, max_length=300, verbose_name='不予导出的原因')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='批准时间')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='生成时间')),
                ('made_rows', models.IntegerField(blank=True, null=True, verbose_name='实际行数')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='领取截止')),
            ],
            options={
                'verbose_name': '导出',
                'ordering': ['-id'],
                'indexes': [models.Index(models.F('agency_code'), models.F('id'), name='export_by_agency'), models.Index(models.F('requested_by'), models.F('id'), name='export_by_requester')],
                'constraints': [models.UniqueConstraint(fields=('year', 'serial'), name='export_number_once'), models.CheckConstraint(condition=models.Q(('copies_count__gte', 1), ('rows_count__gte', 0)), name='export_counts'), models.CheckConstraint(condition=models.Q(models.Q(('recipient', 'outside'), _negated=True), models.Q(('approval_id__isnull', False), models.Q(('letter', ''), _negated=True), models.Q(('consent', ''), _negated=True)), _connector='OR'), name='export_outside_has_consent'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['made', 'collected']), _negated=True), models.Q(('expires_at__gt', models.F('made_at')), ('made_at__isnull', False), ('made_rows__isnull', False)), _connector='OR'), name='export_made_says_when')],
            },
        ),
        migrations.CreateModel(
            name='ExportCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField(verbose_name='份号')),
                ('mark', models.BigIntegerField(unique=True, verbose_name='水印')),
                ('digest', models.CharField(db_collation='C', max_length=64, unique=True, verbose_name='文件摘要')),
                ('size', models.BigIntegerField(verbose_name='字节数')),
                ('collected_at', models.DateTimeField(blank=True, null=True, verbose_name='领取时间')),
                ('collected_by', models.BigIntegerField(blank=True, null=True, verbose_name='领取人账号')),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='exports.export')),
            ],
            options={
                'verbose_name': '导出份',
                'ordering': ['export_id', 'number'],
                'constraints': [models.UniqueConstraint(fields=('export', 'number'), name='export_copy_once'), models.CheckConstraint(condition=models.Q(('mark__gte', 0), ('mark__lt', 4294967296)), name='export_mark_has_32_bits')],
            },
        ),
    ]
