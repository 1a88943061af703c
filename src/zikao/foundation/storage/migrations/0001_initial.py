from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ErasedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(db_collation='C', max_length=64, unique=True)),
                ('destruction_id', models.BigIntegerField()),
                ('erased_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '已销毁文件的记录',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(db_collation='C', max_length=64, unique=True)),
                ('size', models.BigIntegerField()),
                ('media_type', models.TextField()),
                ('key_id', models.CharField(max_length=8)),
                ('stored_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': '存储文件',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='storage_digest_is_hex'), models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='storage_size_not_negative')],
            },
        ),
    ]
