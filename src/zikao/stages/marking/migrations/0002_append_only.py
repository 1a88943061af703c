"""What people signed, what readers saw, and what was given: none of it is ever changed."""

from django.db import migrations

from zikao.foundation.ledger.append_only import append_only

TABLES = (
    "marking_keysignature",
    "marking_reading",
    "marking_doubtruling",
    "marking_cardruling",
    "marking_mark",
    "marking_questionscore",
    "marking_objectivescore",
    "marking_total",
)


class Migration(migrations.Migration):
    dependencies = [("marking", "0001_initial")]

    operations = [append_only(table) for table in TABLES]
