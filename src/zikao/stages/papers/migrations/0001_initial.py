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
            name='Box',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=24, unique=True, verbose_name='箱号')),
                ('seal_number', models.CharField(max_length=24, verbose_name='封签号')),
                ('state', models.CharField(choices=[('packed', '已装箱密封'), ('stored', '在保密室'), ('issued', '运送中'), ('at-site', '考点已签收'), ('scripts-sealed', '答卷已密封'), ('returned', '答卷已入库')], default='packed', max_length=16, verbose_name='状态')),
                ('holder', models.CharField(max_length=60, verbose_name='保管人')),
                ('packed_at', models.DateTimeField(verbose_name='装箱时间')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
                ('secure_room', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='agencies.secureroom')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='agencies.site')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='programmes.sitting')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='programmes.unit')),
            ],
            options={
                'verbose_name': '试卷箱',
                'verbose_name_plural': 'boxes',
                'ordering': ['unit_id', 'site_id'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'site'), name='box_once_a_site_and_unit')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('kind', models.CharField(choices=[('store', '入保密室'), ('issue', '领取本单元试卷'), ('receive', '考点签收'), ('seal', '答卷密封'), ('return', '答卷入库')], max_length=10, verbose_name='环节')),
                ('giver', models.CharField(max_length=60, verbose_name='交出人')),
                ('taker', models.CharField(max_length=60, verbose_name='接收人')),
                ('seal_number', models.CharField(max_length=24, verbose_name='封签号')),
                ('seal_intact', models.BooleanField(verbose_name='密封完好')),
                ('packs_counted', models.PositiveSmallIntegerField(null=True, verbose_name='清点袋数')),
                ('recorded_by', models.BigIntegerField(null=True, verbose_name='登记人账号')),
                ('batch', models.CharField(db_collation='C', max_length=24, verbose_name='批次')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='papers.box')),
            ],
            options={
                'verbose_name': '试卷箱交接',
                'ordering': ['box_id', 'number'],
                'constraints': [models.UniqueConstraint(fields=('box', 'number'), name='hand_over_numbered'), models.UniqueConstraint(fields=('box', 'kind'), name='hand_over_once_a_kind'), models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='hand_over_two_sides')],
            },
        ),
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=32, unique=True, verbose_name='袋号')),
                ('copies', models.PositiveSmallIntegerField(verbose_name='份数')),
                ('spare', models.PositiveSmallIntegerField(default=0, verbose_name='备用份数')),
                ('box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='papers.box')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='programmes.paper')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='agencies.room')),
            ],
            options={
                'verbose_name': '试卷袋',
                'ordering': ['box_id', 'room_id', 'paper_id'],
                'constraints': [models.UniqueConstraint(fields=('paper', 'room'), name='pack_once_a_room_and_paper'), models.CheckConstraint(condition=models.Q(('copies__gt', 0)), name='pack_not_empty')],
            },
        ),
    ]
