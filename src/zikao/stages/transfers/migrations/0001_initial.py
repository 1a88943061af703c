import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('candidates', '0001_initial'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=30, verbose_name='转考编号')),
                ('direction', models.CharField(choices=[('out', '转出'), ('in', '转入')], max_length=3, verbose_name='方向')),
                ('state', models.CharField(choices=[('applied', '已申请'), ('confirmed', '已现场确认'), ('uploaded', '已上传转考平台'), ('received', '已接收'), ('reviewed', '已审核'), ('signed', '已签字，待成绩归档'), ('completed', '转考完成'), ('refused', '不予转考'), ('withdrawn', '已撤回')], max_length=10, verbose_name='状态')),
                ('counterpart', models.CharField(db_collation='C', max_length=2, verbose_name='对方省份')),
                ('counterpart_admission_number', models.CharField(max_length=12, verbose_name='对方准考证号')),
                ('counterpart_major', models.CharField(max_length=7, verbose_name='对方专业代码')),
                ('reason', models.CharField(blank=True, max_length=100, verbose_name='转考原因')),
                ('passes_at_destination', models.PositiveSmallIntegerField(default=0, verbose_name='转入地合格课程门数')),
                ('integrity', models.JSONField(default=list, verbose_name='奖惩情况')),
                ('file_digest', models.CharField(blank=True, max_length=64, verbose_name='电子档案摘要')),
                ('refusal_code', models.CharField(blank=True, max_length=40, verbose_name='不予转考的代码')),
                ('refusal_reason', models.CharField(blank=True, max_length=300, verbose_name='不予转考的理由')),
                ('applied_at', models.DateTimeField(verbose_name='申请（接收）时间')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='现场确认时间')),
                ('uploaded_at', models.DateTimeField(null=True, verbose_name='上传时间')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='审核时间')),
                ('completed_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='candidates.candidate')),
            ],
            options={
                'verbose_name': '转考',
                'ordering': ['-applied_at', 'number'],
                'constraints': [models.UniqueConstraint(fields=('number', 'direction'), name='transfer_number_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['completed', 'refused', 'withdrawn']), _negated=True), fields=('candidate', 'counterpart', 'direction'), name='one_open_transfer_to_a_province'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal_code', ''), _negated=True), _connector='OR'), name='refused_transfer_names_its_rule')],
            },
        ),
        migrations.CreateModel(
            name='TransferCourse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('course_code', models.CharField(db_collation='C', max_length=5, verbose_name='课程代码')),
                ('course_name', models.CharField(max_length=60, verbose_name='课程名称')),
                ('credits', models.PositiveSmallIntegerField(verbose_name='学分')),
                ('sitting_label', models.CharField(max_length=7, verbose_name='合格时间')),
                ('value', models.PositiveSmallIntegerField(null=True, verbose_name='成绩')),
                ('grade', models.CharField(blank=True, max_length=8, verbose_name='等第')),
                ('way', models.CharField(blank=True, choices=[('original', '原成绩转入'), ('substitution', '替换转入'), ('none', '不转入')], max_length=12, verbose_name='转入方式')),
                ('counts_as', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.course')),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='transfers.transfer')),
            ],
            options={
                'verbose_name': '转考课程',
                'ordering': ['transfer_id', 'course_code'],
                'constraints': [models.UniqueConstraint(fields=('transfer', 'course_code'), name='transfer_course_once'), models.CheckConstraint(condition=models.Q(('way__in', ['', 'none']), ('counts_as__isnull', False), _connector='OR'), name='moved_course_counts_as_one')],
            },
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_area', models.CharField(db_collation='C', max_length=4, verbose_name='转出地（市）')),
                ('to_area', models.CharField(db_collation='C', max_length=4, verbose_name='转入地（市）')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('state', models.CharField(choices=[('applied', '已申请'), ('accepted', '已同意'), ('refused', '不同意')], default='applied', max_length=10, verbose_name='状态')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='答复')),
                ('applied_at', models.DateTimeField(verbose_name='受理时间')),
                ('applied_by', models.BigIntegerField(null=True, verbose_name='受理人')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='报名县（区）')),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='candidates.candidate')),
            ],
            options={
                'verbose_name': '省内转考',
                'ordering': ['-applied_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['applied', 'accepted'])), fields=('candidate', 'to_area'), name='move_once'), models.CheckConstraint(condition=models.Q(('from_area', models.F('to_area')), _negated=True), name='move_elsewhere'), models.CheckConstraint(condition=models.Q(('state', 'applied'), ('decided_at__isnull', False), _connector='OR'), name='move_decided'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='move_refused_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_course_code', models.CharField(db_collation='C', max_length=5, verbose_name='原课程代码')),
                ('since_on', models.DateField(verbose_name='起')),
                ('until_on', models.DateField(null=True, verbose_name='止')),
                ('document', models.CharField(max_length=60, verbose_name='公布文号')),
                ('to_course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.course')),
            ],
            options={
                'verbose_name': '课程顶替',
                'ordering': ['from_course_code', 'since_on'],
                'constraints': [models.UniqueConstraint(fields=('from_course_code', 'to_course', 'since_on'), name='substitution_once')],
            },
        ),
    ]
