"""A room is checked before it is used (EA-25.1): checks are only added, and shown to the site's area and above."""

import django.db.models.deletion
from django.db import migrations, models

from zikao.foundation.commands.row_security import row_security
from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_guards"),
        ("conduct", "0003_row_security"),
        ("personnel", "0002_guards"),
        ("programmes", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="RoomCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("conditions", models.JSONField(verbose_name="检查项目")),
                ("failed", models.JSONField(default=list, verbose_name="不合格项目")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="情况说明")),
                ("checked_at", models.DateTimeField(verbose_name="检查时间")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.BigIntegerField(null=True, verbose_name="登记账号")),
                ("agency_code", models.CharField(db_collation="C", max_length=12, verbose_name="机构代码")),
                (
                    "checker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="room_checks", to="personnel.person"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="agencies.room"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="room_checks", to="programmes.sitting"
                    ),
                ),
            ],
            options={
                "verbose_name": "考场条件检查",
                "ordering": ["sitting_id", "room_id", "number"],
                "indexes": [models.Index(fields=["sitting", "agency_code"], name="room_check_agency")],
                "constraints": [
                    models.UniqueConstraint(fields=("sitting", "room", "number"), name="room_check_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(("failed", []), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="room_check_failed_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("checked_at__lte", models.F("recorded_at"))),
                        name="room_check_before_recorded",
                    ),
                ],
            },
        ),
        append_only("conduct_roomcheck"),
        row_security("conduct_roomcheck"),
    ]
