import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('username', models.CharField(max_length=40, unique=True, verbose_name='用户名')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('kind', models.CharField(choices=[('staff', '工作人员'), ('candidate', '考生')], max_length=10, verbose_name='类别')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('candidate_id', models.BigIntegerField(blank=True, null=True, unique=True, verbose_name='考生')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('password', models.CharField(max_length=128, verbose_name='密码')),
                ('password_set_at', models.DateTimeField(blank=True, null=True, verbose_name='密码设置时间')),
                ('password_is_initial', models.BooleanField(db_default=False, default=False, verbose_name='密码是他人代设的')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='最近登录')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='注销时间')),
                ('closing_reason', models.CharField(blank=True, choices=[('left', '离职、退休'), ('moved', '调离岗位'), ('misused', '违反使用规定'), ('lost', '密码泄露或疑似被他人使用'), ('mistake', '开错')], db_default='', max_length=10, verbose_name='注销原因')),
            ],
            options={
                'verbose_name': '账号',
                'ordering': ['username'],
                'indexes': [models.Index(condition=models.Q(('kind', 'staff')), fields=['agency_code', 'username'], name='account_of_staff')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('candidate_id__isnull', False), ('kind', 'candidate')), models.Q(('candidate_id__isnull', True), ('kind', 'staff')), _connector='OR'), name='account_candidate_matches_kind'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closing_reason', ''), ('is_active', True)), models.Q(('closed_at__isnull', False), ('is_active', False), models.Q(('closing_reason', ''), _negated=True)), _connector='OR'), name='account_closed_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='OldPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=128, verbose_name='密码摘要')),
                ('until_at', models.DateTimeField(verbose_name='用到')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='old_passwords', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '旧密码（哈希）',
                'ordering': ['account_id', '-until_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('credential_id', models.BinaryField(unique=True, verbose_name='凭据号')),
                ('public_key', models.BinaryField(verbose_name='公钥')),
                ('sign_count', models.BigIntegerField(default=0, verbose_name='签名计数')),
                ('since_at', models.DateTimeField(verbose_name='设置时间')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passkeys', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '通行密钥',
                'ordering': ['account_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('account_id', models.BigIntegerField(blank=True, null=True, verbose_name='账号')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('event', models.CharField(choices=[('came-in', '登录'), ('wrong-password', '密码不对'), ('wrong-factor', '密码正确、第二重验证不对'), ('held-off', '连续输错，暂不受理'), ('refused-no-post', '没有生效的聘任'), ('wrong-again', '再次确认身份不对'), ('signed-out', '退出'), ('ended', '登录被结束')], max_length=20, verbose_name='事项')),
                ('factor', models.CharField(blank=True, choices=[('totp', '动态码'), ('passkey', '通行密钥'), ('recovery', '备用码')], max_length=10, verbose_name='第二重验证')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='地址')),
                ('device', models.CharField(blank=True, max_length=60, verbose_name='设备')),
                ('session_id', models.BigIntegerField(blank=True, null=True, verbose_name='登录')),
            ],
            options={
                'verbose_name': '登录记录',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['-at', '-id'], name='sign_in_by_time'), models.Index(fields=['account_id', '-at'], name='sign_in_by_account')],
            },
        ),
        migrations.CreateModel(
            name='TotpDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_sealed', models.BinaryField(verbose_name='密钥（密封）')),
                ('since_at', models.DateTimeField(verbose_name='设置时间')),
                ('last_step', models.BigIntegerField(default=-1, verbose_name='用过的最后一步')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='totp', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '动态码设备',
                'ordering': ['account_id'],
            },
        ),
        migrations.CreateModel(
            name='Tries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16, verbose_name='计数')),
                ('key', models.BinaryField(verbose_name='对象（摘要）')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='失败次数')),
                ('last_at', models.DateTimeField(verbose_name='最近一次')),
                ('until_at', models.DateTimeField(blank=True, null=True, verbose_name='等待到')),
                ('told', models.BooleanField(default=False, verbose_name='已记入登录日志')),
            ],
            options={
                'verbose_name': '登录尝试次数',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='tries_once')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.CharField(choices=[('system-admin', '系统管理员'), ('security-admin', '安全管理员'), ('auditor', '审计管理员'), ('national-officer', '全国考务管理'), ('national-registrar', '全国考籍管理'), ('province-head', '省级主要负责人'), ('exam-affairs-head', '省级考务负责人'), ('records-head', '省级考籍负责人'), ('score-officer', '成绩信息管理责任人'), ('province-clerk', '省级考务员'), ('records-clerk', '考籍管理员'), ('papers-officer', '试卷保密管理员'), ('area-director', '考区主任'), ('prefecture-clerk', '地市考务员'), ('county-clerk', '县区报名员'), ('site-chief', '主考'), ('invigilator', '监考员'), ('reader-operator', '答题卡识读员'), ('key-clerk', '答案录入员'), ('marker', '评卷员'), ('group-leader', '学科评卷组长'), ('totals-reviewer', '积分复核员'), ('school-clerk', '主考学校经办'), ('candidate', '考生'), ('node', '系统自动'), ('public', '公众')], max_length=30, verbose_name='岗位')),
                ('agency_code', models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='机构代码')),
                ('since_on', models.DateField(verbose_name='起')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='止')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '岗位聘任',
                'ordering': ['account_id', 'since_on', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('since_on')), _connector='OR'), name='appointment_ends_after_start'), models.UniqueConstraint(fields=('account', 'post', 'agency_code', 'since_on'), name='appointment_once')],
            },
        ),
        migrations.CreateModel(
            name='FactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('lost', '设备丢失或损坏'), ('changed', '更换设备且没有备用码'), ('stolen', '疑似被他人使用')], max_length=10, verbose_name='原因')),
                ('state', models.CharField(choices=[('asked', '待另一名管理员确认'), ('done', '已重置'), ('refused', '未同意')], default='asked', max_length=10, verbose_name='状态')),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='决定时间')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='factor_resets', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '第二重验证重置申请',
                'ordering': ['-asked_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('asked_by', models.F('account')), _negated=True), name='factor_reset_not_for_oneself'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(models.Q(('decided_by', models.F('account')), _negated=True), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='factor_reset_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='factor_reset_decided'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('account',), name='factor_reset_one_open')],
            },
        ),
        migrations.CreateModel(
            name='LiveSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_digest', models.BinaryField(unique=True, verbose_name='会话摘要')),
                ('factor', models.CharField(blank=True, choices=[('totp', '动态码'), ('passkey', '通行密钥'), ('recovery', '备用码')], max_length=10, verbose_name='第二重验证')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='地址')),
                ('device', models.CharField(blank=True, max_length=60, verbose_name='设备')),
                ('since_at', models.DateTimeField(verbose_name='登录时间')),
                ('seen_at', models.DateTimeField(verbose_name='最近操作')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('ended_because', models.CharField(blank=True, choices=[('signed-out', '本人退出'), ('newer', '在别处重新登录'), ('by-owner', '本人在别处结束'), ('idle', '闲置超时'), ('too-long', '已到最长时间'), ('password', '密码已更改'), ('closed', '账号已注销'), ('no-post', '岗位聘任已终止'), ('factor', '须有第二重验证')], max_length=12, verbose_name='结束原因')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='live_sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '进行中的登录',
                'ordering': ['-since_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['account'], name='live_session_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_because', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_because', ''), _negated=True)), _connector='OR'), name='live_session_ended_because')],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=60, verbose_name='用途')),
                ('made_at', models.DateTimeField(verbose_name='确认时间')),
                ('used_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                ('used_for', models.CharField(blank=True, db_default='', max_length=120, verbose_name='用于')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '再次验证记录',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('used_at__isnull', True), ('used_for', '')), models.Q(('used_at__gte', models.F('made_at')), models.Q(('used_for', ''), _negated=True)), _connector='OR'), name='proof_used_for_something')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(verbose_name='摘要')),
                ('since_at', models.DateTimeField(verbose_name='发给时间')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='使用时间')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '备用码',
                'ordering': ['account_id', 'id'],
                'constraints': [models.UniqueConstraint(fields=('account', 'digest'), name='recovery_code_once')],
            },
        ),
    ]
