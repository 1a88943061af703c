"""The counter's rows leave room for updates in place; the integrity file takes no change."""

from django.db import migrations

COUNTER = "ALTER TABLE candidates_admissioncounter SET (fillfactor = 20)"
GUARD = """
CREATE FUNCTION candidates_integrity_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the integrity file is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER integrity_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON candidates_integrityentry
    FOR EACH STATEMENT EXECUTE FUNCTION candidates_integrity_append_only();
ALTER TABLE candidates_integrityentry ENABLE ALWAYS TRIGGER integrity_append_only;
"""
UNGUARD = """
DROP TRIGGER integrity_append_only ON candidates_integrityentry;
DROP FUNCTION candidates_integrity_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0001_initial")]
    operations = [
        migrations.RunSQL(COUNTER, "ALTER TABLE candidates_admissioncounter RESET (fillfactor)"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
