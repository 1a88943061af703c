"""A seat is shown where it stands, and to whoever sees its entry: the candidate and their county (EA-5.1, EA-47).

Who sits at a site is known there, whichever county they are of: entry and candidate are shown to it for reading. The
guards of seats look at all of them, whoever acts.
"""

from django.db import migrations

from zikao.foundation.commands.row_security import also_shown, row_security

SEE_ALL = """
ALTER FUNCTION seating_check_new() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION seating_keep_room() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
"""
SITS_HERE = """
CREATE FUNCTION public.zikao_seat_here(entry bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 20 SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM public.seating_seat
        WHERE entry_id = entry AND agency_code >= public.zikao_lo() AND agency_code < public.zikao_hi()
    );
END;
CREATE OR REPLACE FUNCTION public.zikao_sits_here(candidate bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 20 SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM public.entries_entry e LEFT JOIN public.seating_seat s ON s.entry_id = e.id
        WHERE e.candidate_id = candidate
            AND (e.area_code >= public.zikao_lo() AND e.area_code < public.zikao_hi()
                OR s.agency_code >= public.zikao_lo() AND s.agency_code < public.zikao_hi())
    );
END;
GRANT EXECUTE ON FUNCTION public.zikao_seat_here(bigint) TO PUBLIC;
"""
BY_AREA = """
CREATE OR REPLACE FUNCTION public.zikao_sits_here(candidate bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 20 SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM public.entries_entry
        WHERE candidate_id = candidate AND area_code >= public.zikao_lo() AND area_code < public.zikao_hi()
    );
END;
DROP FUNCTION public.zikao_seat_here(bigint);
"""
AS_BEFORE = """
ALTER FUNCTION seating_check_new() SECURITY INVOKER RESET ALL;
ALTER FUNCTION seating_keep_room() SECURITY INVOKER RESET ALL;
"""


class Migration(migrations.Migration):
    dependencies = [("seating", "0002_guards"), ("entries", "0003_row_security")]
    operations = [
        row_security("seating_seat"),
        also_shown(
            "seating_seat",
            "entry",
            "{below} AND EXISTS (SELECT FROM entries_entry e WHERE e.id = seating_seat.entry_id)",
        ),
        migrations.RunSQL(SITS_HERE, BY_AREA),
        also_shown("entries_entry", "seat", "{place} AND public.zikao_seat_here(id)"),
        migrations.RunSQL(SEE_ALL, AS_BEFORE),
    ]
