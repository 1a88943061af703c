"""What was public of a timetable stays as it was: an edition is only added."""

from django.db import migrations

from zikao.foundation.ledger.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_timetable_corrections"), ("ledger", "0002_append_only")]
    operations = [append_only("programmes_timetableedition")]
