"""What was asked for and what left never changes: a wider filter, another number, a second collection are refused."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION exports_keep_export() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'exports: an export is never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (to_jsonb(NEW) - 'state' - 'refused_reason' - 'approved_at' - 'work_id' - 'made_at' - 'made_rows' - 'expires_at')
       IS DISTINCT FROM
       (to_jsonb(OLD) - 'state' - 'refused_reason' - 'approved_at' - 'work_id' - 'made_at' - 'made_rows' - 'expires_at')
       OR (OLD.made_at IS NOT NULL AND (NEW.made_at, NEW.made_rows, NEW.expires_at)
           IS DISTINCT FROM (OLD.made_at, OLD.made_rows, OLD.expires_at)) THEN
        RAISE EXCEPTION 'exports: what was asked for does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION exports_keep_copy() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.collected_at IS NOT NULL
       OR (to_jsonb(NEW) - 'collected_at' - 'collected_by') IS DISTINCT FROM
          (to_jsonb(OLD) - 'collected_at' - 'collected_by') THEN
        RAISE EXCEPTION 'exports: a copy that was made or collected does not change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exports_export_kept BEFORE UPDATE OR DELETE ON exports_export
    FOR EACH ROW EXECUTE FUNCTION exports_keep_export();
CREATE TRIGGER exports_copy_kept BEFORE UPDATE OR DELETE ON exports_exportcopy
    FOR EACH ROW EXECUTE FUNCTION exports_keep_copy();
ALTER TABLE exports_export ENABLE ALWAYS TRIGGER exports_export_kept;
ALTER TABLE exports_exportcopy ENABLE ALWAYS TRIGGER exports_copy_kept;
"""
BACKWARD = """
DROP TRIGGER exports_export_kept ON exports_export;
DROP TRIGGER exports_copy_kept ON exports_exportcopy;
DROP FUNCTION exports_keep_export();
DROP FUNCTION exports_keep_copy();
"""


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
