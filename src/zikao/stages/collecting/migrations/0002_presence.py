"""Who is present, held while somebody acts; and what the database refuses whoever asks (SR-A1.4, SR-A1.5)."""

from django.db import migrations

# A volatile function: each of its statements looks anew, so who left while the session was waited for does not count.
_HERE = """
CREATE FUNCTION public.collecting_here(who bigint, day date, posts text[], most integer, hold boolean)
RETURNS TABLE (session_id bigint, held_in bigint, doing text, present integer)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE at_place bigint;
BEGIN
    SELECT presence.session_id INTO at_place FROM public.collecting_presence presence
     WHERE presence.account_id = who AND presence.left_at IS NULL;
    IF at_place IS NULL THEN RETURN; END IF;
    IF hold THEN
        PERFORM 1 FROM public.collecting_session session WHERE session.id = at_place FOR SHARE;
    END IF;
    RETURN QUERY
    SELECT session.id, session.round_id, session.work::text, (
               SELECT count(*)::integer FROM (
                   SELECT 1 FROM public.collecting_presence presence
                     JOIN public.collecting_worker worker ON worker.id = presence.worker_id
                    WHERE presence.session_id = session.id AND presence.left_at IS NULL AND worker.state = 'pledged'
                      AND EXISTS (SELECT 1 FROM public.access_appointment held
                                    JOIN public.access_account account ON account.id = held.account_id
                                   WHERE held.account_id = presence.account_id AND account.is_active
                                     AND held.post = ANY(posts) AND held.since_on <= day
                                     AND (held.until_on IS NULL OR held.until_on > day))
                    LIMIT most) counted)
      FROM public.collecting_session session
      JOIN public.collecting_presence own
        ON own.session_id = session.id AND own.account_id = who AND own.left_at IS NULL
     WHERE session.id = at_place AND session.ended_at IS NULL;
END $$;
"""
_GUARDS = """
CREATE FUNCTION public.collecting_guard_presence() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM public.collecting_worker worker
           JOIN public.collecting_session session ON session.round_id = worker.round_id
          WHERE worker.id = NEW.worker_id AND worker.account_id = NEW.account_id AND worker.state = 'pledged'
            AND session.id = NEW.session_id AND session.ended_at IS NULL;
        IF FOUND THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'collecting: no pledged worker of a running session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.left_at IS NULL
       AND ROW(NEW.id, NEW.session_id, NEW.worker_id, NEW.account_id, NEW.joined_at)
           IS NOT DISTINCT FROM ROW(OLD.id, OLD.session_id, OLD.worker_id, OLD.account_id, OLD.joined_at)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'collecting: % of a presence is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION public.collecting_guard_session() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL
       AND ROW(NEW.id, NEW.round_id, NEW.work, NEW.number, NEW.place, NEW.camera, NEW.begun_at)
           IS NOT DISTINCT FROM ROW(OLD.id, OLD.round_id, OLD.work, OLD.number, OLD.place, OLD.camera, OLD.begun_at)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'collecting: % of a session is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER collecting_presence_guard BEFORE INSERT OR UPDATE OR DELETE ON public.collecting_presence
    FOR EACH ROW EXECUTE FUNCTION public.collecting_guard_presence();
CREATE TRIGGER collecting_session_guard BEFORE UPDATE OR DELETE ON public.collecting_session
    FOR EACH ROW EXECUTE FUNCTION public.collecting_guard_session();
CREATE TRIGGER collecting_presence_kept BEFORE TRUNCATE ON public.collecting_presence
    FOR EACH STATEMENT EXECUTE FUNCTION public.zikao_refuse_change();
CREATE TRIGGER collecting_session_kept BEFORE TRUNCATE ON public.collecting_session
    FOR EACH STATEMENT EXECUTE FUNCTION public.zikao_refuse_change();
ALTER TABLE public.collecting_presence ENABLE ALWAYS TRIGGER collecting_presence_guard;
ALTER TABLE public.collecting_presence ENABLE ALWAYS TRIGGER collecting_presence_kept;
ALTER TABLE public.collecting_session ENABLE ALWAYS TRIGGER collecting_session_guard;
ALTER TABLE public.collecting_session ENABLE ALWAYS TRIGGER collecting_session_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("collecting", "0001_initial"), ("access", "0001_initial"), ("ledger", "0002_append_only")]

    operations = [migrations.RunSQL(_HERE), migrations.RunSQL(_GUARDS)]
