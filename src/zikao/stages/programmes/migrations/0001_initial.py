import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=5, unique=True, verbose_name='课程代码')),
                ('name', models.CharField(max_length=60, verbose_name='课程名称')),
                ('national', models.BooleanField(default=False, verbose_name='全国统考')),
            ],
            options={
                'verbose_name': '课程',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{5}$')), name='course_code_five_digits')],
            },
        ),
        migrations.CreateModel(
            name='DetailedRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('document', models.CharField(max_length=60, unique=True, verbose_name='文号')),
                ('since', models.DateField(verbose_name='施行日期')),
                ('state', models.CharField(choices=[('drafted', '已拟定'), ('proposed', '送审中'), ('approved', '已批准并报备'), ('acknowledged', '已备案'), ('returned', '被退回')], default='drafted', max_length=14, verbose_name='状态')),
                ('approval_id', models.BigIntegerField(blank=True, null=True, verbose_name='审批')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='备案号')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='备案答复')),
                ('drafted_at', models.DateTimeField(verbose_name='拟定时间')),
                ('proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='送审时间')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='批准并报备时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='备案答复时间')),
            ],
            options={
                'verbose_name': '实施细则',
                'ordering': ['-since', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'proposed']), ('approved_at__isnull', False), _connector='OR'), name='detailed_rules_approved'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'acknowledged'), _negated=True), models.Q(('number', ''), _negated=True), _connector='OR'), name='detailed_rules_acknowledged_has_number'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='detailed_rules_returned_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Major',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=7, unique=True, verbose_name='专业代码')),
                ('level', models.CharField(choices=[('bachelor', '本科'), ('junior', '专科')], max_length=10, verbose_name='层次')),
                ('name', models.CharField(max_length=60, verbose_name='专业名称')),
            ],
            options={
                'verbose_name': '专业',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{6}[KT]?$')), name='major_code_shape')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issued_unit', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='全国统考安排的单元')),
                ('own_paper', models.BooleanField(db_default=False, default=False, verbose_name='本省命题')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='programmes.course')),
            ],
            options={
                'verbose_name': '考试科目安排',
                'ordering': ['sitting__code', 'unit__number', 'course__code'],
            },
        ),
        migrations.CreateModel(
            name='Permission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('schedule', '另行安排考试'), ('set-paper', '自行组织命题'), ('change-paper', '修改试题')], max_length=12, verbose_name='事项')),
                ('sitting_code', models.CharField(db_collation='C', max_length=7, verbose_name='考次')),
                ('unit_number', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='考试单元')),
                ('reason', models.CharField(max_length=500, verbose_name='理由')),
                ('state', models.CharField(choices=[('requested', '已申请，待答复'), ('approved', '已批准'), ('refused', '未获批准')], default='requested', max_length=10, verbose_name='状态')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='批准文号')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='答复')),
                ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permissions', to='programmes.course')),
            ],
            options={
                'verbose_name': '统考课程专项申请',
                'ordering': ['-requested_at', '-id'],
                'indexes': [models.Index(fields=['-requested_at', '-id'], name='permission_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['requested', 'approved'])), fields=('kind', 'course', 'sitting_code'), name='permission_once_a_course'), models.CheckConstraint(condition=models.Q(models.Q(('number', ''), ('state', 'requested')), models.Q(('answered_at__isnull', False), ('state', 'approved'), models.Q(('number', ''), _negated=True)), models.Q(('answered_at__isnull', False), ('state', 'refused'), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='permission_answered'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'schedule'), _negated=True), ('unit_number__isnull', False), _connector='OR'), name='permission_for_a_unit')],
            },
        ),
        migrations.CreateModel(
            name='PaperChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=500, verbose_name='修改内容')),
                ('made_at', models.DateTimeField(verbose_name='登记时间')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='programmes.paper')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='programmes.permission')),
            ],
            options={
                'verbose_name': '统考试题修改',
                'ordering': ['made_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, verbose_name='版本')),
                ('min_credits', models.PositiveSmallIntegerField(verbose_name='最低学分')),
                ('min_courses', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='最少课程门数')),
                ('entry_condition', models.CharField(blank=True, max_length=200, verbose_name='报考条件')),
                ('entry_evidence', models.CharField(blank=True, choices=[('nurse-licence', '护士执业证书'), ('pharmacy', '药学类专业学历或药学岗位在职证明'), ('in-service', '本行业在职证明'), ('diploma', '国民教育系列专科及以上毕业证书')], max_length=20, verbose_name='报考须出示')),
                ('since', models.DateField(verbose_name='启用日期')),
                ('until', models.DateField(blank=True, null=True, verbose_name='停用日期')),
                ('examining_school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='agencies.school')),
                ('major', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='programmes.major')),
            ],
            options={
                'verbose_name': '专业考试计划',
                'ordering': ['major__code', 'since'],
                'constraints': [models.UniqueConstraint(fields=('major', 'version'), name='plan_version_once'), models.UniqueConstraint(fields=('major', 'since'), name='plan_since_once'), models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('major',), name='plan_one_open_a_major'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='plan_ends_after_start'), models.CheckConstraint(condition=models.Q(('entry_evidence', ''), models.Q(('entry_condition', ''), _negated=True), _connector='OR'), name='plan_evidence_needs_condition')],
            },
        ),
        migrations.CreateModel(
            name='ChoiceGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, verbose_name='组号')),
                ('rule', models.JSONField(verbose_name='选考规则')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='programmes.plan')),
            ],
            options={
                'verbose_name': '选考组',
                'ordering': ['plan_id', 'code'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'code'), name='group_once_a_plan')],
            },
        ),
        migrations.CreateModel(
            name='PlanCourse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('credits', models.PositiveSmallIntegerField(verbose_name='学分')),
                ('assess', models.CharField(choices=[('written', '笔试'), ('practice', '实践考核'), ('thesis', '毕业论文（设计）')], max_length=10, verbose_name='考核方式')),
                ('min_passed', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='先合格门数')),
                ('last', models.BooleanField(default=False, verbose_name='在其他课程合格之后')),
                ('replaceable', models.BooleanField(default=True, verbose_name='可以顶替')),
                ('after', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.course')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_plans', to='programmes.course')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='programmes.choicegroup')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='programmes.plan')),
            ],
            options={
                'verbose_name': '计划课程',
                'ordering': ['plan_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlanImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件')),
                ('since', models.DateField(verbose_name='启用日期')),
                ('plans', models.JSONField(verbose_name='计划')),
                ('changes', models.JSONField(verbose_name='变更')),
                ('problems', models.JSONField(verbose_name='问题')),
                ('digest', models.CharField(max_length=64, verbose_name='摘要')),
                ('state', models.CharField(choices=[('staged', '已预演，待导入'), ('applied', '已导入'), ('dropped', '已放弃')], default='staged', max_length=10, verbose_name='状态')),
                ('staged_at', models.DateTimeField(verbose_name='预演时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
            ],
            options={
                'verbose_name': '考试计划导入',
                'ordering': ['-staged_at', '-id'],
                'indexes': [models.Index(fields=['-staged_at', '-id'], name='plan_import_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'staged'), ('ended_at__isnull', False), _connector='OR'), name='plan_import_ended'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'applied'), _negated=True), ('problems', []), _connector='OR'), name='plan_import_without_problems')],
            },
        ),
        migrations.CreateModel(
            name='PlanSchool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency_code', models.CharField(db_collation='C', max_length=4, verbose_name='考区')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schools', to='programmes.plan')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.school')),
            ],
            options={
                'verbose_name': '分地区主考学校',
                'ordering': ['plan_id', 'agency_code'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'agency_code'), name='plan_school_once_a_prefecture'), models.CheckConstraint(condition=models.Q(('agency_code__regex', '^[0-9]{4}$')), name='plan_school_prefecture')],
            },
        ),
        migrations.CreateModel(
            name='Prerequisite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.course')),
                ('plan_course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prerequisites', to='programmes.plancourse')),
            ],
            options={
                'verbose_name': '先修课程',
                'ordering': ['plan_course_id', 'course__code'],
                'constraints': [models.UniqueConstraint(fields=('plan_course', 'course'), name='prerequisite_once')],
            },
        ),
        migrations.AddField(
            model_name='plancourse',
            name='requires',
            field=models.ManyToManyField(related_name='required_by', through='programmes.Prerequisite', to='programmes.course'),
        ),
        migrations.CreateModel(
            name='Replacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.CharField(max_length=60, verbose_name='公布文号')),
                ('since', models.DateField(verbose_name='起')),
                ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                ('both_ways', models.BooleanField(default=False, verbose_name='双向')),
                ('key', models.CharField(db_collation='C', max_length=200, verbose_name='课程')),
                ('major', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='programmes.major')),
            ],
            options={
                'verbose_name': '课程顶替',
                'ordering': ['major__code', 'since', 'id'],
                'constraints': [models.UniqueConstraint(fields=('major', 'key', 'since'), name='replacement_once'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='replacement_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='ReplacementCourse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('from', '顶替课程'), ('to', '被顶替课程')], max_length=4, verbose_name='一侧')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.course')),
                ('replacement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='programmes.replacement')),
            ],
            options={
                'verbose_name': '顶替课程',
                'ordering': ['replacement_id', 'side', 'course__code'],
                'constraints': [models.UniqueConstraint(fields=('replacement', 'course'), name='replacement_course_once')],
            },
        ),
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=7, unique=True, verbose_name='考次')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年')),
                ('month', models.PositiveSmallIntegerField(verbose_name='月')),
                ('digit', models.PositiveSmallIntegerField(verbose_name='准考证考次号')),
                ('opened_at', models.DateTimeField(verbose_name='设立时间')),
            ],
            options={
                'verbose_name': '考次',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('month__gte', 1), ('month__lte', 12)), name='sitting_month_of_the_year'), models.UniqueConstraint(fields=('year', 'month'), name='sitting_once_a_month')],
            },
        ),
        migrations.AddField(
            model_name='paper',
            name='sitting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='programmes.sitting'),
        ),
        migrations.CreateModel(
            name='Timetable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('drafted', '已拟定'), ('filed', '已报备案'), ('acknowledged', '已备案'), ('published', '已公布')], default='drafted', max_length=12, verbose_name='状态')),
                ('national_digest', models.CharField(blank=True, max_length=64, verbose_name='全国统考安排摘要')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='报备内容摘要')),
                ('filing_number', models.CharField(blank=True, max_length=30, verbose_name='备案号')),
                ('returned_reason', models.CharField(blank=True, max_length=500, verbose_name='退回原因')),
                ('drafted_at', models.DateTimeField(verbose_name='拟定时间')),
                ('filed_at', models.DateTimeField(blank=True, null=True, verbose_name='报备时间')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='备案时间')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='公布时间')),
                ('sitting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='timetable', to='programmes.sitting')),
            ],
            options={
                'verbose_name': '考试安排',
                'ordering': ['sitting__code'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['acknowledged', 'published']), _negated=True), models.Q(('acknowledged_at__isnull', False), models.Q(('filing_number', ''), _negated=True)), _connector='OR'), name='timetable_acknowledged_has_number'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='timetable_published_has_time')],
            },
        ),
        migrations.CreateModel(
            name='TimetableProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.PositiveIntegerField(verbose_name='种子')),
                ('problem', models.CharField(max_length=64, verbose_name='题目摘要')),
                ('units', models.JSONField(verbose_name='单元')),
                ('moved', models.PositiveIntegerField(verbose_name='改动课程')),
                ('before', models.PositiveBigIntegerField(verbose_name='原冲突人次')),
                ('after', models.PositiveBigIntegerField(verbose_name='建议冲突人次')),
                ('least', models.PositiveBigIntegerField(verbose_name='无法避免的冲突人次')),
                ('stopped', models.BooleanField(default=False, verbose_name='到时限停止')),
                ('state', models.CharField(choices=[('offered', '待定'), ('accepted', '已采用'), ('dropped', '不采用')], default='offered', max_length=10, verbose_name='状态')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='programmes.sitting')),
            ],
            options={
                'verbose_name': '考试安排建议',
                'ordering': ['-made_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('after__lte', models.F('before'))), name='proposal_never_worse'), models.CheckConstraint(condition=models.Q(('state', 'offered'), ('ended_at__isnull', False), _connector='OR'), name='proposal_ended')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='单元号')),
                ('starts_at', models.DateTimeField(verbose_name='开考时间')),
                ('ends_at', models.DateTimeField(verbose_name='结束时间')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='programmes.sitting')),
            ],
            options={
                'verbose_name': '考试单元',
                'ordering': ['sitting__code', 'number'],
                'constraints': [models.UniqueConstraint(fields=('sitting', 'number'), name='unit_number_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='unit_ends_after_start')],
            },
        ),
        migrations.AddField(
            model_name='paper',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='programmes.unit'),
        ),
        migrations.CreateModel(
            name='DetailedSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(db_collation='C', max_length=60, verbose_name='参数')),
                ('value', models.JSONField(verbose_name='取值')),
                ('rules', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settings', to='programmes.detailedrules')),
            ],
            options={
                'verbose_name': '细则取值',
                'ordering': ['rules_id', 'name'],
                'constraints': [models.UniqueConstraint(fields=('rules', 'name'), name='detailed_setting_once')],
            },
        ),
        migrations.CreateModel(
            name='PaperMajor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('major', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='programmes.major')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='majors', to='programmes.paper')),
            ],
            options={
                'verbose_name': '开考专业',
                'ordering': ['paper_id', 'major__code'],
                'constraints': [models.UniqueConstraint(fields=('paper', 'major'), name='paper_major_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='plancourse',
            constraint=models.UniqueConstraint(fields=('plan', 'course'), name='course_once_a_plan'),
        ),
        migrations.AddConstraint(
            model_name='plancourse',
            constraint=models.CheckConstraint(condition=models.Q(('after', models.F('course')), _negated=True), name='course_not_after_itself'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('sitting', 'course'), name='paper_once_a_sitting'),
        ),
    ]
