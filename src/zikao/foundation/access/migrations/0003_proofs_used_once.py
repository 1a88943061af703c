"""A proof is made unused, is used once, and is never made fresh again."""

from django.db import migrations

GUARD = """
CREATE FUNCTION access_guard_proof() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.used_at IS NOT NULL THEN
            RAISE EXCEPTION 'access: a proof begins unused' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE' OR OLD.used_at IS NOT NULL
       OR to_jsonb(NEW) - ARRAY['used_at', 'used_for'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['used_at', 'used_for'] THEN
        RAISE EXCEPTION 'access: a proof is used once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_proof_guard BEFORE INSERT OR UPDATE OR DELETE ON access_proof
    FOR EACH ROW EXECUTE FUNCTION access_guard_proof();
ALTER TABLE access_proof ENABLE ALWAYS TRIGGER access_proof_guard;
"""
UNGUARD = "DROP TRIGGER access_proof_guard ON access_proof; DROP FUNCTION access_guard_proof();"


class Migration(migrations.Migration):
    dependencies = [("access", "0002_administrators_apart")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
