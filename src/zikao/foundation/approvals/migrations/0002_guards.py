"""The database holds approvals to the law, whoever writes.

The functions name their tables in full and pin the search path, so that nothing in front of them is taken for these
tables; the triggers fire for every role, whatever session_replication_role says. Time is held twice: by the instants
that the rows state, and by the server's own clock since the row was written, which nobody can state.
"""

from django.db import migrations

from zikao.foundation.ledger.append_only import append_only

APPROVAL = """
ALTER TABLE approvals_approval ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT clock_timestamp();
ALTER TABLE approvals_approval ADD COLUMN opened_xid xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION approvals_guard_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    missing integer;
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'approvals: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.recorded_at := clock_timestamp();
        NEW.opened_xid := pg_current_xact_id();
        IF NEW.state <> 'open' OR NEW.closed_at IS NOT NULL THEN
            RAISE EXCEPTION 'approvals: an approval begins open' USING ERRCODE = 'check_violation';
        END IF;
        IF octet_length(NEW.digest) <> 32 THEN
            RAISE EXCEPTION 'approvals: a digest has 32 bytes' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - ARRAY['state', 'closed_at', 'closing_reason']
       IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'closed_at', 'closing_reason'] THEN
        RAISE EXCEPTION 'approvals: what was proposed is not edited' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'open' OR NEW.state = 'open' THEN
        RAISE EXCEPTION 'approvals: a closed approval stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'approved' THEN
        SELECT count(*) INTO missing FROM public.approvals_step step
         WHERE step.approval_id = NEW.id
           AND step.how_many > (SELECT count(*) FROM public.approvals_signature s
                                 WHERE s.step_id = step.id AND s.verdict = 'agreed');
        IF missing > 0 OR NOT EXISTS (SELECT 1 FROM public.approvals_step step WHERE step.approval_id = NEW.id) THEN
            RAISE EXCEPTION 'approvals: % steps are not signed', missing USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state = 'refused' AND NOT EXISTS (SELECT 1 FROM public.approvals_signature s
                                              WHERE s.approval_id = NEW.id AND s.verdict = 'refused') THEN
        RAISE EXCEPTION 'approvals: nobody has refused' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_approval_guard BEFORE INSERT OR UPDATE OR DELETE ON approvals_approval
    FOR EACH ROW EXECUTE FUNCTION approvals_guard_approval();
CREATE TRIGGER approvals_approval_no_truncate BEFORE TRUNCATE ON approvals_approval
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_guard_approval();
ALTER TABLE approvals_approval ENABLE ALWAYS TRIGGER approvals_approval_guard;
ALTER TABLE approvals_approval ENABLE ALWAYS TRIGGER approvals_approval_no_truncate;
"""

STEP = """
CREATE FUNCTION approvals_guard_step() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.approvals_approval a
                    WHERE a.id = NEW.approval_id AND a.state = 'open' AND a.opened_xid = pg_current_xact_id())
       OR EXISTS (SELECT 1 FROM public.approvals_signature s WHERE s.approval_id = NEW.approval_id) THEN
        RAISE EXCEPTION 'approvals: steps are written with their approval' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_step_guard BEFORE INSERT ON approvals_step
    FOR EACH ROW EXECUTE FUNCTION approvals_guard_step();
ALTER TABLE approvals_step ENABLE ALWAYS TRIGGER approvals_step_guard;
"""

SIGNATURE = """
CREATE FUNCTION approvals_guard_signature() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    approval public.approvals_approval;
    step public.approvals_step;
    post text; agency text; signed_day date;
BEGIN
    SELECT * INTO approval FROM public.approvals_approval a WHERE a.id = NEW.approval_id FOR UPDATE;
    SELECT * INTO step FROM public.approvals_step s WHERE s.id = NEW.step_id;
    signed_day := (NEW.signed_at AT TIME ZONE 'Asia/Shanghai')::date;
    IF approval.state IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'approvals: closed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.signed_at < approval.proposed_at OR NEW.signed_at >= approval.expires_at
       OR clock_timestamp() - approval.recorded_at >= approval.expires_at - approval.proposed_at THEN
        RAISE EXCEPTION 'approvals: out of time' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.digest IS DISTINCT FROM approval.digest THEN
        RAISE EXCEPTION 'approvals: another digest' USING ERRCODE = 'check_violation';
    END IF;
    IF step.approval_id IS DISTINCT FROM NEW.approval_id THEN
        RAISE EXCEPTION 'approvals: a step of another approval' USING ERRCODE = 'check_violation';
    END IF;
    IF approval.proposed_by_id IN (NEW.account_id, NEW.on_behalf_of_id) THEN
        RAISE EXCEPTION 'approvals: who proposed does not sign' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM public.approvals_signature s WHERE s.approval_id = NEW.approval_id
                AND (s.account_id IN (NEW.account_id, NEW.on_behalf_of_id)
                     OR s.on_behalf_of_id IN (NEW.account_id, NEW.on_behalf_of_id))) THEN
        RAISE EXCEPTION 'approvals: signed already' USING ERRCODE = 'unique_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM public.approvals_step earlier
                WHERE earlier.approval_id = NEW.approval_id AND earlier."order" < step."order"
                  AND earlier.how_many > (SELECT count(*) FROM public.approvals_signature s
                                           WHERE s.step_id = earlier.id AND s.verdict = 'agreed')) THEN
        RAISE EXCEPTION 'approvals: out of order' USING ERRCODE = 'check_violation';
    END IF;
    IF step.how_many <= (SELECT count(*) FROM public.approvals_signature s
                          WHERE s.step_id = step.id AND s.verdict = 'agreed') THEN
        RAISE EXCEPTION 'approvals: the step is full' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT (NEW.post || '@' || NEW.agency_code) = ANY (step.signers) THEN
        RAISE EXCEPTION 'approvals: not a signer of this step' USING ERRCODE = 'check_violation';
    END IF;
    IF step.another_post AND EXISTS (SELECT 1 FROM public.approvals_signature s
                                      WHERE s.step_id = step.id AND s.post = NEW.post) THEN
        RAISE EXCEPTION 'approvals: the post has signed this step' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.verdict = 'agreed' AND NEW.seal IS DISTINCT FROM step.seal THEN
        RAISE EXCEPTION 'approvals: another seal' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.delegation_id IS NOT NULL THEN
        SELECT principal.post, principal.agency_code INTO post, agency
          FROM public.approvals_delegation d JOIN public.access_appointment principal ON principal.id = d.principal_id
         WHERE d.id = NEW.delegation_id AND step.delegable AND d.chain = approval.chain
           AND d.delegate_id = NEW.account_id AND principal.account_id = NEW.on_behalf_of_id
           AND signed_day >= d.since_on AND signed_day < d.until_on
           AND signed_day >= principal.since_on AND (principal.until_on IS NULL OR signed_day < principal.until_on);
        IF NOT FOUND OR post <> NEW.post OR agency <> NEW.agency_code THEN
            RAISE EXCEPTION 'approvals: no such delegation' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public.access_appointment own
                     JOIN public.access_account who ON who.id = own.account_id AND who.is_active
                    WHERE own.id = NEW.appointment_id AND own.account_id = NEW.account_id
                      AND signed_day >= own.since_on AND (own.until_on IS NULL OR signed_day < own.until_on)
                      AND (NEW.delegation_id IS NOT NULL
                           OR (own.post = NEW.post AND own.agency_code = NEW.agency_code))) THEN
        RAISE EXCEPTION 'approvals: not appointed' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM public.access_proof proof
                    WHERE proof.id = NEW.proof_id AND proof.account_id = NEW.account_id
                      AND proof.purpose = 'approvals.sign' AND proof.used_at = NEW.signed_at
                      AND proof.used_for = 'approvals.approval:' || NEW.approval_id) THEN
        RAISE EXCEPTION 'approvals: no proof of who signs' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_signature_guard BEFORE INSERT ON approvals_signature
    FOR EACH ROW EXECUTE FUNCTION approvals_guard_signature();
ALTER TABLE approvals_signature ENABLE ALWAYS TRIGGER approvals_signature_guard;
"""

DELEGATION = """
CREATE FUNCTION approvals_guard_delegation() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR to_jsonb(NEW) - 'until_on' IS DISTINCT FROM to_jsonb(OLD) - 'until_on'
       OR NEW.until_on > OLD.until_on THEN
        RAISE EXCEPTION 'approvals: a delegation is only ended earlier' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approvals_delegation_guard BEFORE UPDATE OR DELETE ON approvals_delegation
    FOR EACH ROW EXECUTE FUNCTION approvals_guard_delegation();
CREATE TRIGGER approvals_delegation_no_truncate BEFORE TRUNCATE ON approvals_delegation
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_guard_delegation();
ALTER TABLE approvals_delegation ENABLE ALWAYS TRIGGER approvals_delegation_guard;
ALTER TABLE approvals_delegation ENABLE ALWAYS TRIGGER approvals_delegation_no_truncate;
"""

UNDO = """
DROP TRIGGER approvals_approval_guard ON approvals_approval;
DROP TRIGGER approvals_approval_no_truncate ON approvals_approval;
DROP TRIGGER approvals_step_guard ON approvals_step;
DROP TRIGGER approvals_signature_guard ON approvals_signature;
DROP TRIGGER approvals_delegation_guard ON approvals_delegation;
DROP TRIGGER approvals_delegation_no_truncate ON approvals_delegation;
DROP FUNCTION approvals_guard_approval();
DROP FUNCTION approvals_guard_step();
DROP FUNCTION approvals_guard_signature();
DROP FUNCTION approvals_guard_delegation();
ALTER TABLE approvals_approval DROP COLUMN recorded_at, DROP COLUMN opened_xid;
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("access", "0003_proofs_used_once"), ("ledger", "0002_append_only")]
    operations = [
        migrations.RunSQL(APPROVAL + STEP + SIGNATURE + DELEGATION, UNDO),
        append_only("approvals_step"),
        append_only("approvals_signature"),
        append_only("approvals_jointreview"),
    ]
