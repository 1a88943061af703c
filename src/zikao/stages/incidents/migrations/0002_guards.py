"""Reports, steps and calls are only added; an incident's head stands; rows are shown by range (EA-30.2, EA-5.1)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security
from zikao.foundation.ledger.append_only import append_only

GUARD = """
CREATE FUNCTION public.incidents_keep_head() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND (NEW.is_major OR NOT OLD.is_major)
       AND to_jsonb(NEW) - '{state,is_major,ended_at}'::text[] = to_jsonb(OLD) - '{state,is_major,ended_at}'::text[]
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'incidents: % of an incident is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER incidents_keep_head BEFORE UPDATE OR DELETE ON public.incidents_incident
    FOR EACH ROW EXECUTE FUNCTION public.incidents_keep_head();
CREATE TRIGGER incidents_keep_all BEFORE TRUNCATE ON public.incidents_incident
    FOR EACH STATEMENT EXECUTE FUNCTION public.zikao_refuse_change();
ALTER TABLE public.incidents_incident ENABLE ALWAYS TRIGGER incidents_keep_head;
ALTER TABLE public.incidents_incident ENABLE ALWAYS TRIGGER incidents_keep_all;
"""
UNGUARD = """
DROP TRIGGER incidents_keep_all ON public.incidents_incident;
DROP TRIGGER incidents_keep_head ON public.incidents_incident;
DROP FUNCTION public.incidents_keep_head();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_initial"),
        ("ledger", "0002_append_only"),
        ("commands", "0001_row_settings"),
    ]
    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        append_only("incidents_report"),
        append_only("incidents_reportfile"),
        append_only("incidents_step"),
        append_only("incidents_told"),
        append_only("incidents_call"),
        row_security("incidents_incident"),
        row_security("incidents_report", through=("incidents_incident", "incident_id")),
        row_security("incidents_reportfile", through=("incidents_report", "report_id")),
        row_security("incidents_step", through=("incidents_report", "report_id")),
        row_security("incidents_told", through=("incidents_incident", "incident_id")),
        row_security("incidents_call", through=("incidents_told", "told_id")),
    ]
