"""The examining school of an application: that of the candidate's prefecture, as it was when it was taken in."""

import django.db.models.deletion
from django.db import migrations, models

KNOWN = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE graduation_application a SET school_id = coalesce(
    (SELECT s.school_id FROM programmes_planschool s WHERE s.plan_id = a.plan_id AND s.agency_code = left(a.agency_code, 4)),
    (SELECT p.examining_school_id FROM programmes_plan p WHERE p.id = a.plan_id)
);
"""


def _school(**more: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="agencies.school", **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("graduation", "0002_row_security"),
        ("agencies", "0004_guards"),
        ("programmes", "0002_plans_in_depth"),
    ]
    operations = [
        migrations.AddField("application", "school", _school(null=True)),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.AlterField("application", "school", _school()),
    ]
