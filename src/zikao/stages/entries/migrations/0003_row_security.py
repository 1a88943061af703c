"""An entry is shown to the candidate's county, to the area where they sit, and to themselves (EA-5.1, EA-47).

Who sits in an area is known there: its staff see name and number of candidates of other counties, too, for reading.
The function asks past row security, so that neither policy asks the other; it answers yes or no.
"""

from django.db import migrations

from zikao.foundation.commands.row_security import also_shown, row_security

SITS_HERE = """
CREATE FUNCTION public.zikao_sits_here(candidate bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE COST 20 SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM public.entries_entry
        WHERE candidate_id = candidate AND area_code >= public.zikao_lo() AND area_code < public.zikao_hi()
    );
END;
GRANT EXECUTE ON FUNCTION public.zikao_sits_here(bigint) TO PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("entries", "0002_frozen"), ("candidates", "0003_row_security")]
    operations = [
        row_security("entries_entry", own="candidate_id = {candidate}"),
        also_shown("entries_entry", "area", "{place} AND {within:area_code}"),
        row_security("entries_payment", through=("candidates_candidate", "candidate_id")),
        migrations.RunSQL(SITS_HERE, "DROP FUNCTION public.zikao_sits_here(bigint)"),
        also_shown("candidates_candidate", "sitting", "{place} AND public.zikao_sits_here(id)"),
    ]
