import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_initial'),
        ('entries', '0001_initial'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('algorithm', models.CharField(default='zikao-seating-2', max_length=30, verbose_name='算法')),
                ('state', models.CharField(choices=[('committed', '已提交承诺'), ('revealed', '密数已公开'), ('drawn', '已编排'), ('issued', '通知单已发放')], default='committed', max_length=10, verbose_name='状态')),
                ('entry_digest', models.CharField(blank=True, max_length=64, verbose_name='名册摘要')),
                ('seed', models.CharField(blank=True, max_length=64, verbose_name='随机种子')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='编排摘要')),
                ('seated', models.PositiveIntegerField(default=0, verbose_name='已编排科次')),
                ('rooms', models.PositiveIntegerField(default=0, verbose_name='使用考场单元次')),
                ('opened_at', models.DateTimeField(verbose_name='首个承诺时间')),
                ('revealed_at', models.DateTimeField(blank=True, null=True, verbose_name='密数全部公开时间')),
                ('drawn_at', models.DateTimeField(blank=True, null=True, verbose_name='编排时间')),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='通知单发放时间')),
                ('sitting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='draw', to='programmes.sitting')),
            ],
            options={
                'verbose_name': '随机编排',
                'ordering': ['sitting__code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'committed'), models.Q(('entry_digest__regex', '^[0-9a-f]{64}$'), ('seed__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='draw_revealed_has_seed'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['drawn', 'issued']), _negated=True), models.Q(('digest__regex', '^[0-9a-f]{64}$'), ('drawn_at__isnull', False)), _connector='OR'), name='draw_drawn_has_digest')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('official_account_id', models.BigIntegerField(verbose_name='人员账户')),
                ('official', models.CharField(max_length=60, verbose_name='人员')),
                ('post', models.CharField(max_length=30, verbose_name='岗位')),
                ('digest', models.CharField(max_length=64, verbose_name='承诺（SM3）')),
                ('committed_at', models.DateTimeField(verbose_name='承诺时间')),
                ('secret', models.CharField(blank=True, max_length=64, null=True, verbose_name='密数')),
                ('revealed_at', models.DateTimeField(blank=True, null=True, verbose_name='公开时间')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='seating.draw')),
            ],
            options={
                'verbose_name': '密数承诺',
                'ordering': ['draw_id', 'order'],
                'constraints': [models.UniqueConstraint(fields=('draw', 'order'), name='commitment_order_once'), models.UniqueConstraint(fields=('draw', 'official_account_id'), name='commitment_once_an_official'), models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='commitment_is_digest'), models.CheckConstraint(condition=models.Q(models.Q(('revealed_at__isnull', True), ('secret__isnull', True)), models.Q(('revealed_at__isnull', False), ('secret__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='commitment_secret_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='座位号')),
                ('agency_code', models.CharField(db_collation='C', max_length=12, verbose_name='考点机构代码')),
                ('draw', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='seating.draw')),
                ('entry', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='seat', to='entries.entry')),
                ('paper', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='programmes.paper')),
                ('room', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='seats_taken', to='agencies.room')),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='programmes.unit')),
            ],
            options={
                'verbose_name': '座位',
                'ordering': ['unit_id', 'room_id', 'number'],
                'indexes': [django.contrib.postgres.indexes.BrinIndex(fields=['draw'], name='seat_draw')],
                'constraints': [models.UniqueConstraint(fields=('room', 'unit', 'number'), name='seat_taken_once'), models.CheckConstraint(condition=models.Q(('id', models.F('entry'))), name='seat_has_entry_id'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='seat_number_positive')],
            },
        ),
    ]
