import django.db.models.deletion
import zikao.foundation.ledger.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Term',
            fields=[
                ('kind', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('clause', models.CharField(max_length=12)),
                ('event', models.CharField(max_length=12)),
                ('months', models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                'verbose_name': '保存期',
                'ordering': ['kind'],
            },
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('matter', models.CharField(db_collation='C', max_length=60, verbose_name='事项')),
                ('event', models.CharField(max_length=12, verbose_name='起算事由')),
                ('started_on', models.DateField(verbose_name='起算日')),
                ('recorded_at', models.DateTimeField(db_default=zikao.foundation.ledger.models.ClockTimestamp(), editable=False, verbose_name='登记时间')),
            ],
            options={
                'verbose_name': '保存期起算',
                'ordering': ['matter', 'event'],
                'constraints': [models.UniqueConstraint(fields=('matter', 'event'), name='clock_starts_once')],
            },
        ),
        migrations.CreateModel(
            name='Destruction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=20, unique=True, verbose_name='编号')),
                ('state', models.CharField(choices=[('proposed', '待审批'), ('approved', '已批准'), ('carried-out', '已执行，待见证'), ('destroyed', '已销毁'), ('refused', '未获批准')], db_collation='C', max_length=12, verbose_name='状态')),
                ('method', models.CharField(choices=[('pulped', '化浆'), ('shredded', '粉碎'), ('burned', '焚毁'), ('erased', '清除数据')], max_length=10, verbose_name='方式')),
                ('place', models.CharField(max_length=80, verbose_name='地点')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('digest', models.CharField(max_length=64, verbose_name='清单摘要')),
                ('approval_id', models.BigIntegerField(null=True, verbose_name='审批')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('proposed_by', models.BigIntegerField(null=True, verbose_name='提出人账号')),
                ('carried_out_at', models.DateTimeField(null=True, verbose_name='执行时间')),
                ('carried_out_by', models.BigIntegerField(null=True, verbose_name='执行人账号')),
                ('carried_out_post', models.CharField(blank=True, max_length=30, verbose_name='执行人岗位')),
                ('witnessed_at', models.DateTimeField(null=True, verbose_name='见证时间')),
                ('witnessed_by', models.BigIntegerField(null=True, verbose_name='见证人账号')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='机构代码')),
            ],
            options={
                'verbose_name': '销毁',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['carried-out', 'destroyed']), _negated=True), ('carried_out_by__isnull', False), _connector='OR'), name='destruction_carried_out_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'destroyed'), _negated=True), models.Q(('witnessed_by__isnull', False), models.Q(('witnessed_by', models.F('carried_out_by')), _negated=True)), _connector='OR'), name='destruction_witnessed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='事由')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('cases', models.JSONField(default=list, verbose_name='案件')),
                ('placed_at', models.DateTimeField(verbose_name='提出时间')),
                ('placed_by', models.BigIntegerField(null=True, verbose_name='提出人账号')),
                ('released_at', models.DateTimeField(null=True, verbose_name='解除时间')),
                ('released_by', models.BigIntegerField(null=True, verbose_name='解除人账号')),
                ('release_reason', models.CharField(blank=True, max_length=300, verbose_name='解除理由')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='机构代码')),
            ],
            options={
                'verbose_name': '暂缓销毁',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('release_reason', ''), ('released_at__isnull', True)), models.Q(('released_at__isnull', False), models.Q(('release_reason', ''), _negated=True)), _connector='OR'), name='hold_released_with_reason'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('placed_by')), _negated=True), _connector='OR'), name='hold_released_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(db_collation='C', max_length=30, verbose_name='种类')),
                ('matter', models.CharField(db_collation='C', max_length=60, verbose_name='考次或事项')),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('place', models.CharField(max_length=80, verbose_name='存放地点')),
                ('keeper', models.CharField(max_length=60, verbose_name='保管人')),
                ('quantity', models.PositiveIntegerField(verbose_name='数量')),
                ('unit', models.CharField(max_length=8, verbose_name='计量单位')),
                ('contents', models.CharField(blank=True, max_length=64, verbose_name='清单摘要')),
                ('registered_at', models.DateTimeField(verbose_name='登记时间')),
                ('registered_by', models.BigIntegerField(null=True, verbose_name='登记人账号')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
            ],
            options={
                'verbose_name': '保存物',
                'ordering': ['matter', 'kind', 'agency_code', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='holding_not_empty'), models.UniqueConstraint(fields=('kind', 'matter', 'title', 'agency_code'), name='holding_once')],
            },
        ),
        migrations.CreateModel(
            name='HeldThing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='things', to='retention.hold')),
                ('holding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_by', to='retention.holding')),
            ],
            options={
                'verbose_name': '暂缓销毁的物品',
                'ordering': ['hold_id', 'holding_id'],
                'constraints': [models.UniqueConstraint(fields=('hold', 'holding'), name='held_once_a_hold')],
            },
        ),
        migrations.CreateModel(
            name='DestructionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_live', models.BooleanField(default=True, verbose_name='有效')),
                ('destruction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='retention.destruction')),
                ('holding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='destructions', to='retention.holding')),
            ],
            options={
                'verbose_name': '销毁物品',
                'ordering': ['destruction_id', 'holding_id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('holding',), name='destroyed_once'), models.UniqueConstraint(fields=('destruction', 'holding'), name='listed_once')],
            },
        ),
    ]
