"""What the policies of row security ask: the three settings of the connection. Empty is nothing, all is said outright."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION public.zikao_all_rows() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('zikao.lo', true) = '*' AND current_setting('zikao.hi', true) = '*', false);
CREATE FUNCTION public.zikao_lo() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN public.zikao_all_rows() THEN '' ELSE nullif(current_setting('zikao.lo', true), '') END;
CREATE FUNCTION public.zikao_hi() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN public.zikao_all_rows() THEN U&'\\+10FFFF' ELSE nullif(current_setting('zikao.hi', true), '')
    END;
CREATE FUNCTION public.zikao_candidate() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN substring(current_setting('zikao.candidate', true) FROM '^[0-9]{1,18}$')::bigint;
GRANT EXECUTE ON FUNCTION public.zikao_lo(), public.zikao_hi(), public.zikao_all_rows(), public.zikao_candidate()
    TO PUBLIC;
"""
NONE = "DROP FUNCTION public.zikao_lo(), public.zikao_hi(), public.zikao_candidate(), public.zikao_all_rows()"


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(FUNCTIONS, NONE)]
