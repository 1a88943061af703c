"""A stored file is sealed anew when the data key is rotated: its row may then name the new key, and nothing else."""

from django.conf import settings
from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION storage_only_key_changes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF to_jsonb(OLD) - 'key_id' IS DISTINCT FROM to_jsonb(NEW) - 'key_id' THEN
        RAISE EXCEPTION 'append-only: only key_id of % may change', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER storage_storedfile_refuse_row ON storage_storedfile;
DROP TRIGGER storage_storedfile_refuse ON storage_storedfile;
CREATE TRIGGER storage_storedfile_refuse_row BEFORE DELETE ON storage_storedfile
    FOR EACH ROW EXECUTE FUNCTION zikao_refuse_change();
CREATE TRIGGER storage_storedfile_refuse BEFORE DELETE OR TRUNCATE ON storage_storedfile
    FOR EACH STATEMENT EXECUTE FUNCTION zikao_refuse_change();
CREATE TRIGGER storage_storedfile_key_only BEFORE UPDATE ON storage_storedfile
    FOR EACH ROW EXECUTE FUNCTION storage_only_key_changes();
ALTER TABLE storage_storedfile ENABLE ALWAYS TRIGGER storage_storedfile_refuse_row;
ALTER TABLE storage_storedfile ENABLE ALWAYS TRIGGER storage_storedfile_refuse;
ALTER TABLE storage_storedfile ENABLE ALWAYS TRIGGER storage_storedfile_key_only;
"""


def grant(apps, schema_editor):
    role = schema_editor.connection.ops.quote_name(settings.ZIKAO_APP_ROLE)
    schema_editor.execute(f"GRANT UPDATE (key_id) ON storage_storedfile TO {role}")


class Migration(migrations.Migration):
    dependencies = [("storage", "0002_append_only")]
    operations = [
        migrations.RunSQL(GUARD, "DROP TRIGGER storage_storedfile_key_only ON storage_storedfile"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
