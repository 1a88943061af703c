"""What the provinces reported, and whom of the ministry's group was told, is only added (EA-30.2)."""

from django.db import migrations

from zikao.foundation.ledger.append_only import append_only

GUARD = """
CREATE FUNCTION public.national_keep_incident() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'national: % of an incident is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER national_keep_incident BEFORE UPDATE OR DELETE ON public.national_reportedincident
    FOR EACH ROW EXECUTE FUNCTION public.national_keep_incident();
CREATE TRIGGER national_keep_incidents BEFORE TRUNCATE ON public.national_reportedincident
    FOR EACH STATEMENT EXECUTE FUNCTION public.zikao_refuse_change();
ALTER TABLE public.national_reportedincident ENABLE ALWAYS TRIGGER national_keep_incident;
ALTER TABLE public.national_reportedincident ENABLE ALWAYS TRIGGER national_keep_incidents;
"""
UNGUARD = """
DROP TRIGGER national_keep_incidents ON public.national_reportedincident;
DROP TRIGGER national_keep_incident ON public.national_reportedincident;
DROP FUNCTION public.national_keep_incident();
"""


class Migration(migrations.Migration):
    dependencies = [("national", "0002_incidents"), ("ledger", "0002_append_only")]
    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        append_only("national_incidentreport"),
        append_only("national_incidentstep"),
        append_only("national_incidenttold"),
        append_only("national_incidentcall"),
    ]
