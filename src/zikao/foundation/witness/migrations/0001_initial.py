import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('holds', models.BooleanField()),
                ('leaves', models.BigIntegerField()),
                ('pending', models.BigIntegerField()),
                ('checkpoints', models.BigIntegerField()),
                ('cosignatures', models.BigIntegerField()),
                ('files', models.BigIntegerField(db_default=0)),
                ('problem_count', models.BigIntegerField()),
                ('problems', models.JSONField()),
                ('account_id', models.BigIntegerField(null=True)),
                ('work_id', models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                'verbose_name': '账本核验',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('forked', '同一行数有两个不同的树根'), ('inconsistent', '新账本不是接着旧账本写的'), ('shrunk', '账本比见证过的变短了')], max_length=12)),
                ('origin', models.TextField(db_collation='C')),
                ('told_by', models.TextField(blank=True, db_collation='C')),
                ('held_note', models.TextField()),
                ('held_signature', models.BinaryField()),
                ('shown_note', models.TextField()),
                ('shown_signature', models.BinaryField()),
                ('found_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '账本告警',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['origin'], name='witness_alarm_origin')],
            },
        ),
        migrations.CreateModel(
            name='Cosigned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.TextField(db_collation='C')),
                ('tree_size', models.BigIntegerField()),
                ('note', models.TextField()),
                ('cosigned_at', models.DateTimeField()),
                ('key_id', models.TextField()),
                ('signature', models.BinaryField()),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '共同签名',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['tree_size'], name='witness_cosigned_size')],
                'constraints': [models.UniqueConstraint(fields=('witness', 'note'), name='witness_cosigned_once')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.TextField(db_collation='C')),
                ('tree_size', models.BigIntegerField()),
                ('base_size', models.BigIntegerField()),
                ('offered_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '提请见证',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['witness', 'tree_size'], name='witness_offer_size')],
            },
        ),
        migrations.CreateModel(
            name='Restore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.TextField(db_collation='C')),
                ('tree_size', models.BigIntegerField()),
                ('root', models.BinaryField(max_length=32)),
                ('note', models.TextField()),
                ('signature', models.BinaryField()),
                ('base_size', models.BigIntegerField()),
                ('held_size', models.BigIntegerField()),
                ('is_proven', models.BooleanField()),
                ('reason', models.TextField()),
                ('declared_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '恢复声明',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('origin', 'note'), name='witness_restore_once')],
            },
        ),
        migrations.CreateModel(
            name='RestoreAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_accepted', models.BooleanField()),
                ('reason', models.TextField()),
                ('account_id', models.BigIntegerField(null=True)),
                ('answered_at', models.DateTimeField()),
                ('restore', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='witness.restore')),
            ],
            options={
                'verbose_name': '恢复确认',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.TextField(db_collation='C')),
                ('era', models.IntegerField(default=0)),
                ('tree_size', models.BigIntegerField()),
                ('root', models.BinaryField(max_length=32)),
                ('note', models.TextField()),
                ('signature', models.BinaryField()),
                ('signed_at', models.DateTimeField()),
                ('base_size', models.BigIntegerField()),
                ('seen_at', models.DateTimeField()),
                ('key_id', models.TextField()),
                ('cosignature', models.BinaryField()),
            ],
            options={
                'verbose_name': '见证过的检查点',
                'verbose_name_plural': 'seen',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('origin', 'era', 'tree_size'), name='witness_seen_once')],
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('restored', '经确认的备份恢复'), ('explained', '查明并记录')], max_length=10)),
                ('reason', models.TextField()),
                ('account_id', models.BigIntegerField(null=True)),
                ('settled_at', models.DateTimeField()),
                ('alarm', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='settlement', to='witness.alarm')),
            ],
            options={
                'verbose_name': '告警处理',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StoredRenewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tree_size', models.BigIntegerField()),
                ('number', models.IntegerField()),
                ('text', models.TextField()),
                ('signature', models.BinaryField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '续签',
                'ordering': ['tree_size', 'number'],
                'constraints': [models.UniqueConstraint(fields=('tree_size', 'number'), name='witness_renewal_once')],
            },
        ),
    ]
