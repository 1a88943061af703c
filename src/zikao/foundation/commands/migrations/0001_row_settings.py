"""What the policies of row security ask: the three settings of the connection. Empty is nothing, all is said outright.

The `zikao_plan_*` functions call themselves IMMUTABLE, which they are not: so the planner puts in what the settings are
while it plans, and a range is an index condition with a true estimate. A plan that is kept beyond its settings shows
nothing: every policy asks `zikao_as_planned` when it runs.

Every row lies below the node's own agency, `zikao_root`: tables under row security check it. So whoever sees the whole
node sees every row, and the planner knows it (`zikao_plan_root`) instead of comparing row by row.
"""

from django.conf import settings
from django.db import migrations

FUNCTIONS = f"""
CREATE FUNCTION public.zikao_root() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '{settings.ZIKAO_NODE_CODE}';
CREATE FUNCTION public.zikao_all_rows() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('zikao.lo', true) = '*' AND current_setting('zikao.hi', true) = '*', false);
CREATE FUNCTION public.zikao_lo() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN public.zikao_all_rows() THEN '' ELSE nullif(current_setting('zikao.lo', true), '') END;
CREATE FUNCTION public.zikao_hi() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN public.zikao_all_rows() THEN U&'\\+10FFFF' ELSE nullif(current_setting('zikao.hi', true), '')
    END;
CREATE FUNCTION public.zikao_candidate() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN substring(current_setting('zikao.candidate', true) FROM '^[0-9]{{1,18}}$')::bigint;
CREATE FUNCTION public.zikao_told() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ARRAY[coalesce(current_setting('zikao.lo', true), ''), coalesce(current_setting('zikao.hi', true), ''),
        coalesce(current_setting('zikao.candidate', true), '')];
GRANT EXECUTE ON FUNCTION public.zikao_lo(), public.zikao_hi(), public.zikao_all_rows(), public.zikao_candidate(),
    public.zikao_told(), public.zikao_root() TO PUBLIC;
"""
NONE = """
DROP FUNCTION public.zikao_lo(), public.zikao_hi(), public.zikao_candidate(), public.zikao_all_rows(),
    public.zikao_told(), public.zikao_root();
"""
WHEN_PLANNED = """
CREATE FUNCTION public.zikao_plan_told() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN public.zikao_told();
CREATE FUNCTION public.zikao_as_planned(planned text[]) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN planned = public.zikao_told() THEN true END;
CREATE FUNCTION public.zikao_plan_lo() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN public.zikao_lo();
CREATE FUNCTION public.zikao_plan_hi() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN public.zikao_hi();
CREATE FUNCTION public.zikao_plan_root() RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(public.zikao_all_rows() OR public.zikao_lo() = public.zikao_root()
        AND public.zikao_hi() = left(public.zikao_root(), -1) || chr(ascii(right(public.zikao_root(), 1)) + 1), false);
CREATE FUNCTION public.zikao_plan_candidate() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN public.zikao_candidate();
CREATE FUNCTION public.zikao_plan_below() RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN public.zikao_candidate() IS NOT NULL
        OR coalesce(current_setting('zikao.lo', true) !~ '^(|[*]|[0-9]{2})$', false);
CREATE FUNCTION public.zikao_plan_place() RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(current_setting('zikao.lo', true) !~ '^(|[*]|[0-9]{2}|[0-9]{6})$', false);
GRANT EXECUTE ON FUNCTION public.zikao_plan_told(), public.zikao_as_planned(text[]), public.zikao_plan_lo(),
    public.zikao_plan_hi(), public.zikao_plan_root(), public.zikao_plan_candidate(), public.zikao_plan_below(),
    public.zikao_plan_place() TO PUBLIC;
"""
NOT_PLANNED = """
DROP FUNCTION public.zikao_plan_told(), public.zikao_as_planned(text[]), public.zikao_plan_lo(),
    public.zikao_plan_hi(), public.zikao_plan_root(), public.zikao_plan_candidate(), public.zikao_plan_below(),
    public.zikao_plan_place();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(FUNCTIONS, NONE), migrations.RunSQL(WHEN_PLANNED, NOT_PLANNED)]
