import django.contrib.postgres.fields
import django.db.models.functions.datetime
import zikao.foundation.ledger.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('tree_size', models.BigIntegerField()),
                ('peaks', models.BinaryField()),
                ('cluster', models.TextField()),
                ('epoch', models.BigIntegerField()),
                ('last_xid', zikao.foundation.ledger.models.Xid8Field()),
                ('last_line_id', models.BigIntegerField()),
                ('sequenced_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': '账本归并批次',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('tree_size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField(max_length=32)),
                ('signed_at', models.DateTimeField()),
                ('key_id', models.TextField()),
                ('note', models.TextField()),
                ('signature', models.BinaryField()),
            ],
            options={
                'verbose_name': '账本签名点',
                'ordering': ['tree_size'],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('line_id', models.BigIntegerField(unique=True)),
                ('hash', models.BinaryField(max_length=32)),
            ],
            options={
                'verbose_name': '账本哈希叶',
                'ordering': ['seq'],
            },
        ),
        migrations.CreateModel(
            name='Subtree',
            fields=[
                ('pk', models.CompositePrimaryKey('level', 'place', blank=True, editable=False, primary_key=True, serialize=False)),
                ('level', models.SmallIntegerField()),
                ('place', models.BigIntegerField()),
                ('hash', models.BinaryField(max_length=32)),
            ],
            options={
                'verbose_name': '账本子树',
                'ordering': ['level', 'place'],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('xid', zikao.foundation.ledger.models.Xid8Field(db_default=zikao.foundation.ledger.models.CurrentXid(), editable=False)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(db_default=zikao.foundation.ledger.models.ClockTimestamp(), editable=False)),
                ('account_id', models.BigIntegerField(null=True)),
                ('appointment_id', models.BigIntegerField(null=True)),
                ('post', models.TextField()),
                ('agency_code', models.TextField(db_collation='C')),
                ('command', models.TextField()),
                ('subject', models.TextField(db_collation='C')),
                ('clauses', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('facts', models.JSONField()),
                ('before', models.BinaryField(null=True)),
                ('after', models.BinaryField(null=True)),
                ('idempotency_key', models.TextField(db_collation='C', null=True)),
            ],
            options={
                'verbose_name': '账本行',
                'ordering': ['id'],
                'indexes': [models.Index(models.F('xid'), models.F('id'), name='ledger_line_order'), models.Index(models.F('subject'), models.F('id'), name='ledger_line_subject')],
                'constraints': [models.UniqueConstraint(fields=('idempotency_key',), name='ledger_line_key')],
            },
        ),
    ]
