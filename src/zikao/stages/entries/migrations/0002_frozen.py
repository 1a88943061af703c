"""Once a sitting's list is frozen, the database itself refuses to change its entries."""

from django.db import migrations

GUARD = """
CREATE FUNCTION entries_list_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM touched t JOIN entries_entrylist l ON l.sitting_id = t.sitting_id) THEN
        RAISE EXCEPTION 'the entry list of this sitting is frozen' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_frozen_insert AFTER INSERT ON entries_entry
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION entries_list_frozen();
CREATE TRIGGER entries_frozen_update AFTER UPDATE ON entries_entry
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION entries_list_frozen();
CREATE TRIGGER entries_frozen_delete AFTER DELETE ON entries_entry
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION entries_list_frozen();
"""
UNGUARD = """
DROP TRIGGER entries_frozen_insert ON entries_entry;
DROP TRIGGER entries_frozen_update ON entries_entry;
DROP TRIGGER entries_frozen_delete ON entries_entry;
DROP FUNCTION entries_list_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("entries", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
