import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Peer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(db_collation='C', unique=True)),
                ('url', models.URLField()),
                ('knows_key', models.CharField(blank=True, db_default='', max_length=8)),
                ('last_sequence', models.BigIntegerField(default=0)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '对方节点',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.UUIDField()),
                ('sequence', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('body_sealed', models.BinaryField()),
                ('state', models.CharField(choices=[('pending', '待送达'), ('accepted', '已接受'), ('rejected', '已拒绝')], max_length=8)),
                ('reason_code', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField()),
                ('signature', models.BinaryField()),
                ('signed_with', models.CharField(db_default='', max_length=8)),
                ('attempts', models.IntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField()),
                ('last_error', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.JSONField(null=True)),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='exchange.peer')),
            ],
            options={
                'verbose_name': '发件',
                'verbose_name_plural': 'outbox',
                'ordering': ['id'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['peer', 'next_attempt_at'], name='exchange_outbox_due')],
                'constraints': [models.UniqueConstraint(fields=('message_id',), name='exchange_outbox_message'), models.UniqueConstraint(fields=('peer', 'sequence'), name='exchange_outbox_sequence'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'pending')), models.Q(('answered_at__isnull', False), ('state__in', ('accepted', 'rejected'))), _connector='OR'), name='exchange_outbox_answered'), models.CheckConstraint(condition=models.Q(('reason_code', ''), ('state', 'rejected'), _connector='XOR'), name='exchange_outbox_reason')],
            },
        ),
        migrations.CreateModel(
            name='Inbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.UUIDField()),
                ('sequence', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('body_sealed', models.BinaryField()),
                ('state', models.CharField(choices=[('pending', '待送达'), ('accepted', '已接受'), ('rejected', '已拒绝')], max_length=8)),
                ('reason_code', models.TextField(blank=True)),
                ('digest', models.BinaryField(max_length=32)),
                ('received_at', models.DateTimeField()),
                ('answer', models.JSONField()),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='exchange.peer')),
            ],
            options={
                'verbose_name': '收件',
                'verbose_name_plural': 'inbox',
                'ordering': ['id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('peer', 'message_id'), name='exchange_inbox_message'), models.CheckConstraint(condition=models.Q(('state__in', ('accepted', 'rejected'))), name='exchange_inbox_answered')],
            },
        ),
        migrations.CreateModel(
            name='PeerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sign', '签名'), ('envelope', '加密')], max_length=8)),
                ('key_id', models.CharField(max_length=16)),
                ('pem', models.TextField()),
                ('since_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='exchange.peer')),
            ],
            options={
                'verbose_name': '对方节点公钥',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('peer', 'kind', 'key_id'), name='exchange_peer_key_once'), models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('peer', 'kind'), name='exchange_peer_one_key_in_use')],
            },
        ),
    ]
