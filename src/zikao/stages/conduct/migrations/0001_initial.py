import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_initial'),
        ('personnel', '0001_initial'),
        ('programmes', '0001_initial'),
        ('seating', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoomSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', '记录中'), ('signed', '已签字')], default='open', max_length=10, verbose_name='状态')),
                ('expected', models.PositiveSmallIntegerField(verbose_name='应到')),
                ('present', models.PositiveSmallIntegerField(null=True, verbose_name='实到')),
                ('absent', models.PositiveSmallIntegerField(null=True, verbose_name='缺考')),
                ('remarks', models.CharField(blank=True, max_length=500, verbose_name='考场情况')),
                ('opened_at', models.DateTimeField(verbose_name='建立时间')),
                ('signed_at', models.DateTimeField(null=True, verbose_name='签字时间')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
                ('first_invigilator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='personnel.person')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='agencies.room')),
                ('second_invigilator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='personnel.person')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='room_sessions', to='programmes.unit')),
            ],
            options={
                'verbose_name': '考场情况记录',
                'ordering': ['unit_id', 'room_id'],
                'constraints': [models.UniqueConstraint(fields=('room', 'unit'), name='room_session_once'), models.CheckConstraint(condition=models.Q(('state', 'open'), ('expected', django.db.models.expressions.CombinedExpression(models.F('present'), '+', models.F('absent'))), _connector='OR'), name='room_session_adds_up'), models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('first_invigilator', models.F('second_invigilator')), _negated=True), _connector='OR'), name='room_session_two_invigilators')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('present', models.BooleanField(verbose_name='到考')),
                ('handwriting_taken', models.BooleanField(verbose_name='已采集笔迹')),
                ('arrived_at', models.DateTimeField(null=True, verbose_name='进入考点时间')),
                ('handed_in_at', models.DateTimeField(null=True, verbose_name='交卷时间')),
                ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                ('agency_code', models.CharField(db_collation='C', db_index=True, max_length=12, verbose_name='机构代码')),
                ('seat', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='seating.seat')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='conduct.roomsession')),
            ],
            options={
                'verbose_name': '到考登记',
                'ordering': ['session_id', 'seat__number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('present', True), ('handwriting_taken', False), _connector='OR'), name='absent_gave_no_handwriting')],
            },
        ),
    ]
