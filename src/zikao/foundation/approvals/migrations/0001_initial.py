import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=40, verbose_name='审批事项')),
                ('chain_since_on', models.DateField(verbose_name='审批链起用日期')),
                ('subject', models.CharField(db_collation='C', max_length=120, verbose_name='对象')),
                ('title', models.CharField(max_length=200, verbose_name='内容')),
                ('reason', models.TextField(verbose_name='理由')),
                ('shown', models.JSONField(default=list, verbose_name='内容要点')),
                ('case', models.JSONField(default=dict, verbose_name='情形')),
                ('digest', models.BinaryField(max_length=32, verbose_name='内容摘要')),
                ('evidence', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(db_collation='C', max_length=64), default=list, size=None, verbose_name='依据材料')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('proposed_as', models.CharField(choices=[('system-admin', '系统管理员'), ('security-admin', '安全管理员'), ('auditor', '审计管理员'), ('national-officer', '全国考务管理'), ('national-registrar', '全国考籍管理'), ('province-head', '省级主要负责人'), ('exam-affairs-head', '省级考务负责人'), ('records-head', '省级考籍负责人'), ('score-officer', '成绩信息管理责任人'), ('province-clerk', '省级考务员'), ('records-clerk', '考籍管理员'), ('papers-officer', '试卷保密管理员'), ('area-director', '考区主任'), ('prefecture-clerk', '地市考务员'), ('county-clerk', '县区报名员'), ('site-chief', '主考'), ('invigilator', '监考员'), ('reader-operator', '答题卡识读员'), ('key-clerk', '答案录入员'), ('marker', '评卷员'), ('group-leader', '学科评卷组长'), ('totals-reviewer', '积分复核员'), ('school-clerk', '主考学校经办'), ('candidate', '考生'), ('node', '系统自动'), ('public', '公众')], max_length=30, verbose_name='提出人岗位')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('expires_at', models.DateTimeField(verbose_name='签字截止时间')),
                ('state', models.CharField(choices=[('open', '待签'), ('approved', '已签齐'), ('refused', '不同意'), ('withdrawn', '已撤回'), ('expired', '已失效')], default='open', max_length=10, verbose_name='状态')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('closing_reason', models.TextField(blank=True, db_default='', verbose_name='不同意或撤回的理由')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
            ],
            options={
                'verbose_name': '审批',
                'ordering': ['-id'],
                'indexes': [models.Index(models.F('subject'), models.F('chain'), name='approval_subject'), models.Index(fields=['agency_code', '-id'], name='approval_agency'), models.Index(models.F('expires_at'), condition=models.Q(('state', 'open')), name='approval_open_expiry')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('chain', 'subject'), name='approval_one_open'), models.CheckConstraint(condition=models.Q(('proposed_by__isnull', False), ('proposed_as', 'node'), _connector='OR'), name='approval_has_proposer'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('proposed_at'))), name='approval_expires_later'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='approval_closed_at_an_instant')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=40, verbose_name='审批事项')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('since_on', models.DateField(verbose_name='起')),
                ('until_on', models.DateField(verbose_name='止')),
                ('reason', models.TextField(verbose_name='委托原因')),
                ('delegated_at', models.DateTimeField(verbose_name='办理时间')),
                ('delegate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='受托人')),
                ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.appointment', verbose_name='委托人聘任')),
            ],
            options={
                'verbose_name': '审批委托',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('since_on'))), name='delegation_ends_after_start')],
            },
        ),
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
                'verbose_name': '集体评议',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on__gt', models.F('since_on'))), name='joint_review_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='顺序')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('name', models.CharField(max_length=40, verbose_name='步骤')),
                ('clause', models.CharField(max_length=20, verbose_name='依据')),
                ('signers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(db_collation='C', max_length=50), size=None, verbose_name='签字岗位')),
                ('how_many', models.PositiveSmallIntegerField(default=1, verbose_name='人数')),
                ('another_post', models.BooleanField(default=False, verbose_name='岗位各不相同')),
                ('seal', models.CharField(blank=True, db_default='', max_length=40, verbose_name='用印')),
                ('delegable', models.BooleanField(default=False, verbose_name='可以委托')),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='approvals.approval')),
            ],
            options={
                'verbose_name': '审批步骤',
                'ordering': ['approval_id', 'number'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['signers'], name='approval_step_signers')],
                'constraints': [models.UniqueConstraint(fields=('approval', 'number'), name='approval_step_once'), models.CheckConstraint(condition=models.Q(('how_many__gte', 1)), name='approval_step_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='签字人')),
                ('post', models.CharField(choices=[('system-admin', '系统管理员'), ('security-admin', '安全管理员'), ('auditor', '审计管理员'), ('national-officer', '全国考务管理'), ('national-registrar', '全国考籍管理'), ('province-head', '省级主要负责人'), ('exam-affairs-head', '省级考务负责人'), ('records-head', '省级考籍负责人'), ('score-officer', '成绩信息管理责任人'), ('province-clerk', '省级考务员'), ('records-clerk', '考籍管理员'), ('papers-officer', '试卷保密管理员'), ('area-director', '考区主任'), ('prefecture-clerk', '地市考务员'), ('county-clerk', '县区报名员'), ('site-chief', '主考'), ('invigilator', '监考员'), ('reader-operator', '答题卡识读员'), ('key-clerk', '答案录入员'), ('marker', '评卷员'), ('group-leader', '学科评卷组长'), ('totals-reviewer', '积分复核员'), ('school-clerk', '主考学校经办'), ('candidate', '考生'), ('node', '系统自动'), ('public', '公众')], max_length=30, verbose_name='岗位')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('verdict', models.CharField(choices=[('agreed', '同意'), ('refused', '不同意')], max_length=10, verbose_name='意见')),
                ('comment', models.TextField(blank=True, verbose_name='说明')),
                ('digest', models.BinaryField(max_length=32, verbose_name='所签内容摘要')),
                ('seal', models.CharField(blank=True, db_default='', max_length=40, verbose_name='用印')),
                ('signed_at', models.DateTimeField(verbose_name='签字时间')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.appointment')),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='approvals.approval')),
                ('delegation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.delegation')),
                ('on_behalf_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proof', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.proof')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='approvals.step')),
            ],
            options={
                'verbose_name': '审批签名',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('approval', 'account'), name='approval_signed_once'), models.UniqueConstraint(fields=('approval', 'on_behalf_of'), name='approval_represented_once'), models.CheckConstraint(condition=models.Q(models.Q(('delegation__isnull', True), ('on_behalf_of__isnull', True)), models.Q(('delegation__isnull', False), ('on_behalf_of__isnull', False)), _connector='OR'), name='approval_signed_by_delegation')],
            },
        ),
    ]
