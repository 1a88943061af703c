"""A signed room record and the attendance in it change no more (EA-A5.6): whoever signed answers for what was signed."""

from django.db import migrations

GUARD = """
CREATE FUNCTION conduct_keep_signed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_TABLE_NAME = 'conduct_roomsession' THEN
        IF OLD.state = 'signed' THEN
            RAISE EXCEPTION 'a signed room record does not change' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF EXISTS (SELECT FROM conduct_roomsession WHERE id = OLD.session_id AND state = 'signed') THEN
        RAISE EXCEPTION 'attendance in a signed room does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER conduct_keep_signed BEFORE UPDATE OR DELETE ON conduct_roomsession
    FOR EACH ROW EXECUTE FUNCTION conduct_keep_signed();
CREATE TRIGGER conduct_keep_signed BEFORE UPDATE OR DELETE ON conduct_attendance
    FOR EACH ROW EXECUTE FUNCTION conduct_keep_signed();
ALTER TABLE conduct_roomsession ENABLE ALWAYS TRIGGER conduct_keep_signed;
ALTER TABLE conduct_attendance ENABLE ALWAYS TRIGGER conduct_keep_signed;
"""
UNGUARD = """
DROP TRIGGER conduct_keep_signed ON conduct_attendance;
DROP TRIGGER conduct_keep_signed ON conduct_roomsession;
DROP FUNCTION conduct_keep_signed();
"""


class Migration(migrations.Migration):
    dependencies = [("conduct", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
