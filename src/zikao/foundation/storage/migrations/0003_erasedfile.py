from django.db import migrations, models

from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("storage", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="ErasedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("destruction_id", models.BigIntegerField()),
                ("erased_at", models.DateTimeField()),
            ],
            options={"ordering": ["id"]},
        ),
        append_only("storage_erasedfile"),
    ]
