"""Cards, readings, scripts, marks and totals are shown in the subtree they belong to only (EA-5.1, EA-47)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security


class Migration(migrations.Migration):
    dependencies = [("marking", "0003_kept"), ("commands", "0001_row_settings")]
    operations = [
        row_security("marking_scanbatch"),
        row_security("marking_card"),
        row_security("marking_reading"),
        row_security("marking_doubt"),
        row_security("marking_doubtruling"),
        row_security("marking_cardruling"),
        row_security("marking_script"),
        row_security("marking_markingtask"),
        row_security("marking_mark"),
        row_security("marking_questionscore"),
        row_security("marking_objectivescore"),
        row_security("marking_total"),
    ]
