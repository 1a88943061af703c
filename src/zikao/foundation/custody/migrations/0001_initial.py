from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='NodeKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('data', '数据密钥'), ('index', '索引密钥'), ('sign', '签名密钥'), ('agree', '信封密钥'), ('mac', '防伪标记密钥')], max_length=5, verbose_name='种类')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('key_id', models.CharField(db_collation='C', max_length=16, unique=True, verbose_name='编号')),
                ('state', models.CharField(choices=[('held', '在用'), ('retired', '已停用'), ('destroyed', '已销毁')], default='held', max_length=9, verbose_name='状态')),
                ('added_at', models.DateTimeField(verbose_name='启用时间')),
                ('retired_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ('destroyed_at', models.DateTimeField(null=True, verbose_name='销毁时间')),
                ('approval_id', models.BigIntegerField(null=True, verbose_name='销毁审批')),
            ],
            options={
                'verbose_name': '密钥',
                'ordering': ['kind', 'number'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'number'), name='node_key_numbered'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'destroyed'), _negated=True), models.Q(('approval_id__isnull', False), ('destroyed_at__isnull', False)), _connector='OR'), name='node_key_destroyed_by_approval'), models.CheckConstraint(condition=models.Q(models.Q(('retired_at', None), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('retired_at__isnull', False)), _connector='OR'), name='node_key_put_aside_first')],
            },
        ),
    ]
