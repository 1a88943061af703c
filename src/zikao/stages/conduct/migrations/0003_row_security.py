"""Who came is shown where they sat, and to whoever sees their seat (EA-5.1, EA-47); the guard looks at all rooms."""

from django.db import migrations

from zikao.foundation.commands.row_security import also_shown, row_security

SEE_ALL = "ALTER FUNCTION conduct_keep_signed() SECURITY DEFINER"
AS_BEFORE = "ALTER FUNCTION conduct_keep_signed() SECURITY INVOKER"


class Migration(migrations.Migration):
    dependencies = [("conduct", "0002_guards"), ("seating", "0003_row_security")]
    operations = [
        row_security("conduct_roomsession"),
        row_security("conduct_attendance"),
        also_shown(
            "conduct_attendance",
            "seat",
            "{below} AND EXISTS (SELECT FROM seating_seat s WHERE s.id = conduct_attendance.seat_id)",
        ),
        migrations.RunSQL(SEE_ALL, AS_BEFORE),
    ]
