import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_initial'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('sitting', '考次成绩'), ('hand-in', '移交成绩与考核成绩登记')], max_length=8, verbose_name='事由')),
                ('begins_at', models.DateTimeField(verbose_name='开始时间')),
                ('ends_at', models.DateTimeField(verbose_name='结束时间')),
                ('process', models.CharField(max_length=64, verbose_name='工作流程与管理制度摘要')),
                ('process_type', models.CharField(max_length=80, verbose_name='文件类型')),
                ('state', models.CharField(choices=[('drafted', '筹备中'), ('confirmed', '已批准'), ('closed', '已结束')], max_length=10, verbose_name='状态')),
                ('drafted_at', models.DateTimeField(verbose_name='拟定时间')),
                ('drafted_by', models.BigIntegerField(null=True, verbose_name='拟定人账号')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='批准时间')),
                ('confirmed_by', models.BigIntegerField(null=True, verbose_name='批准人账号')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='结束登记时间')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='机构代码')),
                ('sitting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.sitting', verbose_name='考次')),
            ],
            options={
                'verbose_name': '采集安排',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='round_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='round_confirmed_at_an_instant'), models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'sitting'), ('sitting__isnull', False)), models.Q(('purpose', 'hand-in'), ('sitting__isnull', True)), _connector='OR'), name='round_of_a_sitting_or_of_none'), models.UniqueConstraint(condition=models.Q(('state__in', ['drafted', 'confirmed'])), fields=('agency_code', 'purpose', 'sitting'), name='one_live_round_a_purpose', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='ResponsiblePerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(choices=[('leader', '主要领导责任'), ('records', '考籍管理负责'), ('scores', '成绩信息管理（采集）'), ('checking', '采集结果核对'), ('watch', '监督与回溯检查'), ('machines', '计算机和网络专人管理')], max_length=10, verbose_name='责任岗位')),
                ('account_id', models.BigIntegerField(verbose_name='账号')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responsible', to='collecting.round')),
            ],
            options={
                'verbose_name': '采集负责人',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('round', 'duty'), name='one_person_a_duty')],
            },
        ),
        migrations.CreateModel(
            name='GroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('role', models.CharField(choices=[('leader', '组长'), ('deputy', '副组长'), ('member', '成员')], max_length=8, verbose_name='组内职务')),
                ('school', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.school', verbose_name='主考学校')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='collecting.round')),
            ],
            options={
                'verbose_name': '采集组成员',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('round', 'name', 'school'), name='member_once', nulls_distinct=False), models.UniqueConstraint(condition=models.Q(('role', 'leader')), fields=('round',), name='one_leader_a_group')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('work', models.CharField(choices=[('marking', '网上评卷'), ('totalling', '登分合分'), ('collecting', '成绩采集'), ('hand-in', '移交登记')], max_length=10, verbose_name='工作')),
                ('number', models.PositiveSmallIntegerField(verbose_name='场次')),
                ('place', models.CharField(max_length=80, verbose_name='场所')),
                ('isolated', models.BooleanField(verbose_name='与外网物理隔离、无无关软件')),
                ('camera', models.CharField(max_length=80, verbose_name='摄像设备')),
                ('begun_at', models.DateTimeField(verbose_name='开始时间')),
                ('begun_by', models.BigIntegerField(null=True, verbose_name='开始人账号')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('video', models.CharField(blank=True, max_length=80, verbose_name='录像编号')),
                ('holding_id', models.BigIntegerField(null=True, verbose_name='保存登记')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='机构代码')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='collecting.round', verbose_name='采集安排')),
            ],
            options={
                'verbose_name': '采集和处理场次',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('round', 'number'), name='session_number_once'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('agency_code', 'place'), name='one_session_a_place'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('work', 'marking'), _negated=True)), fields=('round', 'work'), name='several_places_for_marking_only'), models.CheckConstraint(condition=models.Q(('isolated', True), models.Q(('camera', ''), _negated=True)), name='session_isolated_and_filmed'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(models.Q(('video', ''), _negated=True), ('holding_id__isnull', False)), _connector='OR'), name='session_ends_with_its_video')],
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField(db_index=True, verbose_name='账号')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('state', models.CharField(choices=[('vetted', '已审查，待培训'), ('trained', '培训合格，待备案'), ('filed', '已备案，待签责任书'), ('pledged', '可以上岗'), ('recused', '已回避')], max_length=8, verbose_name='状态')),
                ('vetting', models.CharField(max_length=200, verbose_name='审查结论与依据')),
                ('vetted_on', models.DateField(verbose_name='资格审查日期')),
                ('topics', models.JSONField(default=list, verbose_name='培训合格的内容')),
                ('trained_on', models.DateField(null=True, verbose_name='培训日期')),
                ('filed_on', models.DateField(null=True, verbose_name='备案日期')),
                ('pledge', models.CharField(blank=True, max_length=64, verbose_name='责任书文本摘要')),
                ('pledge_signed_at', models.DateTimeField(null=True, verbose_name='责任书签订时间')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='机构代码')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='workers', to='collecting.round', verbose_name='采集安排')),
            ],
            options={
                'verbose_name': '采集和处理人员',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('round', 'account_id'), name='worker_once_a_round'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'pledged'), _negated=True), models.Q(('filed_on__isnull', False), ('pledge_signed_at__isnull', False), ('trained_on__isnull', False)), _connector='OR'), name='pledge_after_training_and_filing')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField(verbose_name='账号')),
                ('joined_at', models.DateTimeField(verbose_name='签到时间')),
                ('left_at', models.DateTimeField(null=True, verbose_name='离开时间')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presences', to='collecting.session', verbose_name='场次')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presences', to='collecting.worker', verbose_name='人员')),
            ],
            options={
                'verbose_name': '在场记录',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('account_id',), name='nobody_in_two_places')],
            },
        ),
    ]
