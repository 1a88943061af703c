import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Destination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('custody', models.CharField(choices=[('business', '业务部门'), ('discipline', '纪检监察部门'), ('keys', '密钥托管')], max_length=12, verbose_name='保管方')),
                ('url', models.CharField(max_length=500, verbose_name='地址')),
                ('is_off_site', models.BooleanField(default=False, verbose_name='异地')),
                ('since_at', models.DateTimeField(verbose_name='启用时间')),
            ],
            options={
                'verbose_name': '备份存放处',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Escrow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('key_names', models.JSONField(verbose_name='密钥文件')),
                ('sealed_to', models.JSONField(verbose_name='托管公钥')),
                ('digest', models.CharField(max_length=64, verbose_name='托管文件摘要')),
            ],
            options={
                'verbose_name': '密钥托管',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Failure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12, verbose_name='种类')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('code', models.CharField(max_length=60, verbose_name='代码')),
                ('message', models.TextField(verbose_name='原因')),
                ('remedy', models.TextField(blank=True, verbose_name='处理办法')),
            ],
            options={
                'verbose_name': '备份失败记录',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Removal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.CharField(db_collation='C', max_length=16, unique=True, verbose_name='套')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('objects_removed', models.JSONField(verbose_name='删除的对象数')),
            ],
            options={
                'verbose_name': '备份清除',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.CharField(max_length=20, verbose_name='节点')),
                ('generation', models.CharField(db_collation='C', max_length=16, verbose_name='套')),
                ('number', models.IntegerField(verbose_name='序号')),
                ('kind', models.CharField(choices=[('full', '全量'), ('incremental', '增量'), ('wal', '日志'), ('logical', '逻辑全量')], max_length=12, verbose_name='种类')),
                ('began_at', models.DateTimeField(verbose_name='开始时间')),
                ('ended_at', models.DateTimeField(verbose_name='完成时间')),
                ('digest', models.CharField(db_collation='C', max_length=64, unique=True, verbose_name='清单摘要')),
                ('previous', models.CharField(db_collation='C', max_length=64, verbose_name='前一清单摘要')),
                ('plain_bytes', models.BigIntegerField(verbose_name='原始字节数')),
                ('sealed_bytes', models.JSONField(verbose_name='密文字节数')),
                ('keys', models.JSONField(verbose_name='所用公钥')),
                ('destinations', models.JSONField(verbose_name='存放处')),
                ('databases', models.JSONField(verbose_name='数据库')),
                ('rows', models.BigIntegerField(null=True, verbose_name='行数')),
                ('ledger_size', models.BigIntegerField(null=True, verbose_name='账本行数')),
                ('ledger_root', models.CharField(blank=True, max_length=64, verbose_name='账本根')),
                ('files', models.IntegerField(default=0, verbose_name='文件数')),
                ('is_exact', models.BooleanField(default=True, verbose_name='清点无并发写入')),
            ],
            options={
                'verbose_name': '备份',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['kind', '-id'], name='backups_newest_of_kind')],
                'constraints': [models.UniqueConstraint(fields=('generation', 'number'), name='backups_part_once'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='backups_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='backups_numbered_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Restoration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.CharField(db_collation='C', max_length=16, verbose_name='套')),
                ('number', models.IntegerField(verbose_name='序号')),
                ('digest', models.CharField(max_length=64, verbose_name='清单摘要')),
                ('custody', models.CharField(choices=[('business', '业务部门'), ('discipline', '纪检监察部门'), ('keys', '密钥托管')], max_length=12, verbose_name='保管方')),
                ('until_at', models.DateTimeField(null=True, verbose_name='恢复到')),
                ('restored_at', models.DateTimeField(verbose_name='恢复时间')),
                ('declared_at', models.DateTimeField(verbose_name='声明时间')),
                ('reason', models.TextField(verbose_name='原因')),
                ('ledger_size', models.BigIntegerField(verbose_name='恢复后账本行数')),
                ('known_ledger_size', models.BigIntegerField(verbose_name='已知账本行数')),
                ('sequences', models.JSONField(default=dict, verbose_name='往来序号')),
            ],
            options={
                'verbose_name': '备份恢复',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('digest', 'restored_at'), name='backups_restoration_once')],
            },
        ),
        migrations.CreateModel(
            name='CustodyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('custody', models.CharField(choices=[('business', '业务部门'), ('discipline', '纪检监察部门'), ('keys', '密钥托管')], max_length=12, verbose_name='保管方')),
                ('key_id', models.CharField(db_collation='C', max_length=16, unique=True, verbose_name='密钥编号')),
                ('public_key', models.TextField(verbose_name='公钥')),
                ('holder_name', models.CharField(max_length=60, verbose_name='保管人')),
                ('holder_unit', models.CharField(max_length=120, verbose_name='保管单位')),
                ('present', models.JSONField(default=list, verbose_name='交接在场人')),
                ('registered_at', models.DateTimeField(verbose_name='登记时间')),
                ('predecessor', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successor', to='backups.custodykey')),
            ],
            options={
                'verbose_name': '备份保管密钥',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('predecessor', None), models.Q(('custody', 'keys'), _negated=True)), fields=('custody',), name='backups_one_first_key_a_custody'), models.CheckConstraint(condition=models.Q(('holder_name', ''), _negated=True), name='backups_key_has_a_holder')],
            },
        ),
        migrations.CreateModel(
            name='Drill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.CharField(db_collation='C', max_length=16, verbose_name='套')),
                ('custody', models.CharField(choices=[('business', '业务部门'), ('discipline', '纪检监察部门'), ('keys', '密钥托管')], max_length=12, verbose_name='保管方')),
                ('opened_with', models.CharField(max_length=16, verbose_name='所用私钥')),
                ('is_custodians_key', models.BooleanField(verbose_name='由保管人私钥开启')),
                ('began_at', models.DateTimeField(verbose_name='开始时间')),
                ('ended_at', models.DateTimeField(verbose_name='结束时间')),
                ('outcome', models.CharField(choices=[('passed', '通过'), ('failed', '未通过')], max_length=8, verbose_name='结论')),
                ('findings', models.JSONField(default=list, verbose_name='逐项结果')),
                ('report', models.CharField(blank=True, db_collation='C', max_length=64, verbose_name='报告')),
                ('backup', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='backups.backup')),
            ],
            options={
                'verbose_name': '恢复演练',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='backups_drill_ends_after_it_begins')],
            },
        ),
    ]
