"""Whether a person is registered or suspended anywhere in the node, asked past row security by one statement (EA-14, EA-12.3).

The function answers only who holds one of the keyed indexes it is given: the number, where it was given, and until when
the person is suspended.
"""

from django.db import migrations

KNOWN = """
CREATE FUNCTION public.zikao_known_person(indexes bytea[], on_day date)
RETURNS TABLE (admission_number text, agency_code text, suspended_until date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT k.admission_number, k.agency_code,
        (SELECT max(until_on) FROM public.candidates_suspension
         WHERE id_number_index = ANY(indexes) AND since_on <= on_day AND until_on > on_day)
    FROM (SELECT 1) AS one LEFT JOIN public.candidates_candidate k ON k.id_number_index = ANY(indexes) LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION public.zikao_known_person(bytea[], date) TO PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("candidates", "0008_measured_portraits")]
    operations = [migrations.RunSQL(KNOWN, "DROP FUNCTION public.zikao_known_person(bytea[], date)")]
