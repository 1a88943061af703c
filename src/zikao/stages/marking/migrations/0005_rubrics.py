import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marking", "0004_row_security"), ("programmes", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Rubric",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("text_sealed", models.BinaryField(verbose_name="内容（密文）")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("made_by", models.BigIntegerField(verbose_name="制定人账号")),
                ("made_by_name", models.CharField(max_length=60, verbose_name="制定人")),
                ("made_at", models.DateTimeField(verbose_name="制定时间")),
                ("agency_code", models.CharField(db_collation="C", max_length=12, verbose_name="机构代码")),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rubrics", to="programmes.paper"
                    ),
                ),
            ],
            options={"verbose_name": "评分细则", "ordering": ["paper_id", "-version"]},
        ),
        migrations.AddConstraint(
            model_name="rubric",
            constraint=models.UniqueConstraint(fields=("paper", "version"), name="rubric_version_once"),
        ),
    ]
