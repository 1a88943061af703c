from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("witness", "0002_append_only")]
    operations = [
        migrations.AddField("verification", "files", models.BigIntegerField(db_default=0)),
    ]
