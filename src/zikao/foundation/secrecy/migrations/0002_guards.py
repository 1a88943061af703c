"""A class is lowered by the publication of its sitting's results and by nothing else; what was seen stays written."""

from django.db import migrations

from zikao.foundation.ledger.append_only import append_only

# The table of publications belongs to a later stage: it is asked by its name, and while it is not there nothing is
# published. plpgsql, because the name must not be resolved when the function is made.
PUBLISHED = """
CREATE FUNCTION secrecy_is_published(sitting text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE found boolean := false;
BEGIN
    IF to_regclass('public.results_publication') IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE 'SELECT EXISTS (SELECT FROM results_publication p JOIN programmes_sitting s ON s.id = p.sitting_id'
            ' WHERE s.code = $1 AND p.state = ''published'')' INTO found USING sitting;
    RETURN found;
END $$;
"""
GUARD = """
CREATE FUNCTION secrecy_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.lowered_at IS NOT NULL THEN
            RAISE EXCEPTION 'secrecy: a matter begins secret' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE'
       AND OLD.lowered_at IS NULL AND NEW.lowered_at IS NOT NULL
       AND to_jsonb(OLD) - '{lowered_at,lowered_by,lowered_by_account}'::text[]
         = to_jsonb(NEW) - '{lowered_at,lowered_by,lowered_by_account}'::text[]
       AND secrecy_is_published(OLD.sitting_code) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'secrecy: % refused, a class is lowered by publication only', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER secrecy_secret_guard BEFORE INSERT OR UPDATE OR DELETE ON secrecy_secret
    FOR EACH ROW EXECUTE FUNCTION secrecy_guard();
CREATE TRIGGER secrecy_secret_kept BEFORE TRUNCATE ON secrecy_secret
    FOR EACH STATEMENT EXECUTE FUNCTION zikao_refuse_change();
ALTER TABLE secrecy_secret ENABLE ALWAYS TRIGGER secrecy_secret_guard;
ALTER TABLE secrecy_secret ENABLE ALWAYS TRIGGER secrecy_secret_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("secrecy", "0001_initial"), ("ledger", "0002_append_only")]
    operations = [
        append_only("secrecy_secretaccess"),
        append_only("secrecy_reveal"),
        migrations.RunSQL(PUBLISHED, "DROP FUNCTION secrecy_is_published(text)"),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER secrecy_secret_guard ON secrecy_secret; DROP TRIGGER secrecy_secret_kept ON secrecy_secret;"
            " DROP FUNCTION secrecy_guard()",
        ),
    ]
